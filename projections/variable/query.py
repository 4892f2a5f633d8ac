"""Reads of runtime variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.ids import last_part_id
from projections.large_values import PAYLOAD
from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by
from projections.variable.conditions import VariableFilter, variable_matches

# Purpose: the variables of some scopes, the outermost scope's first. Scopes come nearest first.
OF_SCOPES = f"""
SELECT v.name, {PAYLOAD} FROM unnest(%s::uuid[]) WITH ORDINALITY s(id, depth) JOIN variable v ON v.scope_id = s.id
ORDER BY s.depth DESC
"""
# Purpose: one variable as the nearest of some scopes has it.
ONE_OF_SCOPES = f"""
SELECT {PAYLOAD} FROM unnest(%s::uuid[]) WITH ORDINALITY s(id, depth)
    JOIN variable v ON v.scope_id = s.id AND v.name = %s
ORDER BY s.depth LIMIT 1
"""
# Purpose: the scopes that an external task's execution sees, nearest first.
TASK_SCOPES = "SELECT scopes::text[] FROM external_task WHERE id = %s::uuid"
# Purpose: the activity instances of the waiting tasks among some ids.
ACTIVITY_INSTANCES = """
SELECT id::text, activity_instance_id FROM external_task WHERE id = ANY(%(ids)s::uuid[])
UNION ALL SELECT id::text, activity_instance_id FROM user_task WHERE id = ANY(%(ids)s::uuid[])
"""

_FROM = " FROM variable v JOIN process_instance i ON i.id = (left(v.scope_id::text, 29) || '0000000')::uuid"
# Purpose: variables with the instances they belong to.
SELECT = f"SELECT v.id::text, v.name, v.scope_id::text, i.id::text, i.definition_id, i.tenant_id, {PAYLOAD}{_FROM}"
# Purpose: how many variables there are.
COUNT = f"SELECT count(*){_FROM}"

SORT_KEYS: Mapping[str, str] = {
    "variableName": 'v.name COLLATE "C"',
    "variableType": 'v.type COLLATE "C"',
    "activityInstanceId": "v.scope_id",
    "tenantId": 'i.tenant_id COLLATE "C"',
}


def _in_instances(where: Where, instance_ids: Sequence[str]) -> None:
    def fill(inner: Where) -> None:
        for instance_id in instance_ids:
            inner.add("v.scope_id BETWEEN {}::uuid AND {}::uuid", instance_id, last_part_id(instance_id))

    where.any_of(fill)


def _values(where: Where, filters: Sequence[VariableFilter]) -> None:
    where.conditions += [f"({variable_matches(where, wanted)})" for wanted in filters]


CONDITIONS: Mapping[str, Condition] = {
    "id": "v.id = {}::uuid",
    "variableName": "v.name = {}",
    "variableNameLike": "v.name LIKE {}",
    "variableValues": _values,
    "processInstanceIdIn": _in_instances,
    "executionIdIn": "v.scope_id = ANY({}::uuid[])",
    "variableScopeIdIn": "v.scope_id = ANY({}::uuid[])",
    "taskIdIn": "v.scope_id = ANY({}::uuid[])",
    "activityInstanceIdIn": "v.scope_id = ANY({}::uuid[])",
    "tenantIdIn": "i.tenant_id = ANY({}::text[])",
    # There are no cases, and batches have no variables.
    "caseExecutionIdIn": "false",
    "caseInstanceIdIn": "false",
    "batchIdIn": "false",
}


def select(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """The statement for a list of variables."""
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return SELECT + where.sql + order_by(sorting, SORT_KEYS, "v.scope_id, v.name") + limit(page), where.parameters


def count(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The statement for the number of variables."""
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return COUNT + where.sql, where.parameters
