"""Exclusive gateway: one flow, the first whose condition holds (BPMN page §7)."""

from __future__ import annotations

import pytest

from domain.facts import ElementActivated, ElementCompleted, SequenceFlowTaken
from domain.refusals import ExecutionFailed
from tests.unit.domain.commands import start
from tests.unit.domain.given import Refused, begins, creates, ends, enters, given, of_instance, passes
from tests.unit.domain.models import definition, node

CHOICE = "start > x; x > end1 ? ${n > 2}; x > end2 ? ${n > 1}; x > end3"


@pytest.mark.parametrize(("n", "end"), [(3, "end1"), (2, "end2"), (1, "end3")])
def test_the_first_open_flow_is_taken_alone(n: int, end: str) -> None:
    instance = given(definition(CHOICE, node("exclusiveGateway", "x", default="x-end3")))

    facts = instance.when(start(n=n))

    assert facts == [*begins(n=n), *passes(8, "start", "x"), *passes(12, "x", end), *ends()]


def test_the_default_flow_comes_last_wherever_it_stands() -> None:
    instance = given(definition("start > x; x > end1; x > end2 ? ${n > 1}", node("exclusiveGateway", "x", default="x-end1")))

    facts = instance.when(start(n=2))

    assert facts == [*begins(n=2), *passes(8, "start", "x"), *passes(12, "x", "end2"), *ends()]


def test_a_flow_without_condition_is_always_open() -> None:
    instance = given(definition("start > x; x > end1; x > end2 ? ${n > 1}", node("exclusiveGateway", "x")))

    facts = instance.when(start(n=2))

    assert facts == [*begins(n=2), *passes(8, "start", "x"), *passes(12, "x", "end1"), *ends()]


def test_conditions_behind_the_taken_flow_are_not_asked() -> None:
    instance = given(definition("start > x; x > end1 ? ${n > 1}; x > end2 ? ${ghost}", node("exclusiveGateway", "x")))

    facts = instance.when(start(n=2))

    assert facts == [*begins(n=2), *passes(8, "start", "x"), *passes(12, "x", "end1"), *ends()]


def test_a_gateway_without_open_flow_and_default_fails_the_command() -> None:
    instance = given(definition("start > x; x > end1 ? ${n > 2}; x > end2 ? ${n > 1}", node("exclusiveGateway", "x")))

    refusal = instance.refusal(start(n=1))

    message = "ENGINE-02004 No outgoing sequence flow for the element with id 'x' could be selected for continuing the process."
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


def test_a_default_that_is_no_flow_of_the_gateway_fails_the_command() -> None:
    gateway = node("exclusiveGateway", "x", default="start")
    instance = given(definition("start > x; x > end1 ? ${n > 2}; x > end2 ? ${n > 1}", gateway))

    refusal = instance.refusal(start(n=1))

    message = "ENGINE-02005 Default sequence flow 'start' for element with id 'x' could not be not found."
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


def test_a_merge_waits_for_nobody() -> None:
    instance = given(definition("start > t; t > y1 > x; t > y2 > x; x > a", *(node("task", id) for id in ("t", "y1", "y2")), MERGE))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "t"),
        *of_instance(SequenceFlowTaken(12, "t-y1", 0), SequenceFlowTaken(16, "t-y2", 0)),
        *of_instance(ElementActivated(12, "y1", 0), ElementCompleted(12)),
        *passes(20, "y1", "x", branch=12),
        *enters(24, "x", "a", branch=12),
        *creates(24, "a"),
        *of_instance(ElementActivated(16, "y2", 0), ElementCompleted(16)),
        *passes(28, "y2", "x", branch=16),
        *enters(32, "x", "a", branch=16),
        *creates(32, "a"),
    ]


MERGE = node("exclusiveGateway", "x")
