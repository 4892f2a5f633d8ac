"""Decisions about timers that start instances (REST contract §10.7). The instance itself is started by whoever carries the command out."""

from __future__ import annotations

from domain.context import NoScope
from domain.deciding.job import FAILED_JOB, JobChange
from domain.deciding.starts import scheduled
from domain.elements import ProcessDefinition, TriggeredStartEvent
from domain.expressions import to_value
from domain.facts import (
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
)
from domain.job import evolve_job
from domain.job_commands import DeleteJob, FailJob, RecalculateJobDueDate, SetJobDueDate, SetJobPriority, SetJobRetries, SuspendJob
from domain.job_definitions import job_definition_id
from domain.refusals import ExecutionFailed
from domain.retrying import next_attempt
from domain.start_timer import StartTimer
from domain.state import Job
from domain.timers import moment_of, next_date
from domain.triggers import TimerTrigger


def fired(timer: StartTimer) -> list[Fact]:
    """The timer's own facts when it has started its instance."""
    return [JobExecuted(timer.job.key), *_resolved(timer)]


def following(definition: ProcessDefinition, timer: StartTimer, now: int) -> JobCreated | None:
    """The next firing of a cycle, a timer of its own; None when there is none."""
    due = next_date(timer.job, now)
    return None if due is None else scheduled(definition, _event(definition, timer), due, timer.job.repeat, now, timer.job.offset)


def failed(definition: ProcessDefinition, timer: StartTimer, message: str, now: int, *, reported: bool = False) -> list[Fact]:
    """The timer's own facts when its instance could not be started."""
    attempt = next_attempt(timer.job, _retry_cycle(definition, timer, now), now)
    fact = JobFailed(timer.job.key, message, None, attempt.retries, attempt.due, reported)
    return [fact, *_follow_retries(timer, evolve_job(timer.job, fact))]


def removed(timer: StartTimer) -> list[Fact]:
    """The timer's own facts when another version of the process takes its place."""
    return [JobRemoved(timer.job.key), *_deleted(timer)]


def changed(definition: ProcessDefinition, timer: StartTimer, command: JobChange, now: int) -> list[Fact]:
    """The facts of a command that starts nothing."""
    key = timer.job.key
    match command:
        case FailJob(_, message):
            return failed(definition, timer, message, now, reported=True)
        case SetJobRetries(_, retries, due):
            fact = JobRetriesSet(key, retries, due)
            return [fact, *_follow_retries(timer, evolve_job(timer.job, fact))]
        case SetJobDueDate(_, due, cascade):
            return [JobDueDateSet(key, due, cascade)]
        case RecalculateJobDueDate(_, creation_date_based):
            return [_recalculated(definition, timer, creation_date_based, now)]
        case SetJobPriority(_, priority):
            return [JobPrioritySet(key, priority)]
        case SuspendJob(_, suspended):
            return [JobSuspensionSet(key, suspended)]
        case DeleteJob():
            return [JobDeleted(key), *_deleted(timer)]


def _recalculated(definition: ProcessDefinition, timer: StartTimer, creation_date_based: bool, now: int) -> JobDueDateRecalculated:
    event = _event(definition, timer)
    assert isinstance(event.trigger, TimerTrigger)
    since = timer.job.created_at if creation_date_based else now
    return JobDueDateRecalculated(timer.job.key, moment_of(event.trigger, NoScope(since), event.id, since).due, creation_date_based)


def _event(definition: ProcessDefinition, timer: StartTimer) -> TriggeredStartEvent:
    event = definition.elements[timer.job.element_id]
    assert isinstance(event, TriggeredStartEvent)
    return event


def _retry_cycle(definition: ProcessDefinition, timer: StartTimer, now: int) -> str | None:
    cycle = _event(definition, timer).retry_cycle
    if cycle is None:
        return None
    try:
        value = to_value(cycle.evaluate(NoScope(now)))
    except ExecutionFailed:
        return None
    return value.content if isinstance(value.content, str) else None


def _follow_retries(timer: StartTimer, job: Job) -> list[Fact]:
    if job.retries > 0:
        return _resolved(timer)
    return [] if timer.incident is not None else [_raised(timer, job)]


def _raised(timer: StartTimer, job: Job) -> IncidentRaised:
    return IncidentRaised(
        timer.incidents + 1,
        FAILED_JOB,
        0,
        job.element_id,
        timer.definition_id,
        timer.id,
        job.message,
        timer.tenant_id,
        failed_element_id=job.failed_element_id,
        job_definition_id=job_definition_id(timer.definition_id, job.element_id, job.kind),
    )


def _resolved(timer: StartTimer) -> list[Fact]:
    return [] if timer.incident is None else [IncidentResolved(timer.incident)]


def _deleted(timer: StartTimer) -> list[Fact]:
    return [] if timer.incident is None else [IncidentDeleted(timer.incident)]
