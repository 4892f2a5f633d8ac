"""What a fact makes of a job, in a process instance or on its own."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from msgspec.structs import replace

from domain.facts import (
    Envelope,
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
from domain.state import Job

JobEnded: TypeAlias = JobExecuted | JobRemoved | JobDeleted
JobChanged: TypeAlias = JobFailed | JobRetriesSet | JobDueDateSet | JobDueDateRecalculated | JobPrioritySet | JobSuspensionSet


def created(fact: JobCreated, envelope: Envelope) -> Job:
    """The state that a job begins with."""
    return Job(
        fact.key,
        fact.kind,
        fact.element_id,
        fact.holder,
        envelope.at,
        fact.due,
        fact.repeat,
        fact.offset,
        execution=fact.execution,
    )


def evolve_job(job: Job, fact: JobChanged) -> Job:
    """The state after one more fact. A timer that fails leaves its later dates to a job of their own."""
    match fact:
        case JobFailed():
            return replace(
                job, message=fact.message, failed_element_id=fact.failed_element_id, retries=fact.retries, due=fact.due, repeat=None
            )
        case JobRetriesSet(_, retries, due):
            return replace(job, retries=retries, due=job.due if due is None else due)
        case JobDueDateSet(_, due, cascade):
            moved = due - job.due if cascade and due is not None and job.due is not None else 0
            return replace(job, due=due, offset=job.offset + moved)
        case JobDueDateRecalculated(_, due):
            return replace(job, due=due)
        case JobPrioritySet() | JobSuspensionSet():
            return job
        case _:
            assert_never(fact)
