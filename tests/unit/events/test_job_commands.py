"""What users do with jobs (REST contract §10.7)."""

from __future__ import annotations

import pytest

from domain.facts import (
    JobDueDateRecalculated,
    JobDueDateSet,
    JobFailed,
    JobPrioritySet,
    JobRetriesSet,
    JobSuspensionSet,
)
from domain.refusals import NotFound, Rejected
from tests.unit.domain.commands import (
    delete_job,
    execute,
    fail_job,
    job_id,
    modify,
    recalculate,
    set_due,
    set_job_priority,
    set_job_retries,
    suspend_job,
)
from tests.unit.domain.given import NOW, AnyCommand, Refused, of_instance, started
from tests.unit.domain.models import catches, definition, external, on_time
from tests.unit.events.waiting import HOUR, MINUTE

TIMER = definition("start > c > a", catches("c", on_time("${wait}")))
ASYNCHRONOUS = definition("start > a", external("a", camunda_asyncBefore="true"))
ALL = [
    execute(99),
    fail_job(99),
    set_job_retries(99, 1),
    set_due(99, NOW),
    recalculate(99),
    set_job_priority(99, 1),
    suspend_job(99),
    delete_job(99),
]


@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_a_job_that_is_nowhere_is_not_found(command: AnyCommand) -> None:
    assert started(TIMER, wait="PT1M").refusal(command) == Refused(NotFound, f"No job found with id '{job_id(99)}'")


def test_retries_are_set() -> None:
    assert started(TIMER, wait="PT1M").when(set_job_retries(12, 9)) == of_instance(JobRetriesSet(12, 9))


@pytest.mark.parametrize("due", [NOW + HOUR, NOW - HOUR, None])
def test_a_due_date_is_set(due: int | None) -> None:
    instance = started(TIMER, wait="PT1M")

    facts = instance.when(set_due(12, due))

    assert facts == of_instance(JobDueDateSet(12, due))
    assert [job.due for job in instance.state.jobs.values()] == [due]


@pytest.mark.parametrize(("since_creation", "due"), [(True, NOW + HOUR), (False, NOW + MINUTE + HOUR)])
def test_a_due_date_is_computed_again(since_creation: bool, due: int) -> None:
    instance = started(TIMER, wait="PT1M")
    instance.when(modify(0, wait="PT1H"))
    instance.at = NOW + MINUTE

    facts = instance.when(recalculate(12, since_creation))

    assert facts == of_instance(JobDueDateRecalculated(12, due, since_creation))


def test_only_timers_have_dates_to_compute() -> None:
    refusal = started(ASYNCHRONOUS).refusal(recalculate(12))

    why = f"Only timer jobs can be recalculated, but the job with id '{job_id(12)}' is of type 'async-continuation'."
    assert refusal == Refused(Rejected, why)


def test_a_priority_is_set() -> None:
    assert started(ASYNCHRONOUS).when(set_job_priority(12, -3)) == of_instance(JobPrioritySet(12, -3))


def test_a_job_is_suspended_and_can_still_be_executed_by_hand() -> None:
    instance = started(ASYNCHRONOUS)

    assert instance.when(suspend_job(12)) == of_instance(JobSuspensionSet(12, True))
    assert not isinstance(instance.when(execute(12))[0][1], JobFailed)
