"""Tokens moved by hand: started before, behind and on flows, cancelled, and what becomes of scopes and of the instance."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ProcessInstanceEnded,
    SequenceFlowTaken,
)
from domain.ids import part_id
from domain.instructions import CancelElement, CancelInstance, CancelTransition, Instruction, StartAfter, StartBefore, StartOnFlow
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import modify_tokens
from tests.unit.domain.given import (
    DEFINITION,
    INSTANCE,
    Refused,
    creates,
    ends,
    of_instance,
    started,
)
from tests.unit.domain.models import definition, node
from tests.unit.domain.modifying import activates, activity, cancels, modified, not_valid

CHAIN = definition("start > a > b > end")
FORK = definition("start > a > x; x > b; x > c", node("task", "x"))
OTHER = f"b:{part_id(INSTANCE, 8)}"
"""No activity instance: the element 8 is another one."""


def test_a_token_is_started_before_an_element() -> None:
    instance, instruction = started(CHAIN), StartBefore("b")

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *activates(12, "b")]
    assert instance.open_topics == ["a", "b"]


def test_a_token_is_started_on_a_flow() -> None:
    instance, instruction = started(CHAIN), StartOnFlow("a-b")

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *of_instance(SequenceFlowTaken(12, "a-b", 0), ElementActivated(12, "b", 0)), *creates(12, "b")]


def test_a_token_is_started_on_the_only_flow_behind_an_element() -> None:
    instance, instruction = started(CHAIN), StartAfter("a")

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *of_instance(SequenceFlowTaken(12, "a-b", 0), ElementActivated(12, "b", 0)), *creates(12, "b")]


@pytest.mark.parametrize(("element", "why"), [("x", "more than one outgoing sequence flow"), ("b", "no outgoing sequence flow to take")])
def test_behind_an_element_there_has_to_be_one_flow(element: str, why: str) -> None:
    refusal = started(FORK).refusal(modify_tokens(StartAfter(element)))

    assert refusal == Refused(ExecutionFailed, f"Cannot start after activity {element}; activity has {why}", "ProcessEngineException")


def test_all_instances_of_an_element_are_cancelled() -> None:
    instance, instruction = started(CHAIN), CancelElement("a")
    instance.when(modify_tokens(StartBefore("a"), StartBefore("b")))

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *cancels(8), *cancels(12)]
    assert instance.open_topics == ["b"]


def test_one_activity_instance_is_cancelled() -> None:
    instance, instruction = started(CHAIN), CancelInstance(activity("a", 12))
    instance.when(modify_tokens(StartBefore("a")))

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *cancels(12)]


def test_the_activity_instance_of_the_process_is_everything() -> None:
    instance, instruction = started(CHAIN), CancelInstance(INSTANCE)
    instance.when(modify_tokens(StartBefore("b")))

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *cancels(8), *cancels(12), *of_instance(ProcessInstanceEnded("EXTERNALLY_TERMINATED"))]


def test_an_element_that_is_not_active_is_cancelled_without_effect() -> None:
    assert started(CHAIN).when(modify_tokens(CancelElement("b"), CancelElement("ghost"))) == modified(
        CancelElement("b"), CancelElement("ghost")
    )


def test_instructions_are_carried_out_in_order_up_to_the_next_wait_states() -> None:
    instance, instructions = started(FORK), (StartBefore("x"), CancelElement("b"), CancelElement("a"))

    facts = instance.when(modify_tokens(*instructions))

    begins = of_instance(
        ElementActivated(12, "x", 0), ElementCompleted(12), SequenceFlowTaken(16, "x-b", 0, 12), SequenceFlowTaken(20, "x-c", 0)
    )
    both = [*of_instance(ElementActivated(16, "b", 0)), *creates(16, "b"), *of_instance(ElementActivated(20, "c", 0)), *creates(20, "c")]
    assert facts == [*modified(*instructions), *begins, *both, *cancels(16), *cancels(8)]


def test_the_instance_lives_while_an_instruction_is_left() -> None:
    instance, instructions = started(CHAIN), (CancelElement("a"), StartBefore("b"))

    instance.when(modify_tokens(*instructions))

    assert instance.state.ended is None
    assert instance.open_topics == ["b"]


def test_an_instance_whose_last_token_was_cancelled_is_terminated() -> None:
    instance, instruction = started(CHAIN), CancelElement("a")

    facts = instance.when(modify_tokens(instruction))

    assert facts == [*modified(instruction), *cancels(8), *of_instance(ProcessInstanceEnded("EXTERNALLY_TERMINATED"))]


def test_an_instance_whose_last_token_came_to_its_end_is_completed() -> None:
    instance, instructions = started(CHAIN), (CancelElement("a"), StartBefore("end"))

    facts = instance.when(modify_tokens(*instructions))

    assert facts == [*modified(*instructions), *cancels(8), *of_instance(ElementActivated(12, "end", 0), ElementCompleted(12)), *ends()]


def test_no_instructions_are_a_cause_without_consequences() -> None:
    assert started(CHAIN).when(modify_tokens()) == modified()


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        (StartBefore("ghost"), f"Start before activity 'ghost'; Element 'ghost' does not exist in process '{DEFINITION}': element is null"),
        (StartOnFlow("ghost"), f"Start transition 'ghost'; Element 'ghost' does not exist in process '{DEFINITION}': element is null"),
        (StartAfter("ghost"), "Start after activity 'ghost'; Activity 'ghost' does not exist: activity is null"),
        (CancelInstance("ghost"), "Cancel activity instance 'ghost'; Activity instance 'ghost' does not exist: activityInstance is null"),
        (
            CancelInstance(OTHER),
            f"Cancel activity instance '{OTHER}'; Activity instance '{OTHER}' does not exist: activityInstance is null",
        ),
        (
            CancelTransition("ghost"),
            "Cancel transition instance 'ghost'; Transition instance 'ghost' does not exist: transitionInstance is null",
        ),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_moves(instruction: Instruction, text: str) -> None:
    instance = started(CHAIN)

    refusal = instance.refusal(modify_tokens(StartBefore("b"), instruction))

    assert refusal == not_valid(text)
    assert instance.open_topics == ["a"]


def test_an_element_that_waits_for_nothing_is_passed() -> None:
    instance, instruction = started(CHAIN), StartBefore("start")

    facts = instance.when(modify_tokens(instruction))

    assert facts[:3] == [*modified(instruction), *of_instance(ElementActivated(12, "start", 0), ElementCompleted(12))]
    assert facts[3:] == [*of_instance(SequenceFlowTaken(16, "start-a", 0, 12), ElementActivated(16, "a", 0)), *creates(16, "a")]
