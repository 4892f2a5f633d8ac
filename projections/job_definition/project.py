"""Rows of `job_definition` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.batch import EXECUTION, MONITOR, SEED, batch_job_definition_id
from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchResumed,
    BatchSuspended,
    JobDefinitionsSuspended,
    ProcessDefinitionDeleted,
    ProcessDefinitionDeployed,
    Recorded,
)
from domain.ids import definition_id
from domain.job_definitions import job_definition_id, kind_of
from domain.operations import type_of
from projections.rows import ReadModel, Statement, columns

# Purpose: job definitions of models that were deployed.
INSERT = """
INSERT INTO job_definition (id, definition_id, definition_key, activity_id, job_type, configuration, deployment_id, tenant_id)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::uuid[], %b::text[])
"""
# Purpose: job definitions that were suspended or resumed.
SUSPEND = """
UPDATE job_definition d SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended) WHERE d.id = c.id
"""
# Purpose: job definitions of batches that ended.
DELETE_OF_BATCHES = "DELETE FROM job_definition WHERE id = ANY(%b::uuid[])"
# Purpose: job definitions of definitions that were deleted.
DELETE = "DELETE FROM job_definition WHERE definition_id = ANY(%b::text[])"


class JobDefinitions(ReadModel):
    def __init__(self) -> None:
        self._deployed: list[tuple[object, ...]] = []
        self._suspended: dict[str, bool] = {}
        self._deleted: list[str] = []
        self._batches_ended: list[str] = []

    def deployed(self, record: Recorded, fact: ProcessDefinitionDeployed) -> None:
        definition = definition_id(fact.key, fact.version, record.originator_id)
        for found in fact.job_definitions:
            id = job_definition_id(definition, found.element_id, kind_of(found))
            self._deployed.append(
                (id, definition, fact.key, found.element_id, found.handler, found.configuration, fact.deployment_id, fact.tenant_id)
            )

    def batch_created(self, record: Recorded, fact: BatchCreated) -> None:
        id = record.originator_id
        handlers = {SEED: "batch-seed-job", MONITOR: "batch-monitor-job", EXECUTION: type_of(fact.operation)}
        self._deployed += [
            (batch_job_definition_id(id, role), None, None, None, handler, id, None, fact.tenant_id) for role, handler in handlers.items()
        ]

    def batch_suspended(self, record: Recorded, fact: BatchSuspended | BatchResumed) -> None:
        self._suspended.update(dict.fromkeys(_of_batch(record.originator_id), isinstance(fact, BatchSuspended)))

    def batch_ended(self, record: Recorded, fact: BatchCompleted | BatchDeleted) -> None:
        self._batches_ended += _of_batch(record.originator_id)

    def suspended(self, record: Recorded, fact: JobDefinitionsSuspended) -> None:
        self._suspended.update(dict.fromkeys(fact.ids, fact.suspended))

    def deleted(self, record: Recorded, fact: ProcessDefinitionDeleted) -> None:
        self._deleted.append(fact.definition_id)

    def inserts(self) -> Iterable[Statement]:
        if self._deployed:
            yield INSERT, columns(self._deployed)

    def updates(self) -> Iterable[Statement]:
        if self._suspended:
            yield SUSPEND, columns(self._suspended.items())

    def deletions(self) -> Iterable[Statement]:
        if self._deleted:
            yield DELETE, [self._deleted]
        if self._batches_ended:
            yield DELETE_OF_BATCHES, [self._batches_ended]

    projectors = {
        ProcessDefinitionDeployed: deployed,
        JobDefinitionsSuspended: suspended,
        ProcessDefinitionDeleted: deleted,
        BatchCreated: batch_created,
        BatchSuspended: batch_suspended,
        BatchResumed: batch_suspended,
        BatchCompleted: batch_ended,
        BatchDeleted: batch_ended,
    }


def _of_batch(batch_id: str) -> list[str]:
    return [batch_job_definition_id(batch_id, role) for role in (SEED, MONITOR, EXECUTION)]
