"""A job whose process cannot go on leaves only its failure: fewer retries, perhaps later ones, at last an incident (BPMN page §2)."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    JobDeleted,
    JobExecuted,
    JobFailed,
    JobRemoved,
    JobRetriesSet,
)
from domain.job_definitions import job_definition_id
from domain.outcomes import JobAttempted
from tests.unit.domain.commands import delete, delete_job, execute, fail_job, job_id, modify, set_job_retries, start, suspend
from tests.unit.domain.given import DEFINITION, GHOST, INSTANCE, NOW, Instance, ends, given, long, of_instance, passes, started, values
from tests.unit.domain.models import Xml, boundary, definition, extensions, node, on_time
from tests.unit.events.waiting import HOUR, MINUTE, timer


def computes(expression: str, *inner: Xml, **attributes: str) -> Xml:
    return node("serviceTask", "v", *inner, camunda_expression=expression, camunda_asyncBefore="true", **attributes)


def tried_again(cycle: str) -> Xml:
    return extensions(node("camunda:failedJobRetryTimeCycle", None, cycle))


FAILING = definition("start > v > end", computes("${ghost}"))
INCIDENT = IncidentRaised(
    13, "failedJob", 8, "v", DEFINITION, job_id(12), GHOST, None, 12, 0, "v", job_definition_id(DEFINITION, "v", "async-before")
)


def failed(times: int = 1) -> Instance:
    instance = started(FAILING)
    for _ in range(times):
        instance.when(execute(12))
    return instance


def test_an_expression_is_computed_when_its_job_is_executed() -> None:
    instance = started(definition("start > v > end", computes("${n + 1}", camunda_resultVariable="r")), n=1)

    instance.when(execute(12))

    assert (instance.state.ended, instance.variables()) == ("COMPLETED", {**values(n=1), "r": long(2)})


def test_a_failure_takes_one_retry_and_leaves_the_token() -> None:
    instance = started(FAILING)

    facts = instance.when(execute(12))

    assert facts == of_instance(JobFailed(12, GHOST, "v", 2))
    assert [(job.retries, job.message, job.due) for job in instance.state.jobs.values()] == [(2, GHOST, None)]
    assert instance.state.is_in_transition(8)


def test_a_failure_is_told_beside_its_facts() -> None:
    outcome = started(FAILING).decided(execute(12)).outcome

    assert isinstance(outcome, JobAttempted)
    assert outcome.failure is not None and outcome.failure.message == GHOST


def test_nothing_of_the_attempt_is_left() -> None:
    first = node("serviceTask", "w", camunda_expression="${1}", camunda_resultVariable="x", camunda_asyncBefore="true")
    second = node("serviceTask", "v", camunda_expression="${ghost}")
    instance = started(definition("start > w > v > end", first, second))

    facts = instance.when(execute(12))

    assert facts == of_instance(JobFailed(12, GHOST, "v", 2))
    assert (instance.variables(), [token.key for token in instance.state.tokens.values()]) == ({}, [8])


def test_the_last_retry_raises_an_incident() -> None:
    instance = failed(2)

    facts = instance.when(execute(12))

    assert facts == of_instance(JobFailed(12, GHOST, "v", 0), INCIDENT)


def test_a_failure_without_retries_raises_no_second_incident() -> None:
    instance = failed(3)

    assert instance.when(execute(12)) == of_instance(JobFailed(12, GHOST, "v", 0))


def test_new_retries_resolve_the_incident() -> None:
    instance = failed(3)

    facts = instance.when(set_job_retries(12, 1, NOW + MINUTE))

    assert facts == of_instance(JobRetriesSet(12, 1, NOW + MINUTE), IncidentResolved(13))
    assert [(job.retries, job.due) for job in instance.state.jobs.values()] == [(1, NOW + MINUTE)]


def test_retries_set_to_nothing_raise_an_incident() -> None:
    facts = failed(1).when(set_job_retries(12, 0))

    assert facts == of_instance(JobRetriesSet(12, 0), INCIDENT)


def test_success_resolves_the_incident() -> None:
    instance = failed(3)
    instance.when(modify(0, ghost=1))

    facts = instance.when(execute(12))

    assert facts == [
        *of_instance(JobExecuted(12), IncidentResolved(13), ElementActivated(8, "v", 0), ElementCompleted(8)),
        *passes(14, "v", "end"),
        *ends(),
    ]


def test_a_cancelled_token_deletes_the_incident_with_the_job() -> None:
    facts = failed(3).when(delete())

    assert facts[1:3] == of_instance(IncidentDeleted(13), JobRemoved(12))


def test_a_deleted_job_takes_its_incident_along_and_leaves_the_token() -> None:
    instance = failed(3)

    facts = instance.when(delete_job(12))

    assert facts == of_instance(JobDeleted(12), IncidentDeleted(13))
    assert (list(instance.state.tokens), dict(instance.state.jobs)) == ([8], {})


def test_a_failure_can_be_reported_from_outside() -> None:
    instance = started(FAILING)

    facts = instance.when(fail_job(12, "no connection"))

    assert facts == of_instance(JobFailed(12, "no connection", None, 2, None, True))


def test_the_job_of_a_suspended_instance_fails() -> None:
    instance = started(FAILING)
    instance.when(suspend())

    facts = instance.when(execute(12))

    assert facts == of_instance(JobFailed(12, f"ENGINE-03043 Execution with id '{INSTANCE}' is suspended.", None, 2))


@pytest.mark.parametrize(
    ("cycle", "attempts"),
    [
        ("R3/PT1M", [(2, MINUTE), (1, MINUTE), (0, MINUTE)]),
        ("R1/PT1H", [(0, HOUR)]),
        ("PT1M", [(1, MINUTE), (0, MINUTE)]),
        ("PT1M,PT1H", [(2, MINUTE), (1, HOUR), (0, HOUR)]),
        ("PT1M, PT2M ,PT3M", [(3, MINUTE), (2, 2 * MINUTE), (1, 3 * MINUTE), (0, 3 * MINUTE)]),
        ("${cycle}", [(1, MINUTE), (0, MINUTE)]),
        ("soon", [(2, None), (1, None), (0, None)]),
        ("${nothing}", [(2, None), (1, None), (0, None)]),
    ],
)
def test_a_cycle_says_how_often_and_when_to_try_again(cycle: str, attempts: list[tuple[int, int | None]]) -> None:
    instance = started(definition("start > v > end", computes("${ghost}", tried_again(cycle))), cycle="PT1M")

    found = list[tuple[int, int | None]]()
    while not found or found[-1][0]:
        instance.when(execute(12))
        (job,) = instance.state.jobs.values()
        found.append((job.retries, None if job.due is None else job.due - NOW))

    assert found == attempts


def test_a_repeating_timer_that_fails_goes_on_with_its_later_dates() -> None:
    caught = boundary("b", "u", on_time("R/PT1H", "timeCycle"), False)
    instance = started(
        definition("start > u > end; b > v", node("userTask", "u"), caught, node("serviceTask", "v", camunda_expression="${ghost}"))
    )
    instance.at = NOW + HOUR

    facts = instance.when(execute(12))

    again = timer(13, "b", after=2 * HOUR, repeat="R/2023-11-14T22:13:20/PT1H")
    assert facts == of_instance(JobFailed(12, GHOST, "v", 2, NOW + HOUR), again)
    assert [(job.key, job.repeat is None) for job in instance.state.jobs.values()] == [(12, True), (13, False)]


def test_a_timer_that_failed_before_does_not_repeat_itself_twice() -> None:
    caught = boundary("b", "u", on_time("R/PT1H", "timeCycle"), False)
    instance = started(
        definition("start > u > end; b > v", node("userTask", "u"), caught, node("serviceTask", "v", camunda_expression="${ghost}"))
    )

    instance.when(execute(12))
    again = instance.when(execute(12))

    assert [type(fact) for _, fact in again] == [JobFailed]


def test_a_failing_start_leaves_nothing() -> None:
    task = node("serviceTask", "v", camunda_expression="${ghost}")

    assert given(definition("start > v", task)).refusal(start()).message == GHOST
