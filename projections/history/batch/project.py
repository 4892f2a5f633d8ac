"""Rows of `history_batch` from facts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.batch import EXECUTION, MONITOR, SEED, batch_job_definition_id
from domain.facts import BatchCompleted, BatchCreated, BatchDeleted, BatchHistoryDeleted, BatchStarted
from domain.operations import type_of
from projections.history.log import Logged
from projections.history.model import HistoryModel
from projections.rows import Statement, columns

# Purpose: batches whose first item was worked on.
STARTED = "UPDATE history_batch b SET execution_start_time = c.at FROM unnest(%b::uuid[], %b::bigint[]) c(id, at) WHERE b.id = c.id"
# Purpose: batches that ended.
ENDED = "UPDATE history_batch b SET end_time = c.at FROM unnest(%b::uuid[], %b::bigint[]) c(id, at) WHERE b.id = c.id"
# Purpose: batches that were deleted from history.
DELETE = "DELETE FROM history_batch WHERE id = ANY(%b::uuid[])"


class BatchRow(msgspec.Struct):
    id: str
    type: str
    total_jobs: int
    jobs_per_seed: int
    tenant_id: str | None
    create_user: str | None
    start_time: int
    seed_job_definition_id: str
    monitor_job_definition_id: str
    batch_job_definition_id: str
    execution_start_time: int | None = None
    end_time: int | None = None


class Batches(HistoryModel[str, BatchRow]):
    name = "batch"
    table = "history_batch"
    row = BatchRow

    def __init__(self) -> None:
        super().__init__()
        self._started: dict[str, int] = {}
        self._ended: dict[str, int] = {}
        self._hidden: list[str] = []

    def created(self, record: Logged, fact: BatchCreated, instance: None) -> None:
        id = record.instance_id
        seed, monitor, execution = (batch_job_definition_id(id, role) for role in (SEED, MONITOR, EXECUTION))
        size = len(fact.items), fact.jobs_per_seed
        self.new[id] = BatchRow(id, type_of(fact.operation), *size, fact.tenant_id, record.actor, record.at, seed, monitor, execution)

    def started(self, record: Logged, fact: BatchStarted, instance: None) -> None:
        row = self.new.get(record.instance_id)
        if row is None:
            self._started[record.instance_id] = record.at
        else:
            row.execution_start_time = record.at

    def completed(self, record: Logged, fact: BatchCompleted, instance: None) -> None:
        row = self.new.get(record.instance_id)
        if row is None:
            self._ended[record.instance_id] = record.at
        else:
            row.end_time = record.at

    def deleted(self, record: Logged, fact: BatchDeleted, instance: None) -> None:
        if fact.cascade:
            self._hidden.append(record.instance_id)
        else:
            self.completed(record, BatchCompleted(), instance)

    def hidden(self, record: Logged, fact: BatchHistoryDeleted, instance: None) -> None:
        self._hidden.append(record.instance_id)

    def updates(self) -> Iterable[Statement]:
        if self._started:
            yield STARTED, columns(self._started.items())
        if self._ended:
            yield ENDED, columns(self._ended.items())

    def deletions(self) -> Iterable[Statement]:
        if self._hidden:
            yield DELETE, [self._hidden]

    projectors = {
        BatchCreated: created,
        BatchStarted: started,
        BatchCompleted: completed,
        BatchDeleted: deleted,
        BatchHistoryDeleted: hidden,
    }
