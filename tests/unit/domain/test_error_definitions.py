"""`camunda:errorEventDefinition`: a report of a worker that becomes a BPMN error (BPMN page §3, REST contract §6.2)."""

from __future__ import annotations

import pytest

from domain.commands import TaskCommand
from domain.elements import ProcessDefinition
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ErrorThrown,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    IncidentDeleted,
    IncidentResolved,
    ProcessInstanceEnded,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import bpmn_error, complete, fail, set_retries, task_id
from tests.unit.domain.given import GHOST, INSTANCE, NOW, Refused, of_instance, of_task, transient, values, working
from tests.unit.domain.models import Xml, catches_error, definition, error_definition, extensions, external, mapping, node


def errors(*definitions: Xml, caught: bool = True) -> ProcessDefinition:
    """A task with error definitions, and an event that catches their errors."""
    events = [catches_error("caught", "a")] if caught else []
    return definition("start > a > b", external("a", extensions(*definitions)), *events)


def test_a_completion_becomes_an_error() -> None:
    instance = working(errors(error_definition("E", "${n > 1}")))

    facts = instance.when(complete(8, n=2))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w", values(n=2))),
        *of_instance(VariablesSet(0, values(n=2))),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ErrorThrown(8, "E", None, "caught"), ElementTerminated(8)),
        *of_instance(ElementActivated(12, "caught", 0), ElementCompleted(12), ProcessInstanceEnded("COMPLETED")),
    ]


def test_a_failure_becomes_an_error_and_nothing_else() -> None:
    instance = working(errors(error_definition("E", "${externalTask.errorMessage == 'no stock'}")))

    facts = instance.when(fail(8, "no stock", retries=0))

    assert facts == [
        *of_task(8, ExternalTaskFailed("w", "no stock")),
        *of_instance(ErrorThrown(8, "E", "no stock", "caught")),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(8)),
        *of_instance(ElementActivated(12, "caught", 0), ElementCompleted(12), ProcessInstanceEnded("COMPLETED")),
    ]
    assert not instance.state.incidents


def test_an_uncaught_error_of_a_completion_ends_the_token() -> None:
    instance = working(errors(error_definition("E", "${true}"), caught=False))

    facts = instance.when(complete(8))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w"), ExternalTaskCancelled()),
        *of_instance(ErrorThrown(8, "E", None, None), ElementCompleted(8), ProcessInstanceEnded("COMPLETED")),
    ]


def test_an_uncaught_error_of_a_failure_ends_the_token_and_its_task() -> None:
    instance = working(errors(error_definition("E", "${true}"), caught=False))

    facts = instance.when(fail(8, retries=3))

    assert facts == [
        *of_task(8, ExternalTaskFailed("w", "boom", None, 3)),
        *of_instance(ErrorThrown(8, "E", "boom", None)),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementCompleted(8), ProcessInstanceEnded("COMPLETED")),
    ]
    assert instance.history.open_tasks == []


@pytest.mark.parametrize("report", [complete(8), fail(8, retries=1)], ids=["complete", "failure"])
def test_the_first_definition_that_holds_counts(report: TaskCommand) -> None:
    definitions = [error_definition("A", "${false}"), error_definition("B", "${true}"), error_definition("C", "${true}")]
    instance = working(errors(*definitions))

    facts = instance.when(report)

    assert [fact.error_code for _, fact in facts if isinstance(fact, ErrorThrown)] == ["B"]


@pytest.mark.parametrize("expression", ["${1}", "${'true'}", "${null}", "true", ""])
@pytest.mark.parametrize("report", [complete(8), fail(8, retries=1)], ids=["complete", "failure"])
def test_what_is_not_true_does_not_hold(expression: str, report: TaskCommand) -> None:
    instance = working(errors(error_definition("E", expression)))

    facts = instance.when(report)

    assert not any(isinstance(fact, ErrorThrown) for _, fact in facts)


def test_an_expression_that_fails_refuses_the_completion() -> None:
    instance = working(errors(error_definition("E", "${ghost}"), error_definition("F", "${true}")))
    (task,) = instance.history.open_tasks

    refusal = instance.refusal(complete(8))

    assert refusal == Refused(ExecutionFailed, GHOST, "ProcessEngineException")
    assert instance.history.open_tasks == [task]


def test_an_expression_that_fails_does_not_hold_for_a_failure() -> None:
    instance = working(errors(error_definition("E", "${ghost}"), error_definition("F", "${true}")))

    facts = instance.when(fail(8, retries=1))

    assert (0, ErrorThrown(8, "F", "boom", "caught")) in facts


@pytest.mark.parametrize("name", ["n", "m", "t"])
def test_a_definition_sees_the_variables_of_the_report(name: str) -> None:
    instance = working(errors(error_definition("E", f"${{{name} == 1}}")))

    facts = instance.when(complete(8, local=values(m=1), n=1, t=transient(1)))

    assert (0, ErrorThrown(8, "E", None, "caught")) in facts


@pytest.mark.parametrize(
    "expression",
    [
        f"${{externalTask.id == '{task_id(8)}'}}",
        "${externalTask.topicName == 'a'}",
        "${externalTask.workerId == 'w'}",
        "${externalTask.getErrorMessage() == 'boom'}",
        "${externalTask.errorDetails == 'trace'}",
        "${externalTask.retries == 4}",
        "${externalTask.priority == 0}",
        "${externalTask.activityId == 'a'}",
        f"${{externalTask.processInstanceId == '{INSTANCE}'}}",
        "${externalTask.executionId == execution.id}",
        "${externalTask.processDefinitionId == 'p:1:d'}",
        "${externalTask.processDefinitionKey == 'p'}",
        "${externalTask.businessKey == null}",
        "${externalTask.tenantId == null}",
        f"${{externalTask.createTime.time == {NOW}}}",
        f"${{externalTask.lockExpirationTime.time == {NOW + 60_000}}}",
    ],
)
def test_a_definition_sees_the_task_with_the_new_error_and_the_old_retries(expression: str) -> None:
    instance = working(errors(error_definition("E", expression)))
    instance.when(set_retries(8, 4))

    facts = instance.when(fail(8, "boom", "trace", retries=2))

    assert (0, ErrorThrown(8, "E", "boom", "caught")) in facts


def test_a_completion_shows_the_error_of_the_failure_before() -> None:
    expression = "${n == 1 && externalTask.errorMessage == 'boom' && externalTask.errorDetails == 'trace'}"
    instance = working(errors(error_definition("E", expression)), n=0)
    instance.when(fail(8, "boom", "trace", retries=1))

    facts = instance.when(complete(8, n=1))

    assert (0, ErrorThrown(8, "E", "boom", "caught")) in facts


def test_the_incident_of_a_task_that_ends_by_an_error_is_deleted() -> None:
    instance = working(errors(error_definition("E", "${n == 1}")), n=0)
    instance.when(fail(8, retries=0))

    facts = instance.when(complete(8, n=1))

    assert [fact for _, fact in facts if isinstance(fact, IncidentDeleted | IncidentResolved)] == [IncidentDeleted(12)]


def test_the_outputs_of_a_task_that_ends_by_an_error_are_mapped_as_for_a_cancelled_one() -> None:
    parameters = mapping(outputs={"r": "${n}"})
    task = external("a", extensions(error_definition("E", "${n == 1}"), parameters))
    instance = working(definition("start > a", task, catches_error("caught", "a")))

    facts = instance.when(complete(8, n=1))

    assert facts[4:6] == of_instance(VariablesSet(0, values(r=1)), ElementTerminated(8))


@pytest.mark.parametrize("report", [complete(8), fail(8, retries=1)], ids=["complete", "failure"])
def test_an_error_that_cannot_be_propagated_refuses_the_report(report: TaskCommand) -> None:
    task = external("a", extensions(error_definition("E", "${true}"), mapping(outputs={"r": "${ghost}"})))
    instance = working(definition("start > a", task))

    refusal = instance.refusal(report)

    assert refusal == Refused(ExecutionFailed, "ENGINE-13033 Propagation of bpmn error E failed. ", "ProcessEngineException")


@pytest.mark.parametrize("report", [complete(8), fail(8, retries=1)], ids=["complete", "failure"])
def test_an_error_without_code_cannot_be_thrown(report: TaskCommand) -> None:
    nameless = node("camunda:errorEventDefinition", None, errorRef="nameless", expression="${true}")
    task = external("a", extensions(nameless))
    instance = working(definition("start > a", task, declared=[node("error", "nameless")]))

    refusal = instance.refusal(report)

    assert refusal == Refused(ExecutionFailed, "errorCode is null", "NullValueException")


def test_a_bpmn_error_asks_no_definition() -> None:
    instance = working(errors(error_definition("F", "${true}")))

    facts = instance.when(bpmn_error(8, "E"))

    assert [fact.error_code for _, fact in facts if isinstance(fact, ErrorThrown)] == ["E"]
