"""Decisions about the jobs of a process instance (REST contract §10.7)."""

from __future__ import annotations

from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import BoundaryEvent, CatchEvent
from domain.expressions import to_value
from domain.facts import (
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRetriesSet,
    JobSuspensionSet,
)
from domain.flow import activate, end_scope_if_empty
from domain.ids import ordinal_of
from domain.job_commands import DeleteJob, FailJob, RecalculateJobDueDate, SetJobDueDate, SetJobPriority, SetJobRetries, SuspendJob
from domain.job_definitions import CONTINUATION, job_definition_id
from domain.refusals import ExecutionFailed, NotFound, Rejected
from domain.retrying import next_attempt
from domain.state import ASYNC_BEFORE, TIMER, Job
from domain.timers import moment_of, schedule_again
from domain.triggering import trigger
from domain.triggers import TimerTrigger

FAILED_JOB = "failedJob"
JobChange = FailJob | SetJobRetries | SetJobDueDate | RecalculateJobDueDate | SetJobPriority | SuspendJob | DeleteJob


def job_of(decision: Decision, job_id: str) -> Job:
    """The open job of an id."""
    job = decision.state.jobs.get(ordinal_of(job_id))
    if job is None:
        raise unknown_job(job_id)
    return job


def unknown_job(job_id: str) -> NotFound:
    return NotFound(f"No job found with id '{job_id}'")


def execute(decision: Decision, job: Job) -> None:
    """Do what the job is for. Raises ExecutionFailed when the process cannot go on."""
    assert job.holder is not None
    if decision.state.suspended:
        raise ExecutionFailed(f"ENGINE-03043 Execution with id '{decision.state.part(job.execution or 0)}' is suspended.")
    scope = decision.state.tokens[job.holder].scope
    decision.record(JobExecuted(job.key))
    _resolve_incident(decision, job)
    if job.kind == TIMER:
        schedule_again(decision, job, decision.definition.elements[job.element_id])
        trigger(decision, job.holder, job.element_id)
    elif job.kind == ASYNC_BEFORE:
        activate(decision, decision.definition.elements[job.element_id], job.holder, scope)
    elif job.holder in decision.state.tokens:
        decision.later(("arrive", job.holder))
    else:
        end_scope_if_empty(decision, scope)
    decision.settle()


def fail(decision: Decision, job: Job, message: str, failed_element_id: str | None, *, reported: bool = False) -> None:
    """Note that an attempt failed: fewer retries, perhaps later ones, and an incident when none is left."""
    attempt = next_attempt(job, _retry_cycle(decision, job), decision.envelope.at)
    decision.record(JobFailed(job.key, message, failed_element_id, attempt.retries, attempt.due, reported))
    schedule_again(decision, job, decision.definition.elements[job.element_id])
    _follow_retries(decision, decision.state.jobs[job.key])


def change(decision: Decision, command: JobChange) -> None:
    """Decide a command that leaves the process where it is."""
    job = job_of(decision, command.job_id)
    match command:
        case FailJob(_, message):
            fail(decision, job, message, None, reported=True)
        case SetJobRetries(_, retries, due):
            decision.record(JobRetriesSet(job.key, retries, due))
            _follow_retries(decision, decision.state.jobs[job.key])
        case SetJobDueDate(_, due, cascade):
            decision.record(JobDueDateSet(job.key, due, cascade))
        case RecalculateJobDueDate(_, creation_date_based):
            decision.record(JobDueDateRecalculated(job.key, _due_again(decision, job, creation_date_based), creation_date_based))
        case SetJobPriority(_, priority):
            decision.record(JobPrioritySet(job.key, priority))
        case SuspendJob(_, suspended):
            decision.record(JobSuspensionSet(job.key, suspended))
        case DeleteJob():
            _delete(decision, job)


def _delete(decision: Decision, job: Job) -> None:
    decision.record(JobDeleted(job.key))
    incident = decision.state.incident_of.get(job.key)
    if incident is not None:
        decision.record(IncidentDeleted(incident))


def _due_again(decision: Decision, job: Job, creation_date_based: bool) -> int:
    element = decision.definition.elements[job.element_id]
    if job.holder is None or not isinstance(element, BoundaryEvent | CatchEvent) or job.kind != TIMER:
        raise not_a_timer(decision.state.part(job.key))
    assert isinstance(element.trigger, TimerTrigger)
    since = job.created_at if creation_date_based else decision.envelope.at
    return moment_of(element.trigger, ScopeContext(decision, job.holder, activity=job.holder), element.id, since).due


def not_a_timer(job_id: str) -> Rejected:
    return Rejected(f"Only timer jobs can be recalculated, but the job with id '{job_id}' is of type '{CONTINUATION}'.")


def _retry_cycle(decision: Decision, job: Job) -> str | None:
    cycle = decision.definition.elements[job.element_id].retry_cycle
    if cycle is None:
        return None
    scope = decision.state.tokens[job.holder or 0]
    try:
        value = to_value(cycle.evaluate(ScopeContext(decision, scope.key if scope.flow_id is None else scope.scope)))
    except ExecutionFailed:
        return None
    return value.content if isinstance(value.content, str) else None


def _follow_retries(decision: Decision, job: Job) -> None:
    if job.retries > 0:
        _resolve_incident(decision, job)
    elif job.key not in decision.state.incident_of:
        state = decision.state
        assert job.holder is not None
        decision.record(
            IncidentRaised(
                state.next_key,
                FAILED_JOB,
                job.holder,
                job.element_id,
                state.definition_id,
                state.part(job.key),
                job.message,
                state.tenant_id,
                of=job.key,
                execution=job.execution,
                failed_element_id=job.failed_element_id,
                job_definition_id=job_definition_id(state.definition_id, job.element_id, job.kind),
            )
        )


def _resolve_incident(decision: Decision, job: Job) -> None:
    incident = decision.state.incident_of.get(job.key)
    if incident is not None:
        decision.record(IncidentResolved(incident))
