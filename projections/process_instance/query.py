"""Reads of running process instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by
from projections.variable.conditions import VariableFilter, variable_matches

# Purpose: process instances as the wire shows them.
SELECT = "SELECT i.id::text, i.definition_id, i.definition_key, i.business_key, i.tenant_id, i.suspended FROM process_instance i"
# Purpose: how many process instances there are.
COUNT = "SELECT count(*) FROM process_instance i"
# Purpose: ids of the instances that a larger command concerns.
IDS = "SELECT i.id::text FROM process_instance i"
# Purpose: tell whether an instance is running.
EXISTS = "SELECT 1 FROM process_instance WHERE id = %s::uuid"

_LAST_PART = "(left(i.id::text, 29) || 'fffffff')::uuid"
_DEFINITION = "EXISTS (SELECT FROM process_definition d WHERE d.id = i.definition_id AND {condition})"
_INCIDENT = f"EXISTS (SELECT FROM incident n WHERE n.id BETWEEN i.id AND {_LAST_PART} AND {{condition}})"
_ACTIVITIES = (
    f"(EXISTS (SELECT FROM external_task t WHERE t.id BETWEEN i.id AND {_LAST_PART} AND t.activity_id = ANY({{0}}::text[]))"
    f" OR EXISTS (SELECT FROM user_task t WHERE t.id BETWEEN i.id AND {_LAST_PART} AND t.element_id = ANY({{0}}::text[]))"
    f" OR EXISTS (SELECT FROM element_instance e WHERE e.id BETWEEN i.id AND {_LAST_PART} AND e.activity_id = ANY({{0}}::text[])))"
)
_NOTHING = "false"

SORT_KEYS: Mapping[str, str] = {
    "instanceId": "i.id",
    "definitionKey": 'i.definition_key COLLATE "C"',
    "definitionId": 'i.definition_id COLLATE "C"',
    "tenantId": 'i.tenant_id COLLATE "C"',
    "businessKey": 'i.business_key COLLATE "C"',
}


def _active_in(where: Where, activities: Sequence[str]) -> None:
    where.conditions.append(_ACTIVITIES.format(where.parameter(list(activities))))


def _variables(where: Where, filters: Sequence[VariableFilter]) -> None:
    for wanted in filters:
        where.conditions.append(f"EXISTS (SELECT FROM variable v WHERE v.scope_id = i.id AND {variable_matches(where, wanted)})")


def _any_query(where: Where, queries: Sequence[Mapping[str, Any]]) -> None:
    for filters in queries:
        where.any_of(partial(apply_filters, filters=filters, conditions=CONDITIONS))


CONDITIONS: Mapping[str, Condition] = {
    "processInstanceIds": "i.id = ANY({}::uuid[])",
    "rootProcessInstanceId": "i.id = {}::uuid",
    "deploymentId": _DEFINITION.format(condition="d.deployment_id = {}::uuid"),
    "processDefinitionId": "i.definition_id = {}",
    "processDefinitionKey": "i.definition_key = {}",
    "processDefinitionKeyIn": "i.definition_key = ANY({}::text[])",
    "processDefinitionKeyNotIn": "i.definition_key <> ALL({}::text[])",
    "processDefinitionWithoutTenantId": _DEFINITION.format(condition="d.tenant_id IS NULL"),
    "businessKey": "i.business_key = {}",
    "businessKeyLike": "i.business_key LIKE {}",
    "active": "NOT i.suspended",
    "suspended": "i.suspended",
    "variables": _variables,
    "withIncident": _INCIDENT.format(condition="true"),
    "incidentId": _INCIDENT.format(condition="n.id = {}::uuid"),
    "incidentType": _INCIDENT.format(condition="n.incident_type = {}"),
    "incidentMessage": _INCIDENT.format(condition="n.message = {}"),
    "incidentMessageLike": _INCIDENT.format(condition="n.message LIKE {}"),
    "tenantIdIn": "i.tenant_id = ANY({}::text[])",
    "withoutTenantId": "i.tenant_id IS NULL",
    "activityIdIn": _active_in,
    "orQueries": _any_query,
    # There are no call activities and no cases: every instance is a root and a leaf.
    "rootProcessInstances": "true",
    "leafProcessInstances": "true",
    "caseInstanceId": _NOTHING,
    "superProcessInstance": _NOTHING,
    "subProcessInstance": _NOTHING,
    "superCaseInstance": _NOTHING,
    "subCaseInstance": _NOTHING,
}


def where_of(filters: Mapping[str, Any]) -> Where:
    """The conditions of a list query."""
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return where


def select(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """The statement for a list of instances; unsorted they come by id, oldest first."""
    where = where_of(filters)
    return SELECT + where.sql + order_by(sorting, SORT_KEYS, "i.id") + limit(page), where.parameters


def count(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The statement for the number of instances."""
    where = where_of(filters)
    return COUNT + where.sql, where.parameters


def ids(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The statement for the ids of instances."""
    where = where_of(filters)
    return IDS + where.sql + " ORDER BY i.id", where.parameters
