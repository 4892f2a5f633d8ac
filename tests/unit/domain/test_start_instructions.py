"""Instances that begin elsewhere than at their start event."""

from __future__ import annotations

import pytest

from domain.commands import StartProcessInstance
from domain.deciding.modification import first_element
from domain.facts import ElementActivated, ElementCompleted, ProcessInstanceStarted, SequenceFlowTaken, VariablesSet
from domain.instructions import StartAfter, StartBefore, StartInstruction, StartOnFlow
from domain.refusals import ExecutionFailed, NotValid
from tests.unit.domain.given import DEFINITION, Happened, Refused, creates, ends, given, of_instance, values
from tests.unit.domain.models import definition, extensions, external, mapping, sub_process

PROCESS = definition("start > a > s > z > end", sub_process("s", "start1 > b > end1"))


def start(*instructions: StartInstruction, skip_io_mappings: bool = False) -> StartProcessInstance:
    return StartProcessInstance(variables=values(n=1), instructions=instructions, skip_io_mappings=skip_io_mappings)


def began(*instructions: StartInstruction, skip_io_mappings: bool = False) -> list[Happened]:
    return of_instance(ProcessInstanceStarted(DEFINITION, None, values(n=1), None, None, instructions, skip_io_mappings))


def test_the_start_event_is_passed_over() -> None:
    facts = given(PROCESS).when(start(StartBefore("z")))

    assert facts == [*began(StartBefore("z")), *of_instance(ElementActivated(4, "z", 0)), *creates(4, "z")]


def test_an_instance_begins_inside_a_sub_process() -> None:
    facts = given(PROCESS).when(start(StartBefore("b")))

    inside = [*of_instance(ElementActivated(4, "s", 0), ElementActivated(8, "b", 4)), *creates(8, "b", 4)]
    assert facts == [*began(StartBefore("b")), *inside]


def test_an_instance_begins_at_several_places_at_once() -> None:
    instance = given(PROCESS)

    instance.when(start(StartBefore("end"), StartOnFlow("s-z"), StartBefore("a")))

    assert (instance.state.ended, instance.open_topics) == (None, ["z", "a"])


def test_an_instance_may_end_where_it_begins() -> None:
    facts = given(PROCESS).when(start(StartAfter("z")))

    on_the_way = of_instance(SequenceFlowTaken(4, "z-end", 0), ElementActivated(4, "end", 0), ElementCompleted(4))
    assert facts == [*began(StartAfter("z")), *on_the_way, *ends()]


def test_variables_of_an_instruction_are_set_first_and_its_ancestor_counts_for_nothing() -> None:
    instruction = StartBefore("a", "ghost", values(v=1), values(w=2))

    facts = given(PROCESS).when(start(instruction))

    variables = of_instance(VariablesSet(0, values(v=1)), VariablesSet(0, values(w=2)), ElementActivated(4, "a", 0))
    assert facts == [*began(instruction), *variables, *creates(4, "a")]


def test_mappings_are_skipped_where_that_is_asked_for() -> None:
    process = definition("start > a > end", external("a", extensions(mapping({"i": "${ghost}"}))))

    facts = given(process).when(start(StartBefore("a"), skip_io_mappings=True))

    assert facts == [*began(StartBefore("a"), skip_io_mappings=True), *of_instance(ElementActivated(4, "a", 0)), *creates(4, "a")]


@pytest.mark.parametrize("instruction", [StartBefore("ghost"), StartOnFlow("ghost")])
def test_an_instance_begins_nowhere_else(instruction: StartInstruction) -> None:
    why = f"Element 'ghost' does not exist in process {DEFINITION}: targetElement is null"

    assert given(PROCESS).refusal(start(instruction)) == Refused(ExecutionFailed, why, "ProcessEngineException")


def test_an_instance_does_not_begin_behind_what_is_not_there() -> None:
    why = "Cannot perform instruction: Start after activity 'ghost'; Activity 'ghost' does not exist: activity is null"

    assert given(PROCESS).refusal(start(StartAfter("ghost"))) == Refused(NotValid, why)


@pytest.mark.parametrize(
    ("instruction", "element"), [(StartBefore("b"), "b"), (StartAfter("a"), "s"), (StartAfter("end"), None), (StartOnFlow("s-z"), "z")]
)
def test_history_names_the_element_that_an_instance_began_with(instruction: StartInstruction, element: str | None) -> None:
    assert first_element(PROCESS, instruction) == element
