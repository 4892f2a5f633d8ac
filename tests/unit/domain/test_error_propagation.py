"""Who catches a BPMN error: the nearest activity with a fitting event, there a code before a catch-all, or nobody (BPMN page §5)."""

from __future__ import annotations

import pytest

from domain.elements import ProcessDefinition
from domain.facts import (
    ElementCompleted,
    ErrorThrown,
    ExternalTaskBpmnErrorRaised,
    IncidentDeleted,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
from domain.values import Value
from tests.unit.domain.commands import bpmn_error, fail, lock
from tests.unit.domain.given import Instance, Refused, ends, of_instance, of_task, passes, started, values, working
from tests.unit.domain.models import Xml, catches_error, definition, extensions, external, mapping, node, sub_process

ALL, E, F = catches_error("all", "a"), catches_error("on_E", "a", "E"), catches_error("on_F", "a", "F")


def thrown(instance: Instance, key: int, code: str) -> ErrorThrown:
    """What becomes of an error that the worker of a task raises."""
    instance.when(lock(key))
    (happened,) = (fact for _, fact in instance.when(bpmn_error(key, code)) if isinstance(fact, ErrorThrown))
    return happened


@pytest.mark.parametrize("events", [(ALL, E, F), (F, E, ALL)], ids=["catch-all first", "catch-all last"])
@pytest.mark.parametrize(("code", "caught_by"), [("E", "on_E"), ("F", "on_F"), ("G", "all"), ("e", "all")])
def test_a_code_is_preferred_to_a_catch_all(events: tuple[Xml, ...], code: str, caught_by: str) -> None:
    instance = started(definition("start > a", *events))

    error = thrown(instance, 8, code)

    assert error == ErrorThrown(8, code, None, caught_by)


def test_of_several_events_for_a_code_the_first_one_counts() -> None:
    instance = started(definition("start > a", catches_error("first", "a", "E"), catches_error("second", "a", "E")))

    error = thrown(instance, 8, "E")

    assert error == ErrorThrown(8, "E", None, "first")


def nested(*events: Xml) -> ProcessDefinition:
    inner = sub_process("inner", "start3 > a", *(event for event in events if 'attachedToRef="a"' in event.text))
    outer = sub_process("outer", "start2 > inner", inner, *(event for event in events if 'attachedToRef="inner"' in event.text))
    return definition("start > outer", outer, *(event for event in events if 'attachedToRef="outer"' in event.text))


@pytest.mark.parametrize(
    ("events", "caught_by"),
    [
        ([catches_error("at_outer", "outer", "E")], "at_outer"),
        ([catches_error("at_outer", "outer", "E"), catches_error("at_inner", "inner")], "at_inner"),
        ([catches_error("at_outer", "outer", "E"), catches_error("at_inner", "inner", "F")], "at_outer"),
        ([catches_error("at_outer", "outer"), catches_error("at_task", "a", "E")], "at_task"),
        ([catches_error("at_outer", "outer", "F")], None),
    ],
)
def test_the_nearest_scope_with_a_fitting_event_catches(events: list[Xml], caught_by: str | None) -> None:
    instance = started(nested(*events))

    error = thrown(instance, 24, "E")

    assert error == ErrorThrown(24, "E", None, caught_by)


def test_an_error_that_is_declared_without_code_is_caught_by_all() -> None:
    event = node("boundaryEvent", "caught", node("errorEventDefinition", None, errorRef="nameless"), attachedToRef="a")
    instance = started(definition("start > a", event, declared=[node("error", "nameless")]))

    error = thrown(instance, 8, "E")

    assert error == ErrorThrown(8, "E", None, "caught")


def test_a_reference_to_no_declared_error_is_the_code_itself() -> None:
    event = node("boundaryEvent", "caught", node("errorEventDefinition", None, errorRef="E"), attachedToRef="a")
    instance = started(definition("start > a", event))

    error = thrown(instance, 8, "E")

    assert error == ErrorThrown(8, "E", None, "caught")


def test_an_uncaught_error_ends_its_token_like_a_none_end_event() -> None:
    instance = working(definition("start > a > b", catches_error("caught", "a", "F")))

    facts = instance.when(bpmn_error(8, "E", "no stock", n=1))

    assert facts == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E", "no stock", values(n=1))),
        *of_instance(VariablesSet(0, values(n=1)), ErrorThrown(8, "E", "no stock", None), ElementCompleted(8)),
        *ends(),
    ]


def test_after_an_uncaught_error_other_tokens_go_on() -> None:
    instance = working(definition("start > x; x > a > c; x > b", node("task", "x")), 12)

    instance.when(bpmn_error(12))

    assert instance.open_topics == ["b"]
    assert instance.state.ended is None


def test_a_sub_process_may_end_by_an_uncaught_error() -> None:
    instance = working(definition("start > sub > end", sub_process("sub", "start2 > a > b")), 16)

    facts = instance.when(bpmn_error(16))

    assert facts == [
        *of_task(16, ExternalTaskBpmnErrorRaised("w", "E")),
        *of_instance(ErrorThrown(16, "E", None, None), ElementCompleted(16), ElementCompleted(8)),
        *passes(20, "sub", "end"),
        *ends(),
    ]


def test_an_uncaught_error_deletes_the_incident_of_its_task() -> None:
    instance = working(definition("start > x; x > a; x > b", node("task", "x")), 12)
    instance.when(fail(12, retries=0))

    facts = instance.when(bpmn_error(12))

    assert facts == [
        *of_task(12, ExternalTaskBpmnErrorRaised("w", "E")),
        *of_instance(ErrorThrown(12, "E", None, None), IncidentDeleted(20), ElementCompleted(12)),
    ]
    assert not instance.state.incidents


def test_the_outputs_of_a_task_with_an_uncaught_error_are_mapped() -> None:
    instance = working(
        definition("start > x; x > a; x > b", node("task", "x"), external("a", extensions(mapping(outputs={"r": "${1}"})))), 12
    )

    facts = instance.when(bpmn_error(12))

    assert facts[1:] == of_instance(ErrorThrown(12, "E", None, None), VariablesSet(0, {"r": Value("Long", 1)}), ElementCompleted(12))


@pytest.mark.parametrize("events", [[], [catches_error("caught", "a")]], ids=["uncaught", "caught"])
def test_outputs_that_fail_refuse_the_error(events: list[Xml]) -> None:
    instance = working(definition("start > a", external("a", extensions(mapping(outputs={"r": "${ghost}"}))), *events))
    (task,) = instance.history.open_tasks

    refusal = instance.refusal(bpmn_error(8, "E"))

    assert refusal == Refused(ExecutionFailed, "ENGINE-13033 Propagation of bpmn error E failed. ", "ProcessEngineException")
    assert instance.history.open_tasks == [task]
