"""Decisions about timers that start instances (REST contract §10.7). The instance itself is started by whoever carries the command out."""

from __future__ import annotations

from domain.context import NoScope
from domain.deciding import lone_job
from domain.deciding.job import JobChange
from domain.deciding.starts import scheduled
from domain.elements import ProcessDefinition, TriggeredStartEvent
from domain.expressions import to_value
from domain.facts import Fact, JobCreated, JobDueDateRecalculated
from domain.job_commands import RecalculateJobDueDate
from domain.lone_job import LoneJob
from domain.refusals import ExecutionFailed
from domain.timers import moment_of, next_date
from domain.triggers import TimerTrigger


def following(definition: ProcessDefinition, timer: LoneJob, now: int) -> JobCreated | None:
    """The next firing of a cycle, a timer of its own; None when there is none."""
    due = next_date(timer.job, now)
    return None if due is None else scheduled(definition, _event(definition, timer), due, timer.job.repeat, now, timer.job.offset)


def failed(definition: ProcessDefinition, timer: LoneJob, message: str, now: int) -> list[Fact]:
    """The timer's own facts when its instance could not be started."""
    return lone_job.failed(timer, message, now, _retry_cycle(definition, timer, now))


def changed(definition: ProcessDefinition, timer: LoneJob, command: JobChange, now: int) -> list[Fact]:
    """The facts of a command that starts nothing."""
    if isinstance(command, RecalculateJobDueDate):
        return [_recalculated(definition, timer, command.creation_date_based, now)]
    return lone_job.changed(timer, command, now, _retry_cycle(definition, timer, now))


def _recalculated(definition: ProcessDefinition, timer: LoneJob, creation_date_based: bool, now: int) -> JobDueDateRecalculated:
    event = _event(definition, timer)
    assert isinstance(event.trigger, TimerTrigger)
    since = timer.job.created_at if creation_date_based else now
    return JobDueDateRecalculated(timer.job.key, moment_of(event.trigger, NoScope(since), event.id, since).due, creation_date_based)


def _event(definition: ProcessDefinition, timer: LoneJob) -> TriggeredStartEvent:
    event = definition.elements[timer.job.element_id]
    assert isinstance(event, TriggeredStartEvent)
    return event


def _retry_cycle(definition: ProcessDefinition, timer: LoneJob, now: int) -> str | None:
    cycle = _event(definition, timer).retry_cycle
    if cycle is None:
        return None
    try:
        value = to_value(cycle.evaluate(NoScope(now)))
    except ExecutionFailed:
        return None
    return value.content if isinstance(value.content, str) else None
