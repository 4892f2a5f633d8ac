"""None events and tasks with nothing to do: tokens pass through them (BPMN page §6, §8)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain import decision
from domain.facts import ElementActivated, ElementCompleted, ProcessInstanceStarted, SequenceFlowTaken
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import start
from tests.unit.domain.given import Refused, begins, creates, ends, enters, given, of_instance, passes
from tests.unit.domain.models import Xml, definition, node


def test_an_instance_with_nothing_to_wait_for_ends_at_once() -> None:
    instance = given(definition("start > end"))

    facts = instance.when(start(n=1))

    assert facts == [*begins(n=1), *passes(8, "start", "end"), *ends()]


def test_an_instance_has_a_business_key_and_the_tenant_of_its_definition() -> None:
    instance = given(replace(definition("start > end"), tenant_id="t"))

    facts = instance.when(start("order 1"))

    assert facts[0] == (0, ProcessInstanceStarted("p:1:d", "order 1", {}, "t"))
    assert (instance.state.business_key, instance.state.tenant_id) == ("order 1", "t")


@pytest.mark.parametrize(
    "passed",
    [
        node("task", "x"),
        node("manualTask", "x"),
        node("intermediateThrowEvent", "x"),
        node("intermediateThrowEvent", "x", node("messageEventDefinition")),
        node("exclusiveGateway", "x"),
        node("parallelGateway", "x"),
    ],
    ids=lambda passed: passed.text,
)
def test_a_token_passes_through(passed: Xml) -> None:
    instance = given(definition("start > x > end", passed))

    facts = instance.when(start())

    assert facts == [*begins(), *passes(8, "start", "x"), *passes(12, "x", "end"), *ends()]


@pytest.mark.parametrize("end", [node("endEvent", "x"), node("endEvent", "x", node("messageEventDefinition")), node("task", "x")])
def test_a_token_ends_where_no_flow_leads_on(end: Xml) -> None:
    instance = given(definition("start > x", end))

    facts = instance.when(start())

    assert facts == [*begins(), *passes(8, "start", "x"), *ends()]


def test_all_flows_are_taken_before_the_first_token_goes_on() -> None:
    instance = given(definition("start > x > end1; x > end2", node("task", "x")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "x"),
        *of_instance(SequenceFlowTaken(12, "x-end1", 0), SequenceFlowTaken(16, "x-end2", 0)),
        *of_instance(ElementActivated(12, "end1", 0), ElementCompleted(12)),
        *of_instance(ElementActivated(16, "end2", 0), ElementCompleted(16)),
        *ends(),
    ]


def test_a_token_runs_on_until_it_waits_before_the_next_one_moves() -> None:
    instance = given(definition("start > x; x > y1 > a; x > y2 > b", *(node("task", id) for id in ("x", "y1", "y2"))))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "x"),
        *of_instance(SequenceFlowTaken(12, "x-y1", 0), SequenceFlowTaken(16, "x-y2", 0)),
        *of_instance(ElementActivated(12, "y1", 0), ElementCompleted(12)),
        *enters(20, "y1", "a", branch=12),
        *creates(20, "a"),
        *of_instance(ElementActivated(16, "y2", 0), ElementCompleted(16)),
        *enters(24, "y2", "b", branch=16),
        *creates(24, "b"),
    ]


def test_a_loop_that_waits_for_nobody_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision, "MOST_STEPS", 1000)
    instance = given(definition("start > x > x", node("task", "x")))

    refusal = instance.refusal(start())

    message = "The process took 1000 steps without coming to rest: its model has a loop that waits for nobody."
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")
