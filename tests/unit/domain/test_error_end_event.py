"""Error end event: throws its error from where it stands (BPMN page §5)."""

from __future__ import annotations

import pytest

from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, ErrorThrown, ExternalTaskCancelled, SequenceFlowTaken
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import start
from tests.unit.domain.given import Plain, Refused, begins, creates, ends, enters, given, of_instance, of_task, passes
from tests.unit.domain.models import Xml, catches_error, definition, extensions, mapping, node, sub_process, throws_error


def test_an_event_of_the_sub_process_around_catches() -> None:
    content = sub_process("sub", "start2 > failed", throws_error("failed", "E"))
    instance = given(definition("start > sub > end; caught > a", content, catches_error("caught", "sub", "E")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "sub"),
        *of_instance(ElementActivated(12, "start2", 8), ElementCompleted(12)),
        *enters(16, "start2", "failed", scope=8),
        *of_instance(ErrorThrown(16, "E", None, "caught"), ElementTerminated(16), ElementTerminated(8)),
        *of_instance(ElementActivated(20, "caught", 0), ElementCompleted(20)),
        *enters(24, "caught", "a"),
        *creates(24, "a"),
    ]


def test_tokens_on_their_way_are_cancelled_with_the_sub_process() -> None:
    content = sub_process("sub", "start2 > x; x > b; x > failed; x > c", node("task", "x"), throws_error("failed", "E"))
    instance = given(definition("start > sub", content, catches_error("caught", "sub")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "sub"),
        *of_instance(ElementActivated(12, "start2", 8), ElementCompleted(12)),
        *passes(16, "start2", "x", scope=8),
        *of_instance(SequenceFlowTaken(20, "x-b", 8), SequenceFlowTaken(24, "x-failed", 8), SequenceFlowTaken(28, "x-c", 8)),
        *of_instance(ElementActivated(20, "b", 8)),
        *creates(20, "b", 8),
        *of_instance(ElementActivated(24, "failed", 8), ErrorThrown(24, "E", None, "caught")),
        *of_task(20, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(20), ElementTerminated(24), ElementTerminated(28), ElementTerminated(8)),
        *of_instance(ElementActivated(32, "caught", 0), ElementCompleted(32)),
        *ends(),
    ]


def test_uncaught_it_ends_like_a_none_end_event() -> None:
    instance = given(definition("start > failed", throws_error("failed", "E")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "failed"),
        *of_instance(ErrorThrown(8, "E", None, None), ElementCompleted(8)),
        *ends(),
    ]


def test_uncaught_in_a_sub_process_it_lets_the_sub_process_go_on() -> None:
    content = sub_process("sub", "start2 > failed", throws_error("failed", "E"))
    instance = given(definition("start > sub > end", content, catches_error("caught", "sub", "F")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "sub"),
        *of_instance(ElementActivated(12, "start2", 8), ElementCompleted(12)),
        *enters(16, "start2", "failed", scope=8),
        *of_instance(ErrorThrown(16, "E", None, None), ElementCompleted(16), ElementCompleted(8)),
        *passes(20, "sub", "end"),
        *ends(),
    ]


def declared(message: str) -> Xml:
    return node("error", "error-E", errorCode="E", camunda_errorMessage=message)


@pytest.mark.parametrize(
    ("text", "n", "message"),
    [("no stock", 1, "no stock"), ("${n} left", 1, "1 left"), ("${n}", None, None), ("${n}", 5, "5")],
)
def test_the_message_is_that_of_the_declared_error(text: str, n: Plain, message: str | None) -> None:
    instance = given(definition("start > failed", throws_error("failed", "E"), declared=[declared(text)]))

    facts = instance.when(start(n=n))

    assert (0, ErrorThrown(8, "E", message, None)) in facts


def test_a_message_that_fails_fails_the_command() -> None:
    instance = given(definition("start > failed", throws_error("failed", "E"), declared=[declared("${ghost}")]))

    refusal = instance.refusal(start())

    message = "Unknown property used in expression: ${ghost}. Cause: Cannot resolve identifier 'ghost'"
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


def test_the_message_sees_the_inputs_of_the_event() -> None:
    event = node("endEvent", "failed", extensions(mapping({"n": "inner"})), node("errorEventDefinition", None, errorRef="error-E"))
    instance = given(definition("start > failed", event, declared=[declared("${n}")]))

    facts = instance.when(start(n="outer"))

    assert (0, ErrorThrown(8, "E", "inner", None)) in facts
