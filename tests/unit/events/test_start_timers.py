"""Timers that start instances: what is left of a firing, a failure, and of what users do with them (REST contract §10.7)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.deciding.lone_job import executed, removed
from domain.deciding.start_timer import changed, failed, following
from domain.elements import ProcessDefinition
from domain.facts import (
    Envelope,
    Fact,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    JobCreated,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRemoved,
    JobRetriesSet,
    JobSuspensionSet,
    ProcessInstanceStarted,
    Recorded,
)
from domain.ids import definition_id
from domain.job_commands import (
    DeleteJob,
    FailJob,
    RecalculateJobDueDate,
    SetJobDueDate,
    SetJobPriority,
    SetJobRetries,
    SuspendJob,
)
from domain.job_definitions import job_definition_id
from domain.lone_job import LoneJob, fold
from tests.unit.domain.given import COMMAND, NOW
from tests.unit.domain.given import INSTANCE as TIMER
from tests.unit.domain.models import definition, extensions, node, on_time, starts
from tests.unit.events.waiting import HOUR, MINUTE

CYCLE = "R/2023-11-14T22:13:20/PT1H"
ID = definition_id("p", 1, "0193f000-0000-7abc-8abc-def000000001")


def process(time: str = "R/PT1H", kind: str = "timeCycle", retries: str | None = None) -> ProcessDefinition:
    cycle = [] if retries is None else [extensions(node("camunda:failedJobRetryTimeCycle", None, retries))]
    return replace(definition("every > a", starts("every", on_time(time, kind), *cycle)), id=ID)


MODEL = process()


def timer(*facts: Fact, repeat: str | None = CYCLE) -> LoneJob:
    """A timer that was due after an hour, and what has happened to it."""
    created = JobCreated(0, "timer", "every", ID, due=NOW + HOUR, repeat=repeat, tenant_id="t")
    found = fold([Recorded(TIMER, number, Envelope(NOW, COMMAND), fact) for number, fact in enumerate((created, *facts), 1)])
    assert found is not None
    return found


def incident(key: int = 1, message: str = "boom") -> IncidentRaised:
    kind = job_definition_id(ID, "every", "timer")
    return IncidentRaised(key, "failedJob", 0, "every", ID, TIMER, message, "t", job_definition_id=kind)


OVER = timer(JobFailed(0, "boom"), incident())


def test_a_timer_that_has_fired_is_over() -> None:
    assert executed(timer()) == [JobExecuted(0)]
    assert timer(JobExecuted(0)).ended


def test_a_cycle_goes_on_with_a_timer_of_its_own() -> None:
    due = NOW + HOUR

    again = following(MODEL, timer(), due)

    assert again == JobCreated(0, "timer", "every", ID, due=NOW + 2 * HOUR, repeat=CYCLE)
    assert following(MODEL, timer(repeat=None), due) is None
    assert following(MODEL, timer(repeat="R1/2023-11-14T22:13:20/PT1H"), due) is None


def test_a_failure_takes_a_retry() -> None:
    assert failed(MODEL, timer(), "boom", NOW) == [JobFailed(0, "boom", None, 2, NOW + HOUR)]


def test_the_last_failure_raises_an_incident_that_belongs_to_no_instance() -> None:
    tried = timer(JobFailed(0, "boom", None, 2), JobFailed(0, "boom", None, 1))

    assert failed(MODEL, tried, "boom", NOW) == [JobFailed(0, "boom"), incident()]


@pytest.mark.parametrize(("retries", "due"), [("R2/PT1M", NOW + MINUTE), ("soon", NOW + HOUR), ("${ghost}", NOW + HOUR)])
def test_a_cycle_of_retries_is_kept_to(retries: str, due: int) -> None:
    facts = failed(process(retries=retries), timer(), "boom", NOW)

    assert facts == [JobFailed(0, "boom", None, 1 if retries.startswith("R2") else 2, due)]


def test_success_and_new_retries_resolve_the_incident() -> None:
    assert executed(OVER) == [JobExecuted(0), IncidentResolved(1)]
    assert changed(MODEL, OVER, SetJobRetries(TIMER, 2), NOW) == [JobRetriesSet(0, 2), IncidentResolved(1)]


def test_the_next_incident_has_a_key_of_its_own() -> None:
    resolved = timer(JobFailed(0, "boom"), incident(), JobRetriesSet(0, 1), IncidentResolved(1))

    assert failed(MODEL, resolved, "bang", NOW)[1:] == [incident(2, "bang")]


def test_another_version_of_the_process_removes_the_timer() -> None:
    assert removed(timer()) == [JobRemoved(0)]
    assert removed(OVER) == [JobRemoved(0), IncidentDeleted(1)]


@pytest.mark.parametrize(
    ("command", "facts"),
    [
        (FailJob(TIMER, "lost"), [JobFailed(0, "lost", None, 2, NOW + HOUR, True)]),
        (SetJobRetries(TIMER, 0, NOW), [JobRetriesSet(0, 0, NOW), replace(incident(), message=None)]),
        (SetJobDueDate(TIMER, NOW, True), [JobDueDateSet(0, NOW, True)]),
        (SetJobPriority(TIMER, 9), [JobPrioritySet(0, 9)]),
        (SuspendJob(TIMER, True), [JobSuspensionSet(0, True)]),
        (DeleteJob(TIMER), [JobDeleted(0)]),
        (RecalculateJobDueDate(TIMER, True), [JobDueDateRecalculated(0, NOW + HOUR, True)]),
        (RecalculateJobDueDate(TIMER), [JobDueDateRecalculated(0, NOW + HOUR + MINUTE)]),
    ],
    ids=lambda part: type(part).__name__,
)
def test_users_change_a_timer_as_any_job(command: object, facts: list[Fact]) -> None:
    now = NOW + MINUTE if isinstance(command, RecalculateJobDueDate) else NOW

    assert changed(MODEL, timer(), command, now) == facts  # type: ignore[arg-type]


def test_a_deleted_timer_takes_its_incident_along() -> None:
    assert changed(MODEL, OVER, DeleteJob(TIMER), NOW) == [JobDeleted(0), IncidentDeleted(1)]


def test_the_facts_of_anything_else_are_no_timer() -> None:
    assert fold([Recorded(TIMER, 1, Envelope(NOW, COMMAND), ProcessInstanceStarted(ID))]) is None
    assert fold([]) is None
