"""A job that is an aggregate of its own, with the key 0: it starts instances, moves a batch on, or suspends definitions later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, assert_never, cast

import msgspec
from msgspec.structs import replace

from domain import job as jobs
from domain.facts import (
    BatchJobCreated,
    Envelope,
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
    Recorded,
    SuspensionScheduled,
)
from domain.job import JobChanged, JobEnded, evolve_job
from domain.state import Job

LoneJobCreated: TypeAlias = JobCreated | BatchJobCreated | SuspensionScheduled
LoneJobFact: TypeAlias = LoneJobCreated | JobEnded | JobChanged | IncidentRaised | IncidentResolved | IncidentDeleted

BATCH = "batch"
SUSPENSION = "suspension"
"""Kinds of lone jobs, beside timers. One of a batch has its role behind the kind."""


class LoneJob(msgspec.Struct, frozen=True):
    id: str
    created: LoneJobCreated
    """What the job is for."""
    job: Job
    version: int = 1
    incident: int | None = None
    """Key of its open incident."""
    incidents: int = 0
    """How many it has had."""
    ended: bool = False

    @property
    def definition_id(self) -> str:
        """Of the instances that it starts; empty for another job."""
        return self.created.definition_id if isinstance(self.created, JobCreated) else ""

    @property
    def tenant_id(self) -> str | None:
        return self.created.tenant_id


def fold(records: Iterable[Recorded]) -> LoneJob | None:
    """The job as its facts make it; None for the facts of anything else."""
    job: LoneJob | None = None
    for record in records:
        if job is None:
            job = _begun(record)
            if job is None:
                return None
        else:
            job = evolve(job, cast(LoneJobFact, record.fact), record.envelope)
    return job


def _begun(record: Recorded) -> LoneJob | None:
    fact = record.fact
    if isinstance(fact, JobCreated):
        return LoneJob(record.originator_id, fact, jobs.created(fact, record.envelope))
    if isinstance(fact, BatchJobCreated):
        return LoneJob(record.originator_id, fact, Job(0, kind_of_batch_job(fact.role), "", None, record.envelope.at, fact.due))
    if isinstance(fact, SuspensionScheduled):
        return LoneJob(record.originator_id, fact, Job(0, SUSPENSION, "", None, record.envelope.at, fact.due))
    return None


def kind_of_batch_job(role: str) -> str:
    return f"{BATCH}-{role}"


def evolve(job: LoneJob, fact: LoneJobFact, envelope: Envelope) -> LoneJob:
    """The job after one more fact: total and silent."""
    return replace(_apply(job, fact), version=job.version + 1)


def _apply(job: LoneJob, fact: LoneJobFact) -> LoneJob:
    match fact:
        case JobExecuted() | JobRemoved() | JobDeleted():
            return replace(job, ended=True)
        case JobFailed() | JobRetriesSet() | JobDueDateSet() | JobDueDateRecalculated() | JobPrioritySet() | JobSuspensionSet():
            return replace(job, job=evolve_job(job.job, fact))
        case IncidentRaised(key):
            return replace(job, incident=key, incidents=job.incidents + 1)
        case IncidentResolved() | IncidentDeleted():
            return replace(job, incident=None)
        case JobCreated() | BatchJobCreated() | SuspensionScheduled():
            return job
        case _:
            assert_never(fact)
