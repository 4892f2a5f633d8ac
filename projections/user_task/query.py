"""Reads of open user tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by
from projections.variable.conditions import VariableFilter, variable_matches

_COLUMNS = (
    "t.id::text, t.name, t.assignee, t.create_time, t.due, t.follow_up, t.description, t.execution_id::text, t.owner, t.priority,"
    " t.definition_id, t.process_instance_id::text, t.element_id, t.suspended, t.form_key, t.tenant_id"
)
# Purpose: user tasks as the wire shows them.
SELECT = f"SELECT {_COLUMNS} FROM user_task t"
# Purpose: how many user tasks there are.
COUNT = "SELECT count(*) FROM user_task t"
# Purpose: tell whether a user task is open.
EXISTS = "SELECT 1 FROM user_task WHERE id = %s::uuid"
# Purpose: who may do a user task, and who does.
PEOPLE = "SELECT assignee, owner, candidate_users, candidate_groups FROM user_task WHERE id = %s::uuid"


class UserTaskRow(NamedTuple):
    id: str
    name: str | None
    assignee: str | None
    create_time: int
    due: int | None
    follow_up: int | None
    description: str | None
    execution_id: str
    owner: str | None
    priority: int
    definition_id: str
    process_instance_id: str
    element_id: str
    suspended: bool
    form_key: str | None
    tenant_id: str | None


SORT_KEYS: Mapping[str, str] = {
    "instanceId": "t.process_instance_id",
    "executionId": "t.execution_id",
    "name": 't.name COLLATE "C"',
    "nameCaseInsensitive": 'lower(t.name) COLLATE "C"',
    "description": 't.description COLLATE "C"',
    "assignee": 't.assignee COLLATE "C"',
    "created": "t.create_time",
    "dueDate": "t.due",
    "followUpDate": "t.follow_up",
    "priority": "t.priority",
    "id": "t.id",
    "tenantId": 't.tenant_id COLLATE "C"',
}


def _task_variables(where: Where, filters: Sequence[VariableFilter]) -> None:
    # The element's own execution has the number before the task's, in the last seven hexadecimal digits.
    last = "lpad(to_hex(('x' || right(t.id::text, 7))::bit(28)::int - 1), 7, '0')"
    _variables(where, filters, f"v.scope_id = (left(t.id::text, 29) || {last})::uuid")


def _process_variables(where: Where, filters: Sequence[VariableFilter]) -> None:
    _variables(where, filters, "v.scope_id = t.process_instance_id")


def _variables(where: Where, filters: Sequence[VariableFilter], scope: str) -> None:
    for wanted in filters:
        where.conditions.append(f"EXISTS (SELECT FROM variable v WHERE {scope} AND {variable_matches(where, wanted)})")


_INSTANCE = "EXISTS (SELECT FROM process_instance i WHERE i.id = t.process_instance_id AND {condition})"
_DEFINITION = "EXISTS (SELECT FROM process_definition d WHERE d.id = t.definition_id AND {condition})"

CONDITIONS: Mapping[str, Condition] = {
    "taskId": "t.id = {}::uuid",
    "taskIdIn": "t.id = ANY({}::uuid[])",
    "processInstanceId": "t.process_instance_id = {}::uuid",
    "processInstanceIdIn": "t.process_instance_id = ANY({}::uuid[])",
    "executionId": "t.execution_id = {}::uuid",
    "processDefinitionId": "t.definition_id = {}",
    "processDefinitionKey": "t.definition_key = {}",
    "processDefinitionKeyIn": "t.definition_key = ANY({}::text[])",
    "processDefinitionName": _DEFINITION.format(condition="d.name = {}"),
    "deploymentId": _DEFINITION.format(condition="d.deployment_id = {}::uuid"),
    "processInstanceBusinessKey": _INSTANCE.format(condition="i.business_key = {}"),
    "processInstanceBusinessKeyIn": _INSTANCE.format(condition="i.business_key = ANY({}::text[])"),
    "processInstanceBusinessKeyLike": _INSTANCE.format(condition="i.business_key LIKE {}"),
    "taskDefinitionKey": "t.element_id = {}",
    "taskDefinitionKeyIn": "t.element_id = ANY({}::text[])",
    "taskDefinitionKeyLike": "t.element_id LIKE {}",
    "activityInstanceIdIn": "t.activity_instance_id = ANY({}::text[])",
    "name": "lower(t.name) = lower({}::text)",
    "nameNotEqual": "lower(t.name) <> lower({}::text)",
    "nameLike": "lower(t.name) LIKE lower({}::text)",
    "description": "lower(t.description) = lower({}::text)",
    "descriptionLike": "lower(t.description) LIKE lower({}::text)",
    "assignee": "t.assignee = {}",
    "assigneeIn": "t.assignee = ANY({}::text[])",
    "assigneeLike": "t.assignee LIKE {}",
    "assigned": "t.assignee IS NOT NULL",
    "unassigned": "t.assignee IS NULL",
    "owner": "t.owner = {}",
    "candidateUser": "{} = ANY(t.candidate_users)",
    "candidateGroup": "{} = ANY(t.candidate_groups)",
    "candidateGroups": "t.candidate_groups && {}::text[]",
    "withCandidateGroups": "t.candidate_groups <> '{{}}'",
    "withoutCandidateGroups": "t.candidate_groups = '{{}}'",
    "onlyUnassigned": "t.assignee IS NULL",
    "priority": "t.priority = {}",
    "minPriority": "t.priority >= {}",
    "maxPriority": "t.priority <= {}",
    "dueDate": "t.due = {}",
    "dueBefore": "t.due < {}",
    "dueAfter": "t.due > {}",
    "withoutDueDate": "t.due IS NULL",
    "followUpBefore": "t.follow_up < {}",
    "followUpAfter": "t.follow_up > {}",
    "createdOn": "t.create_time = {}",
    "createdBefore": "t.create_time < {}",
    "createdAfter": "t.create_time > {}",
    "active": "NOT t.suspended",
    "suspended": "t.suspended",
    "processVariables": _process_variables,
    "taskVariables": _task_variables,
    "tenantIdIn": "t.tenant_id = ANY({}::text[])",
    "withoutTenantId": "t.tenant_id IS NULL",
}


def select(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """The statement for a list of tasks."""
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return SELECT + where.sql + order_by(sorting, SORT_KEYS, "t.id") + limit(page), where.parameters


def count(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The statement for the number of tasks."""
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return COUNT + where.sql, where.parameters
