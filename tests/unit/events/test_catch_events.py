"""Intermediate catch events: a message, a signal or a time ends the wait (BPMN page §8)."""

from __future__ import annotations

import pytest

from domain.deciding.event import NotSubscribed
from domain.facts import (
    ElementCompleted,
    JobExecuted,
    JobRemoved,
    MessageCorrelated,
    ProcessInstanceDeleted,
    SignalReceived,
    SubscriptionClosed,
    VariablesSet,
)
from domain.refusals import ExecutionFailed, NotFound, Suspended
from domain.values import Value
from tests.unit.domain.commands import delete, execute, execution_id, job_id, message, signal, start, suspend
from tests.unit.domain.given import (
    GHOST,
    INSTANCE,
    NOW,
    Plain,
    Refused,
    begins,
    creates,
    ends,
    enters,
    given,
    of_instance,
    passes,
    started,
    values,
)
from tests.unit.domain.models import catches, definition, extensions, mapping, node, on_message, on_signal, on_time
from tests.unit.events.waiting import HOUR, MINUTE, SECOND, awaits, timer

MESSAGE = definition("start > c > end", catches("c", on_message("m")))
SIGNAL = definition("start > c > end", catches("c", on_signal("s")))
TIMER = definition("start > c > end", catches("c", on_time("PT1M")))


def test_a_message_event_waits_for_its_message() -> None:
    instance = given(MESSAGE)

    waits, goes_on = instance.when(start()), instance.when(message(8, "m", n=1))

    assert waits == [*begins(), *enters(8, "start", "c"), *of_instance(awaits(12, "m", "c"))]
    assert goes_on == [
        *of_instance(MessageCorrelated(12, values(n=1)), VariablesSet(0, values(n=1)), SubscriptionClosed(12), ElementCompleted(8)),
        *passes(13, "c", "end"),
        *ends(),
    ]


def test_a_signal_event_waits_for_its_signal() -> None:
    instance = given(SIGNAL)

    waits, goes_on = instance.when(start()), instance.when(signal("s", n=1))

    assert waits == [*begins(), *enters(8, "start", "c"), *of_instance(awaits(12, "s", "c", kind="signal"))]
    assert goes_on == [
        *of_instance(SignalReceived("s", values(n=1)), VariablesSet(0, values(n=1)), SubscriptionClosed(12), ElementCompleted(8)),
        *passes(13, "c", "end"),
        *ends(),
    ]


def test_a_timer_event_waits_for_its_time() -> None:
    instance = given(TIMER)

    waits, goes_on = instance.when(start()), instance.when(execute(12))

    assert waits == [*begins(), *enters(8, "start", "c"), *of_instance(timer(12, "c"))]
    assert goes_on == [*of_instance(JobExecuted(12), ElementCompleted(8)), *passes(13, "c", "end"), *ends()]


def test_every_waiting_event_has_a_signal_one_after_the_other() -> None:
    flows = "start > x; x > c1 > a; x > c2 > b"
    instance = started(definition(flows, node("task", "x"), *(catches(id, on_signal("s")) for id in ("c1", "c2"))))

    facts = instance.when(signal("s"))

    assert facts == [
        *of_instance(SignalReceived("s"), SubscriptionClosed(20), ElementCompleted(12)),
        *enters(22, "c1", "a", branch=12),
        *creates(22, "a"),
        *of_instance(SubscriptionClosed(21), ElementCompleted(16)),
        *enters(26, "c2", "b", branch=16),
        *creates(26, "b"),
    ]


def test_a_signal_can_be_for_one_execution_alone() -> None:
    instance = started(definition("start > x; x > c1; x > c2", node("task", "x"), *(catches(id, on_signal("s")) for id in ("c1", "c2"))))

    facts = instance.when(signal("s", 16))

    assert facts == of_instance(SignalReceived("s", {}, 16), SubscriptionClosed(21), ElementCompleted(16))


def test_a_signal_that_nobody_waits_for_is_refused() -> None:
    refusal = started(SIGNAL).refusal(signal("other", 8))

    why = f"Execution '{execution_id(8)}' has not subscribed to a signal event with name 'other'. is empty"
    assert refusal == Refused(NotSubscribed, why, "ProcessEngineException")


def test_a_suspended_instance_takes_no_signal() -> None:
    instance = started(SIGNAL)
    instance.when(suspend())

    assert instance.refusal(signal("s")) == Refused(Suspended, f"ENGINE-03043 Execution with id '{INSTANCE}' is suspended.")


@pytest.mark.parametrize(
    ("kind", "time", "after"),
    [
        ("timeDuration", "PT10S", 10 * SECOND),
        ("timeDuration", "PT${n}H", 2 * HOUR),
        ("timeDuration", "${d}", MINUTE),
        ("timeDate", "2023-11-14T22:13:21Z", SECOND),
        ("timeDate", "2001-01-01T00:00:00Z", 978_307_200_000 - NOW),
        ("timeDate", "${date}", 5),
        ("timeDuration", "${date}", 5),
        ("timeCycle", "R3/PT1H", HOUR),
        ("timeCycle", "0 0 0 * * ?", 6_400 * SECOND),
    ],
)
def test_the_time_of_a_timer(kind: str, time: str, after: int) -> None:
    instance = given(definition("start > c", catches("c", on_time(time, kind))))

    facts = instance.when(start(n=2, d="PT1M", date=Value("Date", NOW + 5)))

    assert facts[-1:] == of_instance(timer(12, "c", after=after))


def test_a_cycle_of_an_event_that_tokens_leave_fires_once() -> None:
    instance = started(definition("start > c > end", catches("c", on_time("R3/PT1H", "timeCycle"))))

    facts = instance.when(execute(12))

    assert facts[-1:] == ends()


def test_a_time_sees_the_inputs_and_a_name_does_not() -> None:
    inputs = extensions(mapping({"n": "${n + 1}"}))
    named = node("message", "message-x", name="m${n}")
    flows = "start > x; x > c1; x > c2"
    model = definition(
        flows, node("task", "x"), catches("c1", on_time("PT${n}H"), inputs), catches("c2", on_message("x"), inputs), declared=[named]
    )

    facts = given(model).when(start(n=1))

    assert [fact for _, fact in facts if fact in (timer(20, "c1", 12, 2 * HOUR), awaits(21, "m1", "c2", 16))] == [
        timer(20, "c1", 12, 2 * HOUR),
        awaits(21, "m1", "c2", 16),
    ]


@pytest.mark.parametrize(
    ("time", "why"),
    [
        ("soon", "ENGINE-09027 Exception while resolving duedate 'soon': Invalid format: \"soon\""),
        ("${ghost}", GHOST),
        (
            "${n}",
            "Timer 'c' was not configured with a valid duration/time, "
            "either hand in a java.util.Date or a String in format 'yyyy-MM-dd'T'hh:mm:ss'",
        ),
    ],
)
def test_what_is_no_time_fails_the_command(time: str, why: str) -> None:
    refusal = given(definition("start > c", catches("c", on_time(time)))).refusal(start(n=1))

    assert (refusal.by, refusal.message) == (ExecutionFailed, why)


def test_a_timer_that_has_fired_is_gone() -> None:
    instance = started(definition("start > c > a", catches("c", on_time())))
    instance.when(execute(12))

    assert instance.refusal(execute(12)) == Refused(NotFound, f"No job found with id '{job_id(12)}'")


@pytest.mark.parametrize("time", ["PT1M", "R3/PT1M"])
def test_a_deleted_instance_takes_its_timers_along(time: str) -> None:
    instance = started(definition("start > c", catches("c", on_time(time, "timeDuration"))))

    facts = instance.when(delete())

    assert facts[:2] == of_instance(ProcessInstanceDeleted(), JobRemoved(12))
    assert not instance.state.jobs


@pytest.mark.parametrize(("plain", "kept"), [(1, 1), ("text", "text")])
def test_the_outputs_of_an_event_see_what_came_with_it(plain: Plain, kept: Plain) -> None:
    outputs = extensions(mapping({"own": "${0}"}, {"r": "${own}"}))
    instance = started(definition("start > c > a", catches("c", on_message("m"), outputs)))

    instance.when(message(8, "m", own=plain))

    assert instance.variables() == values(r=kept)
