"""Tokens moved by hand: variables, asynchronous continuations, mappings, and suspended instances."""

from __future__ import annotations

from domain.facts import (
    ElementActivated,
    ElementTerminated,
    JobCreated,
    JobRemoved,
    SequenceFlowTaken,
    TokenHeld,
    VariablesSet,
)
from domain.ids import part_id
from domain.instructions import CancelElement, CancelTransition, StartBefore, StartOnFlow
from domain.refusals import ExecutionFailed, Suspended
from domain.state import ASYNC_BEFORE, CONCURRENT_EXECUTION
from tests.unit.domain.commands import modify_tokens, suspend
from tests.unit.domain.given import (
    DEFINITION,
    GHOST,
    INSTANCE,
    Refused,
    creates,
    of_instance,
    started,
    values,
)
from tests.unit.domain.models import definition, extensions, external, mapping, sub_process
from tests.unit.domain.modifying import activates, cancels, modified

CHAIN = definition("start > a > b > end")
NESTED = definition("start > a > s > z > end", sub_process("s", "start1 > b > t > end1", sub_process("t", "start2 > d > e > end2")))


def test_variables_go_to_the_nearest_scope_that_has_them_and_local_ones_to_the_one_around_the_element() -> None:
    instance = started(NESTED, p=0)
    instruction = StartBefore("d", None, values(p=1, q=2), values(l=3))

    facts = instance.when(modify_tokens(instruction))

    assert facts == [
        *modified(instruction),
        *of_instance(VariablesSet(0, values(p=1, q=2)), ElementActivated(12, "s", 0), ElementActivated(16, "t", 12)),
        *of_instance(VariablesSet(16, values(l=3))),
        *activates(20, "d", 16, 12),
    ]


def test_beside_others_local_variables_are_the_tokens_own() -> None:
    instance = started(CHAIN)
    before, on_flow = StartBefore("b", None, {}, values(l=1)), StartOnFlow("a-b", None, {}, values(l=2))

    facts = instance.when(modify_tokens(before, on_flow))

    assert facts == [
        *modified(before, on_flow),
        *of_instance(VariablesSet(12, values(l=1))),
        *activates(12, "b"),
        *of_instance(VariablesSet(16, values(l=2)), SequenceFlowTaken(16, "a-b", 0), ElementActivated(16, "b", 0)),
        *creates(16, "b"),
    ]


def test_an_asynchronous_element_holds_the_token() -> None:
    instance = started(definition("start > a > b > end", external("b", camunda_asyncBefore="true")))
    instruction, cancel = StartBefore("b"), CancelElement("b")

    facts = instance.when(modify_tokens(instruction))
    ended = instance.when(modify_tokens(cancel))

    job = JobCreated(16, ASYNC_BEFORE, "b", DEFINITION, 12, 12 + CONCURRENT_EXECUTION)
    assert facts == [*modified(instruction), *of_instance(TokenHeld(12, "b", 0), job)]
    assert ended == [*modified(cancel), *of_instance(JobRemoved(16), ElementTerminated(12))]


def test_a_token_that_waits_for_a_job_is_cancelled_by_its_execution() -> None:
    instance = started(definition("start > a > b > end", external("b", camunda_asyncBefore="true")))
    instance.when(modify_tokens(StartBefore("b"), StartBefore("b")))
    cancel = CancelTransition(part_id(INSTANCE, 12 + CONCURRENT_EXECUTION))

    facts = instance.when(modify_tokens(cancel))

    assert facts == [*modified(cancel), *of_instance(JobRemoved(16), ElementTerminated(12))]


def test_mappings_are_skipped_where_that_is_asked_for() -> None:
    mapped = external("b", extensions(mapping({"i": "${ghost}"}, {"o": "${ghost}"})))
    instance = started(definition("start > a > b > end", mapped))

    refusal = instance.refusal(modify_tokens(StartBefore("b")))
    facts = instance.when(modify_tokens(StartBefore("b"), CancelElement("b"), skip_io_mappings=True))

    assert refusal == Refused(ExecutionFailed, GHOST, "ProcessEngineException")
    assert facts == [*modified(StartBefore("b"), CancelElement("b"), skip_io_mappings=True), *activates(12, "b"), *cancels(12)]


def test_nothing_is_started_in_a_suspended_instance_but_tokens_are_cancelled() -> None:
    instance = started(CHAIN)
    instance.when(modify_tokens(StartBefore("b")))
    instance.when(suspend())

    refusal = instance.refusal(modify_tokens(StartBefore("b")))
    instance.when(modify_tokens(CancelElement("b")))

    assert refusal == Refused(Suspended, f"ENGINE-03043 Execution with id '{part_id(INSTANCE, 16 + CONCURRENT_EXECUTION)}' is suspended.")
    assert instance.open_topics == ["a"]
