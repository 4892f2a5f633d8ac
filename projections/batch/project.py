"""Rows of `batch` from facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.batch import EXECUTION, MONITOR, SEED, batch_job_definition_id
from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchResumed,
    BatchSeeded,
    BatchStarted,
    BatchSuspended,
    Recorded,
)
from domain.operations import type_of
from projections.rows import ReadModel, Statement, columns

# Purpose: batches that were created.
INSERT = """
INSERT INTO batch (id, type, total_jobs, jobs_per_seed, seed_job_definition_id, monitor_job_definition_id, batch_job_definition_id,
    tenant_id, create_user, start_time)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::integer[], %b::integer[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[],
    %b::bigint[])
"""
# Purpose: batches whose seed jobs created jobs.
SEEDED = """
UPDATE batch b SET jobs_created = b.jobs_created + c.jobs FROM unnest(%b::uuid[], %b::integer[]) c(id, jobs) WHERE b.id = c.id
"""
# Purpose: batches whose first item was worked on.
STARTED = "UPDATE batch b SET execution_start_time = c.at FROM unnest(%b::uuid[], %b::bigint[]) c(id, at) WHERE b.id = c.id"
# Purpose: batches that were suspended or resumed.
SUSPEND = "UPDATE batch b SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended) WHERE b.id = c.id"
# Purpose: batches that ended.
DELETE = "DELETE FROM batch WHERE id = ANY(%b::uuid[])"


class Batches(ReadModel):
    def __init__(self) -> None:
        self._created: list[tuple[object, ...]] = []
        self._seeded: Counter[str] = Counter()
        self._started: dict[str, int] = {}
        self._suspended: dict[str, bool] = {}
        self._ended: list[str] = []

    def created(self, record: Recorded, fact: BatchCreated) -> None:
        definitions = (batch_job_definition_id(record.originator_id, role) for role in (SEED, MONITOR, EXECUTION))
        size = len(fact.items), fact.jobs_per_seed
        row = record.originator_id, type_of(fact.operation), *size, *definitions, fact.tenant_id, record.envelope.actor, record.envelope.at
        self._created.append(row)

    def seeded(self, record: Recorded, fact: BatchSeeded) -> None:
        self._seeded[record.originator_id] += fact.jobs

    def started(self, record: Recorded, fact: BatchStarted) -> None:
        self._started[record.originator_id] = record.envelope.at

    def suspended(self, record: Recorded, fact: BatchSuspended | BatchResumed) -> None:
        self._suspended[record.originator_id] = isinstance(fact, BatchSuspended)

    def ended(self, record: Recorded, fact: BatchCompleted | BatchDeleted) -> None:
        self._ended.append(record.originator_id)

    def inserts(self) -> Iterable[Statement]:
        if self._created:
            yield INSERT, columns(self._created)

    def updates(self) -> Iterable[Statement]:
        for sql, rows in (SEEDED, self._seeded), (STARTED, self._started), (SUSPEND, self._suspended):
            if rows:
                yield sql, columns(rows.items())

    def deletions(self) -> Iterable[Statement]:
        if self._ended:
            yield DELETE, [self._ended]

    projectors = {
        BatchCreated: created,
        BatchSeeded: seeded,
        BatchStarted: started,
        BatchSuspended: suspended,
        BatchResumed: suspended,
        BatchCompleted: ended,
        BatchDeleted: ended,
    }
