"""Rows of `external_task` from facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.external_task import ERROR_MESSAGE_LENGTH
from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExtended,
    ExternalTaskPrioritySet,
    ExternalTaskRetriesSet,
    ExternalTaskUnlocked,
    ProcessInstanceResumed,
    ProcessInstanceSuspended,
    Recorded,
)
from domain.ids import aggregate_id, last_part_id, part_id
from domain.state import SCOPE_EXECUTION
from projections.rows import ReadModel, Statement, columns

# Purpose: tasks that were created. The scopes come as one text per task, `{a,b}`.
INSERT = """
INSERT INTO external_task (id, version, topic, priority, create_time, process_instance_id, execution_id, activity_id,
    activity_instance_id, definition_id, definition_key, business_key, tenant_id, scopes)
SELECT id, 1, topic, priority, at, instance, execution, activity, activity_instance, definition,
    (SELECT d.key FROM process_definition d WHERE d.id = c.definition), business_key, tenant, scopes::uuid[]
FROM unnest(%b::uuid[], %b::text[], %b::bigint[], %b::bigint[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::text[])
    c(id, topic, priority, at, instance, execution, activity, activity_instance, definition, business_key, tenant, scopes)
"""
# Purpose: locks that were taken, extended or given back.
LOCK = """
UPDATE external_task t SET version = c.version, worker_id = c.worker_id, lock_until = c.lock_until, released = false
FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bigint[]) c(id, version, worker_id, lock_until) WHERE t.id = c.id
"""
# Purpose: failures. Details stay when a failure brings none.
FAIL = """
UPDATE external_task t SET version = c.version, lock_until = c.lock_until, released = true, retries = c.retries,
    error_message = c.message, error_details = coalesce(c.details, t.error_details)
FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::integer[], %b::text[], %b::text[])
    c(id, version, lock_until, retries, message, details) WHERE t.id = c.id
"""
# Purpose: retries that were set.
RETRIES = """
UPDATE external_task t SET version = c.version, retries = c.retries
FROM unnest(%b::uuid[], %b::bigint[], %b::integer[]) c(id, version, retries) WHERE t.id = c.id
"""
# Purpose: priorities that were set.
PRIORITY = """
UPDATE external_task t SET version = c.version, priority = c.priority
FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[]) c(id, version, priority) WHERE t.id = c.id
"""
# Purpose: tasks of instances that were suspended or resumed.
SUSPEND = """
UPDATE external_task t SET suspended = c.suspended FROM unnest(%b::uuid[], %b::uuid[], %b::boolean[]) c(first, last, suspended)
WHERE t.id BETWEEN c.first AND c.last
"""
# Purpose: tasks that ended.
DELETE = "DELETE FROM external_task WHERE id = ANY(%b::uuid[])"


class ExternalTasks(ReadModel):
    def __init__(self) -> None:
        self.created_topics: Counter[str] = Counter()
        self.freed_tasks: list[str] = []
        self.failed_tasks: list[str] = []
        self.lock_ends: list[tuple[str, int]] = []
        """Tasks, and the times (epoch ms) at which others may have them, where these changed."""
        self._created: list[tuple[object, ...]] = []
        self._locked: list[tuple[object, ...]] = []
        self._failed: list[tuple[object, ...]] = []
        self._retries: list[tuple[object, ...]] = []
        self._priorities: list[tuple[object, ...]] = []
        self._suspended: list[tuple[object, ...]] = []
        self._ended: list[str] = []

    @property
    def others_may_be_free(self) -> bool:
        """Tell whether tasks of any topic may be available now: retries were set, or instances resumed."""
        return bool(self._retries or self._suspended)

    def created(self, record: Recorded, fact: ExternalTaskCreated) -> None:
        task_id = record.originator_id
        instance_id = aggregate_id(task_id)
        scopes = [part_id(instance_id, key + SCOPE_EXECUTION) if key else instance_id for key in fact.scopes]
        if fact.topic is not None:
            self.created_topics[fact.topic] += 1
        self._created.append(
            (
                task_id,
                fact.topic,
                fact.priority,
                record.envelope.at,
                instance_id,
                scopes[0],
                fact.element_id,
                f"{fact.element_id}:{part_id(instance_id, fact.key)}",
                fact.definition_id,
                fact.business_key,
                fact.tenant_id,
                "{" + ",".join(scopes) + "}",
            )
        )

    def locked(self, record: Recorded, fact: ExternalTaskLocked | ExternalTaskLockExtended) -> None:
        self.lock_ends.append((record.originator_id, fact.lock_until))
        self._locked.append((record.originator_id, record.originator_version, fact.worker_id, fact.lock_until))

    def unlocked(self, record: Recorded, fact: ExternalTaskUnlocked) -> None:
        self.freed_tasks.append(record.originator_id)
        self._locked.append((record.originator_id, record.originator_version, None, None))

    def failed(self, record: Recorded, fact: ExternalTaskFailed) -> None:
        message = fact.error_message[:ERROR_MESSAGE_LENGTH] if fact.error_message is not None else None
        until = record.envelope.at + fact.retry_timeout
        self.failed_tasks.append(record.originator_id)
        self.lock_ends.append((record.originator_id, until))
        self._failed.append((record.originator_id, record.originator_version, until, fact.retries, message, fact.error_details))

    def retries_set(self, record: Recorded, fact: ExternalTaskRetriesSet) -> None:
        self._retries.append((record.originator_id, record.originator_version, fact.retries))

    def priority_set(self, record: Recorded, fact: ExternalTaskPrioritySet) -> None:
        self._priorities.append((record.originator_id, record.originator_version, fact.priority))

    def suspended(self, record: Recorded, fact: ProcessInstanceSuspended | ProcessInstanceResumed) -> None:
        instance_id = record.originator_id
        self._suspended.append((instance_id, last_part_id(instance_id), isinstance(fact, ProcessInstanceSuspended)))

    def ended(self, record: Recorded, fact: object) -> None:
        self._ended.append(record.originator_id)

    def inserts(self) -> Iterable[Statement]:
        if self._created:
            yield INSERT, columns(self._created)

    def updates(self) -> Iterable[Statement]:
        changes = (LOCK, self._locked), (FAIL, self._failed), (RETRIES, self._retries), (PRIORITY, self._priorities)
        for sql, rows in (*changes, (SUSPEND, self._suspended)):
            if rows:
                yield sql, columns(rows)

    def deletions(self) -> Iterable[Statement]:
        if self._ended:
            yield DELETE, [self._ended]

    projectors = {
        ExternalTaskCreated: created,
        ExternalTaskLocked: locked,
        ExternalTaskLockExtended: locked,
        ExternalTaskUnlocked: unlocked,
        ExternalTaskFailed: failed,
        ExternalTaskRetriesSet: retries_set,
        ExternalTaskPrioritySet: priority_set,
        ProcessInstanceSuspended: suspended,
        ProcessInstanceResumed: suspended,
        ExternalTaskCompleted: ended,
        ExternalTaskBpmnErrorRaised: ended,
        ExternalTaskCancelled: ended,
    }
