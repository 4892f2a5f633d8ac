"""Rows of `job` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.batch import batch_job_definition_id
from domain.facts import (
    BatchJobCreated,
    BatchResumed,
    BatchSuspended,
    JobCreated,
    JobDefinitionsSuspended,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRemoved,
    JobRetriesSet,
    JobSuspensionSet,
    ProcessInstanceResumed,
    ProcessInstanceSuspended,
    Recorded,
    SuspensionScheduled,
)
from domain.ids import last_part_id, part_id
from domain.job_definitions import job_definition_id
from domain.lone_job import SUSPENSION, kind_of_batch_job
from domain.state import SCOPE_EXECUTION
from projections.rows import ReadModel, Statement, columns

# Purpose: jobs that were created. They are born suspended where their job definition is.
INSERT = """
INSERT INTO job (id, kind, job_definition_id, process_instance_id, execution_id, holder_id, scope_id, activity_id, definition_id,
    definition_key, create_time, due, priority, suspended, tenant_id)
SELECT id, kind, job_definition, instance, execution, holder, scope, activity, definition,
    (SELECT d.key FROM process_definition d WHERE d.id = c.definition), at, due, priority,
    coalesce((SELECT d.suspended FROM job_definition d WHERE d.id = c.job_definition), false), tenant
FROM unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bigint[],
    %b::bigint[], %b::bigint[], %b::text[])
    c(id, kind, job_definition, instance, execution, holder, scope, activity, definition, at, due, priority, tenant)
"""
# Purpose: jobs of batches, and those that suspend definitions later.
INSERT_LONE = """
INSERT INTO job (id, kind, job_definition_id, batch_id, create_time, due, priority, suspended, tenant_id)
SELECT id, kind, job_definition, batch, at, due, 0,
    coalesce((SELECT d.suspended FROM job_definition d WHERE d.id = c.job_definition), false), tenant
FROM unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::bigint[], %b::bigint[], %b::text[])
    c(id, kind, job_definition, batch, at, due, tenant)
"""
# Purpose: jobs that failed.
FAIL = """
UPDATE job j SET retries = c.retries, due = c.due, exception_message = c.message, failed_activity_id = c.failed
FROM unnest(%b::uuid[], %b::integer[], %b::bigint[], %b::text[], %b::text[]) c(id, retries, due, message, failed) WHERE j.id = c.id
"""
# Purpose: retries that were set, sometimes with a due date.
RETRIES = """
UPDATE job j SET retries = c.retries, due = coalesce(c.due, j.due)
FROM unnest(%b::uuid[], %b::integer[], %b::bigint[]) c(id, retries, due) WHERE j.id = c.id
"""
# Purpose: due dates that were set or computed again.
DUE = "UPDATE job j SET due = c.due FROM unnest(%b::uuid[], %b::bigint[]) c(id, due) WHERE j.id = c.id"
# Purpose: priorities that were set.
PRIORITY = "UPDATE job j SET priority = c.priority FROM unnest(%b::uuid[], %b::bigint[]) c(id, priority) WHERE j.id = c.id"
# Purpose: jobs that were suspended or resumed one by one.
SUSPEND = "UPDATE job j SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended) WHERE j.id = c.id"
# Purpose: jobs of instances that were suspended or resumed.
SUSPEND_INSTANCES = """
UPDATE job j SET suspended = c.suspended FROM unnest(%b::uuid[], %b::uuid[], %b::boolean[]) c(first, last, suspended)
WHERE j.id BETWEEN c.first AND c.last
"""
# Purpose: jobs of job definitions that were suspended or resumed.
SUSPEND_KINDS = """
UPDATE job j SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended) WHERE j.job_definition_id = c.id
"""
# Purpose: jobs of batches that were suspended or resumed.
SUSPEND_BATCHES = """
UPDATE job j SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended) WHERE j.batch_id = c.id
"""
# Purpose: jobs that are over.
DELETE = "DELETE FROM job WHERE id = ANY(%b::uuid[])"


class Jobs(ReadModel):
    def __init__(self) -> None:
        self.due: list[int] = []
        """When jobs that were created, or given new dates, are due."""
        self._created: dict[str, tuple[object, ...]] = {}
        self._lone: dict[str, tuple[object, ...]] = {}
        self._updates: dict[tuple[int, str], list[tuple[object, ...]]] = {}
        """By turn and statement: no job is changed twice in one turn, and none earlier than what was said before."""
        self._turns: dict[str, int] = {}
        self._turn = 0
        """Of all jobs, unless `_turns` says more of one."""
        self._ended: list[str] = []

    def created(self, record: Recorded, fact: JobCreated) -> None:
        origin, holder = record.originator_id, fact.holder
        self.due.append(fact.due or 0)
        self._created[part_id(origin, fact.key)] = (
            fact.kind,
            job_definition_id(fact.definition_id, fact.element_id, fact.kind),
            None if holder is None else origin,
            None if fact.execution is None else part_id(origin, fact.execution),
            None if holder is None else part_id(origin, holder),
            None if holder is None else part_id(origin, fact.scope + SCOPE_EXECUTION if fact.scope else 0),
            fact.element_id,
            fact.definition_id,
            record.envelope.at,
            fact.due,
            fact.priority,
            fact.tenant_id,
        )

    def created_for_batch(self, record: Recorded, fact: BatchJobCreated) -> None:
        definition = batch_job_definition_id(fact.batch_id, fact.role)
        self._created_alone(record, kind_of_batch_job(fact.role), definition, fact.batch_id, fact)

    def suspension_scheduled(self, record: Recorded, fact: SuspensionScheduled) -> None:
        self._created_alone(record, SUSPENSION, None, None, fact)

    def _created_alone(
        self, record: Recorded, kind: str, definition: str | None, batch: str | None, fact: BatchJobCreated | SuspensionScheduled
    ) -> None:
        self.due.append(fact.due or 0)
        self._lone[record.originator_id] = kind, definition, batch, record.envelope.at, fact.due, fact.tenant_id

    def failed(self, record: Recorded, fact: JobFailed) -> None:
        self.due.append(fact.due or 0)
        self._update(FAIL, record, fact.key, fact.retries, fact.due, fact.message, fact.failed_element_id)

    def retries_set(self, record: Recorded, fact: JobRetriesSet) -> None:
        self.due.append(fact.due or 0)
        self._update(RETRIES, record, fact.key, fact.retries, fact.due)

    def due_set(self, record: Recorded, fact: JobDueDateSet | JobDueDateRecalculated) -> None:
        self.due.append(fact.due or 0)
        self._update(DUE, record, fact.key, fact.due)

    def priority_set(self, record: Recorded, fact: JobPrioritySet) -> None:
        self._update(PRIORITY, record, fact.key, fact.priority)

    def suspension_set(self, record: Recorded, fact: JobSuspensionSet) -> None:
        self.due.append(0)
        self._update(SUSPEND, record, fact.key, fact.suspended)

    def instance_suspended(self, record: Recorded, fact: ProcessInstanceSuspended | ProcessInstanceResumed) -> None:
        self.due.append(0)
        suspended = isinstance(fact, ProcessInstanceSuspended)
        self._update_many(SUSPEND_INSTANCES, [(record.originator_id, last_part_id(record.originator_id), suspended)])

    def batch_suspended(self, record: Recorded, fact: BatchSuspended | BatchResumed) -> None:
        self.due.append(0)
        self._update_many(SUSPEND_BATCHES, [(record.originator_id, isinstance(fact, BatchSuspended))])

    def kinds_suspended(self, record: Recorded, fact: JobDefinitionsSuspended) -> None:
        if fact.include_jobs:
            self.due.append(0)
            self._update_many(SUSPEND_KINDS, [(id, fact.suspended) for id in fact.ids])

    def _update(self, sql: str, record: Recorded, key: int, *values: object) -> None:
        id = part_id(record.originator_id, key)
        turn = self._turns[id] = max(self._turns.get(id, 0), self._turn) + 1
        self._updates.setdefault((turn, sql), []).append((id, *values))

    def _update_many(self, sql: str, rows: list[tuple[object, ...]]) -> None:
        self._turn = max([self._turn, *self._turns.values()]) + 1
        self._updates.setdefault((self._turn, sql), []).extend(rows)

    def ended(self, record: Recorded, fact: JobExecuted | JobRemoved | JobDeleted) -> None:
        id = part_id(record.originator_id, fact.key)
        if self._created.pop(id, None) is None:
            self._ended.append(id)

    def inserts(self) -> Iterable[Statement]:
        if self._created:
            yield INSERT, columns((id, *row) for id, row in self._created.items())
        if self._lone:
            yield INSERT_LONE, columns((id, *row) for id, row in self._lone.items())

    def updates(self) -> Iterable[Statement]:
        for (_, sql), rows in sorted(self._updates.items()):
            yield sql, columns(rows)

    def deletions(self) -> Iterable[Statement]:
        if self._ended:
            yield DELETE, [self._ended]

    projectors = {
        JobCreated: created,
        BatchJobCreated: created_for_batch,
        SuspensionScheduled: suspension_scheduled,
        BatchSuspended: batch_suspended,
        BatchResumed: batch_suspended,
        JobFailed: failed,
        JobRetriesSet: retries_set,
        JobDueDateSet: due_set,
        JobDueDateRecalculated: due_set,
        JobPrioritySet: priority_set,
        JobSuspensionSet: suspension_set,
        ProcessInstanceSuspended: instance_suspended,
        ProcessInstanceResumed: instance_suspended,
        JobDefinitionsSuspended: kinds_suspended,
        JobExecuted: ended,
        JobRemoved: ended,
        JobDeleted: ended,
    }
