"""The state of a batch, and what a fact of its own stream makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, assert_never, cast

import msgspec
from msgspec.structs import replace

from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchHistoryDeleted,
    BatchResumed,
    BatchSeeded,
    BatchStarted,
    BatchSuspended,
    Recorded,
)
from domain.ids import named_id
from domain.operations import Operation

SEED, MONITOR, EXECUTION = "seed", "monitor", "execution"
"""Roles of a batch's jobs: one creates others, one looks whether all are done, and one for each item does the work."""

BatchFact: TypeAlias = (
    BatchCreated | BatchSeeded | BatchStarted | BatchSuspended | BatchResumed | BatchCompleted | BatchDeleted | BatchHistoryDeleted
)


class BatchState(msgspec.Struct, frozen=True):
    id: str
    operation: Operation
    items: tuple[str, ...]
    jobs_per_seed: int
    created_at: int
    tenant_id: str | None = None
    version: int = 1
    jobs_created: int = 0
    seeds: int = 0
    """How many seed jobs have done their work."""
    started: bool = False
    suspended: bool = False
    ended: bool = False
    hidden: bool = False
    """Deleted from history."""


def fold(records: Iterable[Recorded]) -> BatchState | None:
    """The batch as its facts make it; None for the facts of anything else."""
    batch: BatchState | None = None
    for record in records:
        if batch is not None:
            batch = evolve(batch, cast(BatchFact, record.fact))
        elif isinstance(record.fact, BatchCreated):
            fact = record.fact
            batch = BatchState(record.originator_id, fact.operation, fact.items, fact.jobs_per_seed, record.envelope.at, fact.tenant_id)
        else:
            return None
    return batch


def evolve(batch: BatchState, fact: BatchFact) -> BatchState:
    """The batch after one more fact: total and silent."""
    return replace(_apply(batch, fact), version=batch.version + 1)


def _apply(batch: BatchState, fact: BatchFact) -> BatchState:
    match fact:
        case BatchSeeded(jobs):
            return replace(batch, jobs_created=batch.jobs_created + jobs, seeds=batch.seeds + 1)
        case BatchStarted():
            return replace(batch, started=True)
        case BatchSuspended() | BatchResumed():
            return replace(batch, suspended=isinstance(fact, BatchSuspended))
        case BatchCompleted():
            return replace(batch, ended=True)
        case BatchDeleted(cascade):
            return replace(batch, ended=True, hidden=batch.hidden or cascade)
        case BatchHistoryDeleted():
            return replace(batch, hidden=True)
        case BatchCreated():
            return batch
        case _:
            assert_never(fact)


def batch_job_definition_id(batch_id: str, role: str) -> str:
    """The id of the job definition of a batch's jobs of a role."""
    return named_id(batch_id, role)
