"""The life of an incident: raised by the last retry, resolved by a new one or by completion, deleted with its task (REST contract §7.1)."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementTerminated,
    ErrorThrown,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskRetriesSet,
    IncidentAnnotated,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
)
from domain.refusals import Rejected
from domain.state import Incident
from tests.unit.domain.commands import annotate, bpmn_error, complete, delete, fail, lock, set_retries, task_id
from tests.unit.domain.given import (
    NOW,
    AnyCommand,
    Instance,
    Refused,
    a_task,
    creates,
    enters,
    given,
    of_instance,
    of_task,
    working,
)
from tests.unit.domain.models import catches_error, definition, node

CHAIN = definition("start > a > b")
TASK = task_id(8)
RAISED = IncidentRaised(12, "failedExternalTask", 8, "a", "p:1:d", TASK, "boom")


def failed() -> Instance:
    """An instance whose task has failed for good; its incident has the key 12."""
    instance = working(definition("start > a > b", catches_error("caught", "a")))
    instance.when(fail(8, "boom", retries=0))
    return instance


def test_a_failure_without_retries_left_raises_an_incident() -> None:
    instance = given(CHAIN, *a_task())
    instance.at += 5

    facts = instance.when(fail(8, "boom", retries=0))

    assert facts == [*of_task(8, ExternalTaskFailed("w", "boom")), *of_instance(RAISED)]
    assert dict(instance.state.incidents) == {12: Incident(12, "failedExternalTask", 8, "a", TASK, "boom", NOW + 5, of=8)}


def test_the_last_of_several_failures_raises_the_incident() -> None:
    instance = given(CHAIN, *a_task(), *of_task(8, ExternalTaskFailed("w", "first", None, 1)))

    facts = instance.when(fail(8, "boom", retries=0))

    assert facts == [*of_task(8, ExternalTaskFailed("w", "boom")), *of_instance(RAISED)]


@pytest.mark.parametrize("message", [None, "", "x" * 666])
def test_an_incident_says_what_the_task_says(message: str | None) -> None:
    instance = given(CHAIN, *a_task())

    instance.when(fail(8, message, retries=0))

    assert [incident.message for incident in instance.state.incidents.values()] == [message]
    assert instance.history.open_tasks[0].error_message == message


def test_an_incidents_message_is_cut_like_the_tasks() -> None:
    instance = given(CHAIN, *a_task())

    instance.when(fail(8, "x" * 667, retries=0))

    assert [incident.message for incident in instance.state.incidents.values()] == ["x" * 666]


def test_setting_retries_to_none_left_raises_an_incident_with_the_last_message() -> None:
    instance = given(CHAIN, *a_task(), *of_task(8, ExternalTaskFailed("w", "boom", None, 1)))

    facts = instance.when(set_retries(8, 0))

    assert facts == [*of_task(8, ExternalTaskRetriesSet(0)), *of_instance(RAISED)]


@pytest.mark.parametrize("command", [fail(8, "again", retries=0), set_retries(8, 0)], ids=["failure", "retries"])
def test_an_open_incident_stays_as_it_is_while_there_are_no_retries(command: AnyCommand) -> None:
    instance = failed()
    before = instance.state.incidents

    facts = instance.when(command)

    assert len(facts) == 1
    assert instance.state.incidents == before


@pytest.mark.parametrize(
    ("command", "cause"),
    [(fail(8, "again", retries=1), ExternalTaskFailed("w", "again", None, 1)), (set_retries(8, 1), ExternalTaskRetriesSet(1))],
    ids=["failure", "retries"],
)
def test_new_retries_resolve_the_incident(command: AnyCommand, cause: ExternalTaskFailed | ExternalTaskRetriesSet) -> None:
    instance = failed()

    facts = instance.when(command)

    assert facts == [*of_task(8, cause), *of_instance(IncidentResolved(12))]
    assert (len(instance.state.incidents), len(instance.state.incident_of)) == (0, 0)


def test_retries_that_run_out_again_raise_a_new_incident() -> None:
    instance = failed()
    instance.when(set_retries(8, 1))

    facts = instance.when(fail(8, "again", retries=0))

    again = IncidentRaised(13, "failedExternalTask", 8, "a", "p:1:d", TASK, "again")
    assert facts == [*of_task(8, ExternalTaskFailed("w", "again")), *of_instance(again)]


def test_completing_the_task_resolves_the_incident() -> None:
    instance = failed()

    facts = instance.when(complete(8))

    assert facts[:2] == [*of_task(8, ExternalTaskCompleted("w")), *of_instance(IncidentResolved(12))]
    assert not instance.state.incidents


def test_a_bpmn_error_deletes_the_incident() -> None:
    instance = failed()

    facts = instance.when(bpmn_error(8))

    assert facts[:4] == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E")),
        *of_instance(ErrorThrown(8, "E", None, "caught"), IncidentDeleted(12), ElementTerminated(8)),
    ]


def test_deleting_the_instance_deletes_the_incident() -> None:
    instance = failed()

    facts = instance.when(delete())

    assert facts == [
        *of_instance(ProcessInstanceDeleted(), IncidentDeleted(12)),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(8), ProcessInstanceEnded("EXTERNALLY_TERMINATED")),
    ]
    assert not instance.state.incidents


def test_every_failed_task_has_an_incident_of_its_own() -> None:
    instance = working(definition("start > x; x > a; x > b", node("task", "x")), 12)
    instance.when(lock(16))
    instance.when(fail(12, retries=0))
    instance.when(fail(16, retries=0))

    instance.when(set_retries(12, 1))

    assert {key: incident.element_id for key, incident in instance.state.incidents.items()} == {21: "b"}


def test_elements_are_numbered_on_behind_an_incident() -> None:
    instance = failed()

    facts = instance.when(complete(8))

    assert facts[3:] == [*enters(13, "a", "b"), *creates(13, "b")]


@pytest.mark.parametrize("annotation", ["looked at", "", None])
def test_an_incident_is_annotated(annotation: str | None) -> None:
    instance = failed()

    facts = instance.when(annotate(12, annotation))

    assert facts == of_instance(IncidentAnnotated(12, annotation))
    assert [incident.annotation for incident in instance.state.incidents.values()] == [annotation]


@pytest.mark.parametrize("key", [8, 16])
def test_what_is_no_open_incident_is_not_annotated(key: int) -> None:
    instance = failed()

    refusal = instance.refusal(annotate(key, "looked at"))

    assert refusal == Refused(Rejected, "incident is null")


def test_a_resolved_incident_is_not_annotated() -> None:
    instance = failed()
    instance.when(set_retries(8, 1))

    refusal = instance.refusal(annotate(12, "looked at"))

    assert refusal == Refused(Rejected, "incident is null")
