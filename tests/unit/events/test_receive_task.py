"""Receive task: waits for its message, or until somebody moves its execution on (BPMN page §6)."""

from __future__ import annotations

import pytest

from domain.deciding.event import NotSubscribed
from domain.facts import (
    ElementCompleted,
    ElementTerminated,
    ExecutionSignalled,
    MessageCorrelated,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    SubscriptionClosed,
    VariablesSet,
)
from domain.refusals import MissingValue, Suspended
from domain.values import Value
from tests.unit.domain.commands import delete, execution_id, message, move_on, start, suspend
from tests.unit.domain.given import Plain, Refused, begins, ends, enters, given, of_instance, passes, started, transient, values
from tests.unit.domain.models import definition, extensions, mapping, node, receives
from tests.unit.events.waiting import awaits

RECEIVE = definition("start > r > end", receives("r", "m"))
JAVA = Value("Object", "rO0", {"objectTypeName": "com.x.Y", "serializationDataFormat": "application/x-java-serialized-object"})


def test_a_receive_task_opens_a_subscription() -> None:
    facts = given(RECEIVE).when(start())

    assert facts == [*begins(), *enters(8, "start", "r"), *of_instance(awaits(12, "m", "r"))]


def test_its_message_ends_the_wait() -> None:
    instance = started(RECEIVE)

    facts = instance.when(message(8, "m"))

    assert facts == [
        *of_instance(MessageCorrelated(12), SubscriptionClosed(12), ElementCompleted(8)),
        *passes(13, "r", "end"),
        *ends(),
    ]


def test_variables_of_a_message_go_where_they_belong() -> None:
    outputs = extensions(mapping({"own": "${1}"}, {"seen": "${own + here + event + n}"}))
    instance = started(definition("start > r > u", receives("r", "m", outputs), node("userTask", "u")), n=1)

    facts = instance.when(message(8, "m", values(here=10), values(event=100), n=2, own=3))

    assert facts[:6] == of_instance(
        MessageCorrelated(12, values(n=2, own=3), values(here=10), values(event=100)),
        VariablesSet(0, values(n=2)),
        VariablesSet(8, values(own=3)),
        VariablesSet(8, values(here=10)),
        VariablesSet(8, values(event=100)),
        VariablesSet(0, {"seen": Value("Long", 115)}),
    )
    assert instance.variables() == {**values(n=2), "seen": Value("Long", 115)}


def test_a_transient_variable_is_seen_and_not_kept() -> None:
    outputs = extensions(mapping(outputs={"seen": "${passing}"}))
    instance = started(definition("start > r > u", receives("r", "m", outputs), node("userTask", "u")))

    instance.when(message(8, "m", passing=transient(7)))

    assert instance.variables() == values(seen=7)


def test_a_name_is_computed_outside_of_the_tasks_inputs() -> None:
    named = node("message", "message-x", name="order-${n}")
    instance = given(definition("start > r", receives("r", "x", extensions(mapping({"n": "${2}"}))), declared=[named]))

    facts = instance.when(start(n=1))

    assert awaits(12, "order-1", "r") in [fact for _, fact in facts]


@pytest.mark.parametrize(("n", "message_of"), [(5, "Integer"), (True, "Boolean")])
def test_a_name_that_is_no_text_fails_the_command(n: Plain, message_of: str) -> None:
    instance = given(definition("start > r", receives("r", "x"), declared=[node("message", "message-x", name="${n}")]))

    refusal = instance.refusal(start(n=n))

    assert (refusal.kind, refusal.message) == (
        "ClassCastException",
        f"The event name '${{n}}' gives a {message_of}; it has to be a String.",
    )


def test_a_task_without_message_waits_for_nothing_but_being_moved_on() -> None:
    instance = given(definition("start > r > end", receives("r")))

    waits, goes_on = instance.when(start()), instance.when(move_on(0, n=1))

    assert waits == [*begins(), *enters(8, "start", "r")]
    assert goes_on == [
        *of_instance(ExecutionSignalled(0, values(n=1)), VariablesSet(0, values(n=1)), ElementCompleted(8)),
        *passes(12, "r", "end"),
        *ends(),
    ]


def test_a_task_with_a_message_can_be_moved_on_too() -> None:
    instance = started(RECEIVE)

    facts = instance.when(move_on(9))

    assert facts[:3] == of_instance(ExecutionSignalled(9), SubscriptionClosed(12), ElementCompleted(8))


def test_only_the_task_that_is_meant_goes_on() -> None:
    instance = started(definition("start > x; x > r1; x > r2", node("task", "x"), receives("r1", "m"), receives("r2", "m")))

    facts = instance.when(message(16, "m"))

    assert facts == of_instance(MessageCorrelated(21), SubscriptionClosed(21), ElementCompleted(16))
    assert [one.element_id for one in instance.state.subscriptions.values()] == ["r1"]


def test_another_message_is_refused() -> None:
    refusal = started(RECEIVE).refusal(message(8, "other"))

    why = f"Execution with id '{execution_id(8)}' does not have a subscription to a message event with name 'other'"
    assert refusal == Refused(NotSubscribed, f"{why}: eventSubscriptions is empty", "ProcessEngineException")


def test_a_suspended_instance_takes_no_message() -> None:
    instance = started(RECEIVE)
    instance.when(suspend())

    expected = f"ENGINE-03043 Execution with id '{execution_id(8)}' is suspended."
    assert instance.refusal(message(8, "m")) == Refused(Suspended, expected)
    assert instance.refusal(move_on(9)) == Refused(Suspended, expected)


@pytest.mark.parametrize("place", ["variables", "local", "triggered"])
def test_java_objects_are_refused_wherever_they_stand(place: str) -> None:
    instance, java = started(RECEIVE), {"o": JAVA}

    command = message(8, "m", java if place == "local" else None, java if place == "triggered" else None)
    if place == "variables":
        command = message(8, "m", o=JAVA)

    assert instance.refusal(command).message == "ENGINE-17007 Cannot set variable with name o. Java serialization format is prohibited"


def test_an_execution_that_is_nowhere_cannot_be_moved_on() -> None:
    refusal = started(RECEIVE).refusal(move_on(99))

    assert refusal.by is MissingValue


def test_a_deleted_instance_closes_its_subscriptions() -> None:
    instance = started(RECEIVE)

    facts = instance.when(delete())

    assert facts == of_instance(
        ProcessInstanceDeleted(), SubscriptionClosed(12), ElementTerminated(8), ProcessInstanceEnded("EXTERNALLY_TERMINATED")
    )
