"""Executions that somebody moves on by hand: whatever they are in is over (REST contract §10.5)."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementCompleted,
    ExecutionSignalled,
    ExternalTaskCancelled,
    JobRemoved,
    SubscriptionClosed,
    UserTaskCancelled,
    VariablesSet,
)
from domain.ids import part_id
from domain.refusals import ExecutionFailed, MissingValue
from tests.unit.domain.commands import move_on
from tests.unit.domain.given import INSTANCE, Refused, ends, of_instance, of_task, passes, started, values
from tests.unit.domain.models import Xml, boundary, catches, definition, external, node, on_message, on_time, receives, sub_process


def test_a_user_task_is_cancelled() -> None:
    instance = started(definition("start > u > end", node("userTask", "u")))

    facts = instance.when(move_on(0, n=1))

    assert facts == [
        *of_instance(ExecutionSignalled(0, values(n=1)), VariablesSet(0, values(n=1)), UserTaskCancelled(8), ElementCompleted(8)),
        *passes(12, "u", "end"),
        *ends(),
    ]


def test_an_external_task_is_cancelled() -> None:
    instance = started(definition("start > a > end"))

    facts = instance.when(move_on(9))

    assert facts == [
        *of_instance(ExecutionSignalled(9)),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementCompleted(8)),
        *passes(12, "a", "end"),
        *ends(),
    ]


def test_an_event_waits_no_longer() -> None:
    instance = started(definition("start > c > end", catches("c", on_time())))

    assert instance.when(move_on(9))[:3] == of_instance(ExecutionSignalled(9), JobRemoved(12), ElementCompleted(8))


def test_what_waits_at_the_border_is_closed_too() -> None:
    instance = started(definition("start > r > end; b > end", receives("r"), boundary("b", "r", on_message("m"))))

    assert instance.when(move_on(9))[:3] == of_instance(ExecutionSignalled(9), SubscriptionClosed(12), ElementCompleted(8))


def test_parallel_tokens_have_executions_of_their_own() -> None:
    instance = started(definition("start > x; x > r1; x > r2", node("task", "x"), receives("r1"), receives("r2")))

    instance.when(move_on(19))

    assert [element.element_id for element in instance.state.elements] == ["r1"]


def test_a_branch_keeps_its_execution() -> None:
    flows = "start > x; x > y > r1; x > r2"
    instance = started(definition(flows, node("task", "x"), node("task", "y"), receives("r1"), receives("r2")))

    instance.when(move_on(12 + 3))

    assert [element.element_id for element in instance.state.elements] == ["r2"]


@pytest.mark.parametrize("ordinal", [0, 9])
def test_an_execution_that_only_holds_others_cannot_be_moved_on(ordinal: int) -> None:
    content = sub_process("sub", "start2 > x; x > r1; x > r2", node("task", "x"), receives("r1"), receives("r2"))

    refusal = started(definition("start > sub", content)).refusal(move_on(ordinal))

    why = f"cannot signal execution {part_id(INSTANCE, ordinal)}: it has no current activity"
    assert refusal == Refused(ExecutionFailed, why, "ProcessEngineException")


def test_a_gateway_takes_no_signals() -> None:
    join = node("parallelGateway", "join")
    instance = started(
        definition("start > x; x > y > join; x > u > join; join > end", *(node("task", id) for id in "xy"), join, node("userTask", "u"))
    )

    refusal = instance.refusal(move_on(12 + 3))

    assert refusal.message == "ENGINE-02010 The activity with id 'join' doesn't accept signals."


@pytest.mark.parametrize("inner", [external("a", camunda_asyncBefore="true")])
def test_a_token_before_its_element_cannot_be_moved_on(inner: Xml) -> None:
    refusal = started(definition("start > a", inner)).refusal(move_on(0))

    assert refusal.message == f"cannot signal execution {INSTANCE}: it has no current activity"


def test_an_execution_that_is_nowhere() -> None:
    assert started(definition("start > a")).refusal(move_on(77)).by is MissingValue
