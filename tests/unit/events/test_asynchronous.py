"""Asynchronous continuations: a token waits before or behind an element until a job moves it (BPMN page §2)."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ExternalTaskCompleted,
    JobExecuted,
    JobRemoved,
    MessageCorrelated,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    SequenceFlowTaken,
    SubscriptionClosed,
    TokenHeld,
    UserTaskCancelled,
    VariablesSet,
)
from tests.unit.domain.commands import complete, delete, execute, message, start
from tests.unit.domain.given import (
    DEFINITION,
    GHOST,
    begins,
    creates,
    ends,
    enters,
    given,
    long,
    of_instance,
    of_task,
    passes,
    started,
    values,
    working,
)
from tests.unit.domain.models import boundary, definition, extensions, external, mapping, node, on_message, sub_process, terminates
from tests.unit.events.waiting import before, behind


def test_a_token_waits_before_its_element() -> None:
    instance = given(definition("start > a > end", external("a", camunda_asyncBefore="true")))

    waits, goes_on = instance.when(start()), instance.when(execute(12))

    assert waits == [*begins(), *of_instance(SequenceFlowTaken(8, "start-a", 0), before(12, "a", 8))]
    assert goes_on == [*of_instance(JobExecuted(12), ElementActivated(8, "a", 0)), *creates(8, "a")]


def test_the_old_name_of_the_attribute_is_understood() -> None:
    facts = given(definition("start > a > end", external("a", camunda_async="true"))).when(start())

    assert facts[-1:] == of_instance(before(12, "a", 8))


def test_a_token_waits_behind_its_element() -> None:
    instance = working(definition("start > a > end", external("a", camunda_asyncAfter="true")))

    waits, goes_on = instance.when(complete(8)), instance.when(execute(16))

    assert waits == [
        *of_task(8, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(8), SequenceFlowTaken(12, "a-end", 0), behind(16, "a", 12)),
    ]
    assert goes_on == [*of_instance(JobExecuted(16), ElementActivated(12, "end", 0), ElementCompleted(12)), *ends()]


def test_a_process_waits_before_its_start_event() -> None:
    instance = given(definition("start > a", node("startEvent", "start", camunda_asyncBefore="true")))

    waits, goes_on = instance.when(start(n=1)), instance.when(execute(8))

    assert waits == of_instance(ProcessInstanceStarted(DEFINITION, None, values(n=1)), TokenHeld(4, "start", 0), before(8, "start", 4))
    assert goes_on == [
        *of_instance(JobExecuted(8), ElementActivated(4, "start", 0), ElementCompleted(4)),
        *enters(9, "start", "a"),
        *creates(9, "a"),
    ]


def test_a_token_waits_behind_an_end_event() -> None:
    instance = given(definition("start > end", node("endEvent", "end", camunda_asyncAfter="true")))

    waits, ended = instance.when(start()), instance.when(execute(16))

    assert waits == [*begins(), *passes(8, "start", "end"), *of_instance(TokenHeld(12, "end", 0), behind(16, "end", 12))]
    assert ended == [*of_instance(JobExecuted(16)), *ends()]


def test_a_token_that_waits_behind_an_end_keeps_its_sub_process_open() -> None:
    content = sub_process("sub", "start2 > end2", node("endEvent", "end2", camunda_asyncAfter="true"))
    instance = started(definition("start > sub > end", content))

    facts = instance.when(execute(24))

    assert facts == [*of_instance(JobExecuted(24), ElementCompleted(8)), *passes(25, "sub", "end"), *ends()]


def test_every_flow_of_a_fork_has_a_job_of_its_own() -> None:
    instance = started(definition("start > x; x > a; x > b", node("parallelGateway", "x", camunda_asyncAfter="true")))

    facts = instance.when(execute(21))

    assert [(job.holder, job.execution) for job in instance.state.jobs.values()] == [(12, 15)]
    assert facts == [*of_instance(JobExecuted(21), ElementActivated(16, "b", 0)), *creates(16, "b")]


def test_tokens_meet_in_a_gateway_that_they_wait_before() -> None:
    join = node("parallelGateway", "join", camunda_asyncBefore="true")
    instance = started(definition("start > x; x > y > join; x > z > join; join > a", *(node("task", id) for id in "xyz"), join))
    (first, second) = sorted(instance.state.jobs)

    waits, opens = instance.when(execute(first)), instance.when(execute(second))

    assert [type(fact).__name__ for _, fact in waits] == ["JobExecuted", "ElementActivated"]
    assert [type(fact).__name__ for _, fact in opens][:4] == ["JobExecuted", "ElementActivated", "ElementCompleted", "ElementCompleted"]
    assert instance.open_topics == ["a"]


def test_a_boundary_event_waits_before_it_goes_on() -> None:
    caught = boundary("b", "u", on_message("m"), True, camunda_asyncBefore="true")
    instance = started(definition("start > u > end; b > a", node("userTask", "u"), caught))

    waits, goes_on = instance.when(message(8, "m")), instance.when(execute(17))

    assert waits == [
        *of_instance(MessageCorrelated(12), UserTaskCancelled(8), SubscriptionClosed(12), ElementTerminated(8)),
        *of_instance(TokenHeld(13, "b", 0), before(17, "b", 13)),
    ]
    assert goes_on[:2] == of_instance(JobExecuted(17), ElementActivated(13, "b", 0))
    assert instance.open_topics == ["a"]


def test_inputs_are_computed_when_the_job_is_executed() -> None:
    task = external("a", extensions(mapping({"x": "${n + 1}"})), camunda_asyncBefore="true")
    instance = started(definition("start > a", task), n=1)
    before_it = instance.variables(8)

    facts = instance.when(execute(12))

    assert before_it == {}
    assert facts[2:3] == of_instance(VariablesSet(8, {"x": long(2)}))


@pytest.mark.parametrize(
    ("of_process", "of_element", "priority"),
    [(None, None, 0), ("7", None, 7), (None, "8", 8), ("7", "8", 8), ("${n}", None, 3), ("7", "${n + 1}", 4), (None, "-5", -5)],
)
def test_the_priority_of_a_job(of_process: str | None, of_element: str | None, priority: int) -> None:
    task = external("a", camunda_asyncBefore="true", camunda_jobPriority=of_element)
    instance = given(definition("start > a", task, camunda_jobPriority=of_process))

    facts = instance.when(start(n=3))

    assert facts[-1:] == of_instance(before(12, "a", 8, priority=priority))


def test_a_priority_that_cannot_be_computed_fails_the_command() -> None:
    task = external("a", camunda_asyncBefore="true", camunda_jobPriority="${ghost}")

    assert given(definition("start > a", task)).refusal(start()).message == GHOST


def test_a_waiting_token_is_cancelled_with_its_job() -> None:
    flows = "start > x; x > a; x > m > stop"
    model = definition(flows, node("task", "x"), external("a", camunda_asyncBefore="true"), node("userTask", "m"), terminates("stop"))
    instance = started(model)

    facts = instance.when(delete())

    assert [fact for _, fact in facts if isinstance(fact, JobRemoved)] == [JobRemoved(20)]
    assert facts[-1:] == of_instance(ProcessInstanceEnded("EXTERNALLY_TERMINATED"))
    assert facts[1:3] == of_instance(JobRemoved(20), ElementTerminated(12))


def test_jobs_of_parallel_tokens_know_their_executions() -> None:
    task = node("task", "x")
    instance = given(
        definition("start > x; x > a; x > y > b", task, node("task", "y"), *(external(id, camunda_async="true") for id in "ab"))
    )

    facts = instance.when(start())

    assert before(20, "a", 12, execution=15) in [fact for _, fact in facts]
    assert before(25, "b", 21, execution=19) in [fact for _, fact in facts]


def test_both_borders_of_an_element_can_be_asynchronous() -> None:
    both = node("task", "x", camunda_asyncBefore="true", camunda_asyncAfter="true")
    instance = started(definition("start > x > a", both))

    passed = instance.when(execute(12))

    assert passed == of_instance(
        JobExecuted(12), ElementActivated(8, "x", 0), ElementCompleted(8), SequenceFlowTaken(13, "x-a", 0), behind(17, "x", 13)
    )
    assert instance.when(execute(17))[:2] == of_instance(JobExecuted(17), ElementActivated(13, "a", 0))
