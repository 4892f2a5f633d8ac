"""Tokens moved by hand into sub-processes and out of them: which ones are used, begun and cancelled."""

from __future__ import annotations

from domain.facts import (
    ElementActivated,
    ElementTerminated,
)
from domain.instructions import CancelElement, StartBefore, StartOnFlow
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import modify_tokens
from tests.unit.domain.given import (
    INSTANCE,
    Refused,
    of_instance,
    started,
)
from tests.unit.domain.models import definition, sub_process
from tests.unit.domain.modifying import activates, activity, cancels, modified, not_valid

NESTED = definition("start > a > s > z > end", sub_process("s", "start1 > b > t > end1", sub_process("t", "start2 > d > e > end2")))


def test_sub_processes_around_an_element_are_begun_without_their_start_events() -> None:
    instance, instruction = started(NESTED), StartBefore("e")

    facts = instance.when(modify_tokens(instruction))

    assert facts == [
        *modified(instruction),
        *of_instance(ElementActivated(12, "s", 0), ElementActivated(16, "t", 12)),
        *activates(20, "e", 16, 12),
    ]


def test_the_one_sub_process_that_is_active_is_used() -> None:
    instance, instructions = started(NESTED), (StartBefore("b"), StartBefore("d"))

    instance.when(modify_tokens(*instructions))

    assert [(token.element_id, token.scope) for token in instance.state.elements] == [("a", 0), ("s", 0), ("b", 12), ("t", 12), ("d", 20)]


def test_of_several_sub_processes_one_has_to_be_named() -> None:
    instance = started(NESTED)
    instance.when(modify_tokens(StartBefore("s"), StartBefore("s")))

    refusal = instance.refusal(modify_tokens(StartBefore("d")))
    instance.when(modify_tokens(StartBefore("d", activity("s", 12))))

    assert refusal == Refused(
        ExecutionFailed, "Ancestor activity execution is ambiguous for activity Activity(s)", "ProcessEngineException"
    )
    assert [token.scope for token in instance.state.elements if token.element_id == "t"] == [12]


def test_an_ancestor_gets_new_sub_processes_of_its_own() -> None:
    instance = started(NESTED)
    instance.when(modify_tokens(StartBefore("d")))

    instance.when(modify_tokens(StartBefore("d", activity("s", 12)), StartBefore("d", INSTANCE)))

    assert [(t.element_id, t.scope) for t in instance.state.elements if t.element_id in "st"] == [
        ("s", 0),
        ("t", 12),
        ("t", 12),
        ("s", 0),
        ("t", 32),
    ]


def test_an_ancestor_has_to_be_there_and_around_the_element() -> None:
    instance = started(NESTED)
    instance.when(modify_tokens(StartBefore("b")))
    s, ghost = activity("s", 12), activity("b", 12)

    assert instance.refusal(modify_tokens(StartBefore("d", "ghost"))) == not_valid(
        "Start before activity 'd' with ancestor activity instance 'ghost'; "
        "Ancestor activity instance 'ghost' does not exist: ancestorInstance is null"
    )
    assert instance.refusal(modify_tokens(StartOnFlow("b-t", ghost))) == not_valid(
        f"Start transition 'b-t' with ancestor activity instance '{ghost}'; "
        f"Ancestor activity instance '{ghost}' does not exist: ancestorInstance is null"
    )
    assert instance.refusal(modify_tokens(StartBefore("z", s))) == not_valid(
        f"Start before activity 'z' with ancestor activity instance '{s}'; "
        f"Scope execution for '{s}' cannot be found in parent hierarchy of flow element 'z'"
    )


def test_a_sub_process_in_which_nothing_is_left_is_cancelled_too() -> None:
    instance, instruction = started(NESTED), CancelElement("d")
    instance.when(modify_tokens(StartBefore("d")))

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *cancels(20), *of_instance(ElementTerminated(16), ElementTerminated(12))]


def test_a_cancelled_sub_process_takes_what_is_inside_along() -> None:
    instance, instruction = started(NESTED), CancelElement("s")
    instance.when(modify_tokens(StartBefore("d")))

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *cancels(20), *of_instance(ElementTerminated(16), ElementTerminated(12))]
