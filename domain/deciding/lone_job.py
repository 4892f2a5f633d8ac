"""Decisions about jobs that are aggregates of their own (REST contract §10.7): their own facts, whatever they are for."""

from __future__ import annotations

from domain.batch import batch_job_definition_id
from domain.deciding.job import FAILED_JOB, JobChange, not_a_timer
from domain.facts import (
    BatchJobCreated,
    Fact,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    JobCreated,
    JobDeleted,
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
from domain.lone_job import LoneJob
from domain.retrying import next_attempt
from domain.state import Job


def executed(job: LoneJob) -> list[Fact]:
    """The job's own facts when it has done its work."""
    return [JobExecuted(job.job.key), *_resolved(job)]


def failed(job: LoneJob, message: str, now: int, cycle: str | None = None, *, reported: bool = False) -> list[Fact]:
    """The job's own facts when it could not; `cycle` says when it is tried again."""
    attempt = next_attempt(job.job, cycle, now)
    fact = JobFailed(job.job.key, message, None, attempt.retries, attempt.due, reported)
    return [fact, *_follow_retries(job, evolve_job(job.job, fact))]


def removed(job: LoneJob) -> list[Fact]:
    """The job's own facts when what it was for is gone."""
    return [JobRemoved(job.job.key), *_deleted(job)]


def changed(job: LoneJob, command: JobChange, now: int, cycle: str | None = None) -> list[Fact]:
    """The facts of a command that leaves the work where it is."""
    key = job.job.key
    match command:
        case FailJob(_, message):
            return failed(job, message, now, cycle, reported=True)
        case SetJobRetries(_, retries, due):
            fact = JobRetriesSet(key, retries, due)
            return [fact, *_follow_retries(job, evolve_job(job.job, fact))]
        case SetJobDueDate(_, due, cascade):
            return [JobDueDateSet(key, due, cascade)]
        case RecalculateJobDueDate():
            raise not_a_timer(job.id)
        case SetJobPriority(_, priority):
            return [JobPrioritySet(key, priority)]
        case SuspendJob(_, suspended):
            return [JobSuspensionSet(key, suspended)]
        case DeleteJob():
            return [JobDeleted(key), *_deleted(job)]


def _follow_retries(lone: LoneJob, job: Job) -> list[Fact]:
    if job.retries > 0:
        return _resolved(lone)
    return [] if lone.incident is not None else [_raised(lone, job)]


def _raised(lone: LoneJob, job: Job) -> IncidentRaised:
    return IncidentRaised(
        lone.incidents + 1,
        FAILED_JOB,
        0,
        job.element_id,
        lone.definition_id,
        lone.id,
        job.message,
        lone.tenant_id,
        failed_element_id=job.failed_element_id,
        job_definition_id=_job_definition_of(lone),
    )


def _job_definition_of(job: LoneJob) -> str | None:
    match job.created:
        case JobCreated(_, kind, element_id, definition_id):
            return job_definition_id(definition_id, element_id, kind)
        case BatchJobCreated(batch_id, role):
            return batch_job_definition_id(batch_id, role)
        case _:
            return None


def _resolved(job: LoneJob) -> list[Fact]:
    return [] if job.incident is None else [IncidentResolved(job.incident)]


def _deleted(job: LoneJob) -> list[Fact]:
    return [] if job.incident is None else [IncidentDeleted(job.incident)]
