"""Error boundary event: the activity that it is attached to is cancelled, and its token goes on (BPMN page §5, §8)."""

from __future__ import annotations

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ErrorThrown,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    SequenceFlowTaken,
    UserTaskCancelled,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
from domain.values import NULL
from tests.unit.domain.commands import bpmn_error, complete
from tests.unit.domain.given import Refused, creates, ends, enters, of_instance, of_task, passes, transient, values, working
from tests.unit.domain.models import catches_error, definition, extensions, external, mapping, node, sub_process


def test_a_caught_error_cancels_the_task_and_goes_on_behind_the_event() -> None:
    instance = working(definition("start > a > end; caught > b", catches_error("caught", "a", "E")))

    facts = instance.when(bpmn_error(8, "E", "no stock"))

    assert facts == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E", "no stock")),
        *of_instance(ErrorThrown(8, "E", "no stock", "caught"), ElementTerminated(8)),
        *of_instance(ElementActivated(12, "caught", 0), ElementCompleted(12)),
        *enters(16, "caught", "b"),
        *creates(16, "b"),
    ]


def test_an_event_that_leads_nowhere_ends_its_token() -> None:
    instance = working(definition("start > a", catches_error("caught", "a")))

    facts = instance.when(bpmn_error(8))

    assert facts == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E")),
        *of_instance(ErrorThrown(8, "E", None, "caught"), ElementTerminated(8)),
        *of_instance(ElementActivated(12, "caught", 0), ElementCompleted(12)),
        *ends(),
    ]


def test_without_an_error_nothing_is_seen_of_the_event() -> None:
    instance = working(definition("start > a > end; caught > b", catches_error("caught", "a")))

    facts = instance.when(complete(8))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(8)),
        *passes(12, "a", "end"),
        *ends(),
    ]


def test_code_and_message_become_variables() -> None:
    event = catches_error("caught", "a", camunda_errorCodeVariable="code", camunda_errorMessageVariable="text")
    instance = working(definition("start > a; caught > b", event))

    facts = instance.when(bpmn_error(8, "E", "no stock", n=1))

    assert facts[:5] == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E", "no stock", values(n=1))),
        *of_instance(VariablesSet(0, values(n=1)), ErrorThrown(8, "E", "no stock", "caught")),
        *of_instance(VariablesSet(0, values(code="E", text="no stock")), ElementTerminated(8)),
    ]


def test_an_error_without_message_sets_its_variable_to_null() -> None:
    instance = working(definition("start > a; caught > b", catches_error("caught", "a", camunda_errorMessageVariable="text")), text="old")

    instance.when(bpmn_error(8, "E"))

    assert instance.variables() == {"text": NULL}


def test_the_code_is_written_where_the_variable_lives_and_seen_by_the_outputs() -> None:
    task = external("a", extensions(mapping({"code": "none yet"}, {"seen": "${code}"})))
    instance = working(definition("start > a; caught > b", task, catches_error("caught", "a", camunda_errorCodeVariable="code")))

    facts = instance.when(bpmn_error(8, "E"))

    assert facts[2:6] == of_instance(
        VariablesSet(8, values(code="E")),
        VariablesSet(0, values(seen="E")),
        ElementTerminated(8),
        ElementActivated(12, "caught", 0),
    )
    assert instance.variables() == values(seen="E")


def test_an_event_of_a_sub_process_cancels_all_its_content() -> None:
    content = sub_process("sub", "start2 > x; x > a; x > b; x > u", node("task", "x"), node("userTask", "u"))
    instance = working(definition("start > sub > end; caught > c", content, catches_error("caught", "sub")), 20)

    facts = instance.when(bpmn_error(20, n=1))

    assert facts == [
        *of_task(20, ExternalTaskBpmnErrorRaised("w", "E", None, values(n=1))),
        *of_instance(VariablesSet(0, values(n=1)), ErrorThrown(20, "E", None, "caught"), ElementTerminated(20)),
        *of_task(24, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(24), UserTaskCancelled(28), ElementTerminated(28), ElementTerminated(8)),
        *of_instance(ElementActivated(32, "caught", 0), ElementCompleted(32)),
        *enters(36, "caught", "c"),
        *creates(36, "c"),
    ]


def test_tokens_beside_the_interrupted_activity_stay() -> None:
    instance = working(definition("start > x; x > a; x > b; caught > c", node("task", "x"), catches_error("caught", "a")), 12)

    instance.when(bpmn_error(12))

    assert instance.open_topics == ["b", "c"]


def test_flows_behind_an_event_are_taken_as_behind_an_activity() -> None:
    flows = "start > a; caught > end1 ? ${n > 1}; caught > end2; caught > end3 ? ${n > 2}"
    instance = working(definition(flows, catches_error("caught", "a")))

    facts = instance.when(bpmn_error(8, n=2))

    assert facts[4:8] == of_instance(
        ElementActivated(12, "caught", 0),
        ElementCompleted(12),
        SequenceFlowTaken(16, "caught-end1", 0),
        SequenceFlowTaken(20, "caught-end2", 0),
    )


def test_an_event_without_open_flow_fails_the_command() -> None:
    instance = working(definition("start > a; caught > end1 ? ${n > 1}", catches_error("caught", "a")), n=1)

    refusal = instance.refusal(bpmn_error(8, "E"))

    assert refusal == Refused(ExecutionFailed, "ENGINE-13033 Propagation of bpmn error E failed. ", "ProcessEngineException")


def test_an_error_beside_a_transient_variable_shows_it_to_the_flows_behind_the_event() -> None:
    instance = working(definition("start > a; caught > end1 ? ${n > 1}; caught > b ? ${n <= 1}", catches_error("caught", "a")))

    instance.when(bpmn_error(8, n=transient(1)))

    assert (instance.open_topics, instance.variables()) == (["b"], {})
