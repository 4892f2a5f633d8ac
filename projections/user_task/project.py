"""Rows of `user_task` from facts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from domain.facts import (
    ProcessInstanceResumed,
    ProcessInstanceSuspended,
    Recorded,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
)
from domain.ids import last_part_id, part_id
from domain.state import SCOPE_EXECUTION, TASK
from projections.rows import ReadModel, Statement, columns

# Purpose: user tasks that were created. Candidates come as JSON, for arrays of arrays must be rectangular.
INSERT = """
INSERT INTO user_task (id, process_instance_id, execution_id, element_id, activity_instance_id, definition_id, definition_key, create_time,
    name, description, assignee, owner, due, follow_up, priority, form_key, tenant_id, candidate_users, candidate_groups, scope_id)
SELECT c.id, c.instance, c.execution, c.element, c.activity_instance, c.definition,
    (SELECT d.key FROM process_definition d WHERE d.id = c.definition), c.created, c.name, c.description, c.assignee,
    c.owner, c.due, c.follow_up, c.priority, c.form_key, c.tenant,
    ARRAY(SELECT jsonb_array_elements_text(c.users::jsonb)), ARRAY(SELECT jsonb_array_elements_text(c.groups::jsonb)), c.scope
FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::bigint[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::bigint[], %b::bigint[], %b::integer[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::uuid[])
    c(id, instance, execution, element, activity_instance, definition, created, name, description, assignee, owner, due, follow_up,
      priority, form_key, tenant, users, groups, scope)
"""
# Purpose: user tasks of instances that were suspended or resumed.
SUSPEND = """
UPDATE user_task t SET suspended = c.suspended FROM unnest(%b::uuid[], %b::uuid[], %b::boolean[]) c(first, last, suspended)
WHERE t.id BETWEEN c.first AND c.last
"""
# Purpose: user tasks that ended.
DELETE = "DELETE FROM user_task WHERE id = ANY(%b::uuid[])"


class UserTasks(ReadModel):
    def __init__(self) -> None:
        self._created: list[tuple[object, ...]] = []
        self._suspended: list[tuple[object, ...]] = []
        self._ended: list[str] = []

    def created(self, record: Recorded, fact: UserTaskCreated) -> None:
        instance_id = record.originator_id
        self._created.append(
            (
                part_id(instance_id, fact.key + TASK),
                instance_id,
                part_id(instance_id, fact.execution),
                fact.element_id,
                f"{fact.element_id}:{part_id(instance_id, fact.key)}",
                fact.definition_id,
                record.envelope.at,
                fact.name,
                fact.description,
                fact.assignee,
                fact.owner,
                fact.due,
                fact.follow_up,
                fact.priority,
                fact.form_key,
                fact.tenant_id,
                json.dumps(fact.candidate_users),
                json.dumps(fact.candidate_groups),
                part_id(instance_id, fact.scope + SCOPE_EXECUTION if fact.scope else 0),
            )
        )

    def suspended(self, record: Recorded, fact: ProcessInstanceSuspended | ProcessInstanceResumed) -> None:
        instance_id = record.originator_id
        self._suspended.append((instance_id, last_part_id(instance_id), isinstance(fact, ProcessInstanceSuspended)))

    def ended(self, record: Recorded, fact: UserTaskCompleted | UserTaskCancelled) -> None:
        self._ended.append(part_id(record.originator_id, fact.key + TASK))

    def inserts(self) -> Iterable[Statement]:
        if self._created:
            yield INSERT, columns(self._created)

    def updates(self) -> Iterable[Statement]:
        if self._suspended:
            yield SUSPEND, columns(self._suspended)

    def deletions(self) -> Iterable[Statement]:
        if self._ended:
            yield DELETE, [self._ended]

    projectors = {
        UserTaskCreated: created,
        ProcessInstanceSuspended: suspended,
        ProcessInstanceResumed: suspended,
        UserTaskCompleted: ended,
        UserTaskCancelled: ended,
    }
