"""Signal throw and end events: receivers in the same instance have the signal at once, others in the same transaction (BPMN page §8)."""

from __future__ import annotations

import pytest

from domain.facts import ElementActivated, ElementCompleted, SignalThrown, SubscriptionClosed, VariablesSet
from domain.values import Value
from tests.unit.domain.commands import lock, start
from tests.unit.domain.given import GHOST, begins, creates, ends, enters, given, of_instance, passes, started, values
from tests.unit.domain.models import Xml, boundary, catches, definition, extensions, node, on_signal, throws_signal
from tests.unit.events.waiting import awaits


def passed(**attributes: str) -> Xml:
    return extensions(node("camunda:in", None, **attributes))


@pytest.mark.parametrize(("tag", "flows"), [("intermediateThrowEvent", "start > t > end"), ("endEvent", "start > t")])
def test_a_signal_is_thrown_and_the_token_goes_on(tag: str, flows: str) -> None:
    instance = given(definition(flows, throws_signal("t", "s", tag=tag)))

    facts = instance.when(start())

    behind = passes(12, "t", "end") if tag == "intermediateThrowEvent" else []
    assert facts == [*begins(), *enters(8, "start", "t"), *of_instance(SignalThrown(8, "s"), ElementCompleted(8)), *behind, *ends()]


def test_receivers_in_the_same_instance_have_it_at_once() -> None:
    flows = "start > x; x > c > a; x > t > b"
    instance = given(definition(flows, node("task", "x"), catches("c", on_signal("s")), throws_signal("t", "s")))

    facts = instance.when(start())

    assert facts[9:] == [
        *of_instance(awaits(20, "s", "c", 12, "signal")),
        *of_instance(ElementActivated(16, "t", 0)),
        *of_instance(SignalThrown(16, "s"), ElementCompleted(16)),
        *enters(21, "t", "b", branch=16),
        *creates(21, "b"),
        *of_instance(SubscriptionClosed(20), ElementCompleted(12)),
        *enters(25, "c", "a", branch=12),
        *creates(25, "a"),
    ]


def test_a_signal_can_interrupt_what_it_is_thrown_beside() -> None:
    flows = "start > x; x > u; x > t > b; caught > a"
    model = definition(flows, node("task", "x"), node("userTask", "u"), boundary("caught", "u", on_signal("s")), throws_signal("t", "s"))

    instance = started(model)

    assert instance.open_topics == ["a", "b"]
    assert instance.history.open_user_tasks == []


@pytest.mark.parametrize(
    ("inside", "variables"),
    [
        ([], {}),
        ([passed(source="n", target="m")], values(m=1)),
        ([passed(sourceExpression="${n + 1}", target="m")], {"m": Value("Long", 2)}),
        ([passed(source="ghost", target="m")], {"m": Value("Null")}),
        ([passed(variables="all")], values(n=1)),
        ([passed(variables="all", local="true")], {}),
    ],
)
def test_variables_are_passed_as_the_event_says(inside: list[Xml], variables: dict[str, Value]) -> None:
    instance = given(definition("start > t", throws_signal("t", "s", *inside)))

    facts = instance.when(start(n=1))

    assert SignalThrown(8, "s", variables) in [fact for _, fact in facts]


def test_receivers_have_the_variables() -> None:
    model = definition(
        "start > x; x > c > a; x > t",
        node("task", "x"),
        catches("c", on_signal("s")),
        throws_signal("t", "s", passed(source="n", target="m")),
    )

    facts = given(model).when(start(n=1))

    assert VariablesSet(0, values(m=1)) in [fact for _, fact in facts]


def test_a_signal_has_a_business_key_for_those_that_it_starts() -> None:
    instance = given(definition("start > t", throws_signal("t", "s", passed(businessKey="${n}-key"))))

    facts = instance.when(start(n=1))

    assert SignalThrown(8, "s", {}, "1-key") in [fact for _, fact in facts]


def test_the_name_is_computed() -> None:
    named = node("signal", "signal-x", name="alert-${n}")
    instance = given(definition("start > t", throws_signal("t", "x"), declared=[named]))

    facts = instance.when(start(n=1))

    assert SignalThrown(8, "alert-1") in [fact for _, fact in facts]


def test_what_cannot_be_computed_fails_the_command() -> None:
    refusal = given(definition("start > t", throws_signal("t", "s", passed(sourceExpression="${ghost}", target="m")))).refusal(start())

    assert refusal.message == GHOST


def test_the_decision_tells_signals_that_others_may_wait_for() -> None:
    instance = given(
        definition("start > x; x > a; x > t1; x > t2", node("task", "x"), throws_signal("t1", "s1"), throws_signal("t2", "s2"))
    )

    decided = instance.decided(start())

    assert [signal.name for signal in decided.signals] == ["s1", "s2"]


def test_a_command_that_throws_nothing_tells_no_signals() -> None:
    instance = started(definition("start > a"))

    assert instance.decided(lock(8)).signals == ()
