"""Boundary events for messages, signals and times: interrupting or not, once or again and again (BPMN page §8)."""

from __future__ import annotations

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    JobExecuted,
    JobRemoved,
    MessageCorrelated,
    SignalReceived,
    SubscriptionClosed,
    UserTaskCancelled,
    UserTaskCreated,
    VariablesSet,
)
from tests.unit.domain.commands import complete, complete_user_task, execute, message, set_due, signal, start
from tests.unit.domain.given import (
    DEFINITION,
    NOW,
    begins,
    creates,
    ends,
    enters,
    given,
    of_instance,
    of_task,
    passes,
    started,
    values,
    working,
)
from tests.unit.domain.models import (
    boundary,
    catches_error,
    definition,
    extensions,
    external,
    mapping,
    node,
    on_message,
    on_signal,
    on_time,
    sub_process,
)
from tests.unit.events.waiting import HOUR, MINUTE, awaits, timer

USER = node("userTask", "u")
TASK = UserTaskCreated(8, "u", DEFINITION, 9)
"""What an event waits at has an execution of its own."""
STOPPED = definition("start > u > end; b > a", USER, boundary("b", "u", on_message("m")))


def test_waiting_is_open_before_the_activity_begins_to_work() -> None:
    events = [boundary("b1", "u", on_time()), boundary("b2", "u", on_signal("s")), boundary("b3", "u", on_message("m"))]
    inputs = extensions(mapping({"n": "${1}"}))
    instance = given(definition("start > u", node("userTask", "u", inputs), *events))

    facts = instance.when(start())

    assert [type(fact).__name__ for _, fact in facts[3:]] == [
        "SequenceFlowTaken",
        "ElementActivated",
        "SubscriptionOpened",
        "SubscriptionOpened",
        "VariablesSet",
        "JobCreated",
        "UserTaskCreated",
    ]
    assert [fact for _, fact in facts if fact in (awaits(12, "s", "b2", kind="signal"), awaits(13, "m", "b3"), timer(14, "b1"))] == [
        awaits(12, "s", "b2", kind="signal"),
        awaits(13, "m", "b3"),
        timer(14, "b1"),
    ]


def test_a_message_interrupts() -> None:
    instance = given(STOPPED)

    waits, interrupted = instance.when(start()), instance.when(message(8, "m", n=1))

    assert waits == [*begins(), *enters(8, "start", "u"), *of_instance(awaits(12, "m", "b"), TASK)]
    assert interrupted == [
        *of_instance(MessageCorrelated(12, values(n=1)), VariablesSet(0, values(n=1))),
        *of_instance(UserTaskCancelled(8), SubscriptionClosed(12), ElementTerminated(8)),
        *of_instance(ElementActivated(13, "b", 0), ElementCompleted(13)),
        *enters(17, "b", "a"),
        *creates(17, "a"),
    ]


def test_a_message_that_interrupts_nothing_can_come_again() -> None:
    instance = started(definition("start > u > end; b > a", USER, boundary("b", "u", on_message("m"), False)))

    first, second = instance.when(message(8, "m")), instance.when(message(8, "m"))

    assert first == [
        *of_instance(MessageCorrelated(12), ElementActivated(13, "b", 0), ElementCompleted(13)),
        *enters(17, "b", "a", branch=13),
        *creates(17, "a"),
    ]
    assert [type(fact).__name__ for _, fact in second] == [type(fact).__name__ for _, fact in first]
    assert instance.open_topics == ["a", "a"]


def test_a_signal_interrupts_what_is_inside_first() -> None:
    content = sub_process("sub", "start2 > x; x > t; x > u", node("task", "x"), external("t"), USER)
    instance = started(definition("start > sub > end; b > a", content, boundary("b", "sub", on_signal("s"))))

    facts = instance.when(signal("s"))

    assert facts == [
        *of_instance(SignalReceived("s")),
        *of_task(21, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(21), UserTaskCancelled(25), ElementTerminated(25)),
        *of_instance(SubscriptionClosed(12), ElementTerminated(8)),
        *of_instance(ElementActivated(29, "b", 0), ElementCompleted(29)),
        *enters(33, "b", "a"),
        *creates(33, "a"),
    ]


def test_a_timer_interrupts() -> None:
    instance = started(definition("start > t > end; b > a", external("t"), boundary("b", "t", on_time())))

    facts = instance.when(execute(12))

    assert facts == [
        *of_instance(JobExecuted(12)),
        *of_task(8, ExternalTaskCancelled()),
        *of_instance(ElementTerminated(8), ElementActivated(13, "b", 0), ElementCompleted(13)),
        *enters(17, "b", "a"),
        *creates(17, "a"),
    ]


def test_a_timer_without_cycle_fires_once() -> None:
    instance = started(definition("start > u > end; b > a", USER, boundary("b", "u", on_time(), False)))

    facts = instance.when(execute(12))

    assert facts == [
        *of_instance(JobExecuted(12), ElementActivated(13, "b", 0), ElementCompleted(13)),
        *enters(17, "b", "a", branch=13),
        *creates(17, "a"),
    ]
    assert not instance.state.jobs


def test_a_cycle_fires_as_often_as_it_says() -> None:
    instance = started(definition("start > u > end; b > a", USER, boundary("b", "u", on_time("R2/PT1H", "timeCycle"), False)))
    cycle = "R2/2023-11-14T22:13:20/PT1H"
    instance.at = NOW + HOUR

    first = instance.when(execute(12))
    instance.at = NOW + 2 * HOUR
    second = instance.when(execute(13))

    assert first[:3] == of_instance(JobExecuted(12), timer(13, "b", after=2 * HOUR, repeat=cycle), ElementActivated(14, "b", 0))
    assert second[:2] == of_instance(JobExecuted(13), ElementActivated(22, "b", 0))
    assert (instance.open_topics, dict(instance.state.jobs)) == (["a", "a"], {})


def test_an_interrupting_cycle_fires_once() -> None:
    instance = given(definition("start > u > end; b > a", USER, boundary("b", "u", on_time("R/PT1H", "timeCycle"))))

    waits, interrupted = instance.when(start()), instance.when(execute(12))

    assert waits[-2:] == of_instance(timer(12, "b", after=HOUR), TASK)
    assert not [fact for _, fact in interrupted if type(fact).__name__ == "JobCreated"]


def test_the_later_dates_of_a_cycle_move_along() -> None:
    instance = started(definition("start > u > end; b > a", USER, boundary("b", "u", on_time("R/PT1H", "timeCycle"), False)))
    instance.when(set_due(12, NOW + HOUR + MINUTE, True))
    instance.at = NOW + HOUR + MINUTE

    instance.when(execute(12))

    (job,) = instance.state.jobs.values()
    assert (job.due, job.offset) == (NOW + 2 * HOUR + MINUTE, MINUTE)


def test_an_activity_that_ends_closes_what_its_events_wait_for() -> None:
    events = [boundary("b1", "u", on_message("m")), boundary("b2", "u", on_time(), False), catches_error("b3", "u")]
    instance = started(definition("start > u > end", USER, *events))

    facts = instance.when(complete_user_task(8))

    assert facts[1:4] == of_instance(SubscriptionClosed(12), JobRemoved(13), ElementCompleted(8))
    assert facts[-1:] == ends()


def test_the_outputs_of_an_interrupted_activity_are_mapped() -> None:
    task = external("t", extensions(mapping({"own": "${'in'}"}, {"r": "${own}"})))
    instance = started(definition("start > t > end; b > a", task, boundary("b", "t", on_message("m"))))

    facts = instance.when(message(8, "m"))

    assert [fact for _, fact in facts if isinstance(fact, VariablesSet)] == [VariablesSet(0, values(r="in"))]


def test_variables_that_come_with_an_event_belong_to_the_scope_around() -> None:
    content = sub_process("sub", "start2 > u", USER, boundary("b", "u", on_message("m"), False), node("userTask", "v"))
    instance = started(definition("start > sub > end", content, node("userTask", "w")), n=1)

    instance.when(message(16, "m", values(local=1), values(event=2), n=2))

    assert (instance.variables(0), instance.variables(8), instance.variables(16)) == (values(n=2), values(event=2), values(local=1))


def test_a_task_with_an_event_at_it_is_completed_as_any_other() -> None:
    instance = working(definition("start > t > end; b > a", external("t"), boundary("b", "t", on_message("m"))))

    facts = instance.when(complete(8))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w")),
        *of_instance(SubscriptionClosed(12), ElementCompleted(8)),
        *passes(13, "t", "end"),
        *ends(),
    ]


def test_events_of_two_instances_of_an_activity_are_told_apart() -> None:
    flows = "start > x; x > y > u; x > z > u; b > a"
    instance = started(definition(flows, *(node("task", id) for id in "xyz"), USER, boundary("b", "u", on_message("m"))))
    (first, second) = sorted(one.holder for one in instance.state.subscriptions.values())

    instance.when(message(second, "m"))

    assert [task.task.key for task in instance.history.open_user_tasks] == [first]
    assert instance.open_topics == ["a"]
