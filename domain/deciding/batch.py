"""Decisions about batches: their jobs seed each other, do the work, and notice the end (REST contract §8).

Facts are given with the ids of their streams. What a job does to its item is decided where the item is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from domain.batch import EXECUTION, MONITOR, SEED, BatchState
from domain.batch_commands import CreateBatch
from domain.deciding.lone_job import executed, removed
from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchHistoryDeleted,
    BatchJobCreated,
    BatchResumed,
    BatchSeeded,
    BatchStarted,
    BatchSuspended,
    Fact,
    JobDueDateSet,
)
from domain.ids import derived_id
from domain.lone_job import LoneJob
from domain.refusals import Rejected

Placed: TypeAlias = list[tuple[str, Fact]]

POLL = 30_000
"""ms that a monitor job waits at least before it looks again. Mostly it is woken before."""


def create(batch_id: str, command: CreateBatch) -> tuple[BatchCreated, Placed]:
    """Begin a batch: nothing but its first seed job exists yet."""
    created = BatchCreated(command.operation, command.items)
    return created, [(batch_id, created), (_job_id(batch_id, SEED, 0), BatchJobCreated(batch_id, SEED))]


def seed(batch: BatchState, job: LoneJob) -> Placed:
    """Create the jobs of the next items; then another seed job, or the monitor job where every item has its job."""
    items = batch.items[batch.jobs_created : batch.jobs_created + batch.jobs_per_seed]
    numbered = enumerate(items, batch.jobs_created)
    jobs: Placed = [
        (_job_id(batch.id, EXECUTION, number), BatchJobCreated(batch.id, EXECUTION, item, tenant_id=batch.tenant_id))
        for number, item in numbered
    ]
    again = batch.jobs_created + len(items) < len(batch.items)
    role, number = (SEED, batch.seeds + 1) if again else (MONITOR, 0)
    following = (_job_id(batch.id, role, number), BatchJobCreated(batch.id, role, tenant_id=batch.tenant_id))
    return [*_done(job), (batch.id, BatchSeeded(len(items))), *jobs, following]


def monitor(batch: BatchState, job: LoneJob, jobs_left: bool, now: int) -> Placed:
    """End the batch, or look again: the longer it takes, the more seldom."""
    if not jobs_left:
        return [*_done(job), (batch.id, BatchCompleted())]
    due = now + max(POLL, (now - batch.created_at) // 10)
    return [*_done(job), (derived_id(job.id, "next"), BatchJobCreated(batch.id, MONITOR, due=due, tenant_id=batch.tenant_id))]


def executed_for(batch_id: str, job: LoneJob, is_first: bool) -> Placed:
    """A job has done what the batch does to its item."""
    return [*([(batch_id, BatchStarted())] if is_first else []), *_done(job)]


def hurried(monitor_id: str, now: int) -> Placed:
    """The monitor job looks now: few jobs are left, perhaps none."""
    return [(monitor_id, JobDueDateSet(0, now))]


def suspend(batch: BatchState | None, batch_id: str, suspended: bool) -> Placed:
    """Suspend or resume; nothing where it already is so."""
    if batch is None or batch.ended:
        raise Rejected(f"Unable to {'suspend' if suspended else 'activate'} batch with id '{batch_id}'")
    if batch.suspended == suspended:
        return []
    return [(batch.id, BatchSuspended() if suspended else BatchResumed())]


def delete(batch: BatchState | None, batch_id: str, jobs: Iterable[LoneJob], cascade: bool) -> Placed:
    """Give the batch up, its jobs with it."""
    if batch is None or batch.ended:
        raise Rejected(f"Unable to delete batch with id '{batch_id}'")
    return [(batch.id, BatchDeleted(cascade)), *((job.id, fact) for job in jobs for fact in removed(job))]


def delete_history(batch: BatchState | None, batch_id: str) -> Placed:
    """Take the batch out of history, once."""
    if batch is None or batch.hidden:
        raise Rejected(f"Unable to delete historic batch with id '{batch_id}'")
    return [(batch.id, BatchHistoryDeleted())]


def _done(job: LoneJob) -> Placed:
    return [(job.id, fact) for fact in executed(job)]


def _job_id(batch_id: str, role: str, number: int) -> str:
    return derived_id(batch_id, f"{role}/{number}")
