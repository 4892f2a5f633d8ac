"""Queries of executions (REST contract §10.5). There is no table of them: they follow from the tokens that wait.

A scope has one, and so has a token that waits beside others. A token alone runs on the execution of its scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by
from projections.variable.conditions import VariableFilter, variable_matches

_LAST = "part_beside(i.id, 268435455)"
# Purpose: all executions of the chosen instances, with the activity that runs on each itself.
_EXECUTIONS = f"""
WITH i AS MATERIALIZED (SELECT * FROM process_instance i{{instances}}),
token AS (
    SELECT i.id AS instance, t.scopes[2] AS scope, t.execution_id AS own, part_beside(t.id, -2) AS id, t.activity_id AS activity
    FROM i JOIN external_task t ON t.id BETWEEN i.id AND {_LAST}
    UNION ALL
    SELECT i.id, t.scope_id, CASE WHEN t.execution_id = part_beside(t.id, -1) THEN t.execution_id END, part_beside(t.id, -2), t.element_id
    FROM i JOIN user_task t ON t.id BETWEEN i.id AND {_LAST}
    UNION ALL
    SELECT i.id, e.scope_id, CASE WHEN e.own_execution THEN part_beside(e.id, 1) END, e.id, e.activity_id
    FROM i JOIN element_instance e ON e.id BETWEEN i.id AND {_LAST}
    UNION ALL
    SELECT i.id, j.scope_id, NULL, j.holder_id, j.activity_id
    FROM i JOIN job j ON j.id BETWEEN i.id AND {_LAST} AND j.kind <> 'timer'
), waiting AS (
    SELECT t.instance, t.scope, t.own, t.activity, part_beside(coalesce(b.first_id, t.id), 3) AS beside
    FROM token t LEFT JOIN (SELECT b.* FROM i JOIN branch b ON b.first_id BETWEEN i.id AND {_LAST}) b ON b.token_id = t.id
), placed AS (
    SELECT w.*, count(*) OVER (PARTITION BY scope) > 1 AS is_beside, EXISTS (SELECT FROM waiting c WHERE c.scope = w.own) AS is_parent
    FROM waiting w
), execution AS (
    SELECT i.id, i.id AS instance, (SELECT p.activity FROM placed p WHERE p.scope = i.id AND p.own IS NULL AND NOT p.is_beside) AS activity
    FROM i
    UNION ALL
    SELECT own, instance, CASE WHEN is_parent THEN
        (SELECT c.activity FROM placed c WHERE c.scope = p.own AND c.own IS NULL AND NOT c.is_beside) ELSE activity END
    FROM placed p WHERE own IS NOT NULL
    UNION ALL
    SELECT beside, instance, CASE WHEN own IS NULL THEN activity END FROM placed WHERE is_beside
)"""
# Purpose: executions, in the order of ExecutionDto's fields.
_SELECT = """
SELECT e.id::text, e.instance::text, false, i.tenant_id FROM execution e JOIN i ON i.id = e.instance"""
_COUNT = """
SELECT count(*) FROM execution e JOIN i ON i.id = e.instance"""

SORT_COLUMNS: Mapping[str, str] = {
    "instanceId": "e.id",
    "definitionKey": 'i.definition_key COLLATE "C"',
    "definitionId": 'i.definition_id COLLATE "C"',
    "tenantId": "coalesce(i.tenant_id, '') COLLATE \"C\"",
}
_WITH_INCIDENT = "EXISTS (SELECT FROM incident n WHERE n.id BETWEEN i.id AND part_beside(i.id, 268435455) AND {})"


def _variables(scope: str) -> Condition:
    def match(where: Where, filters: Sequence[VariableFilter]) -> None:
        for wanted in filters:
            where.conditions.append(f"EXISTS (SELECT FROM variable v WHERE v.scope_id = {scope} AND {variable_matches(where, wanted)})")

    return match


_SUBSCRIBED = "i.id IN (SELECT s.process_instance_id FROM event_subscription s WHERE s.event_name = {{}} AND s.event_type = '{}')"
OF_INSTANCES: Mapping[str, Condition] = {
    "processInstanceId": "i.id = {}::uuid",
    "processDefinitionId": "i.definition_id = {}",
    "processDefinitionKey": "i.definition_key = {}",
    "businessKey": "i.business_key = {}",
    "processVariables": _variables("i.id"),
    "active": "NOT i.suspended",
    "suspended": "i.suspended",
    "tenantIdIn": "i.tenant_id = ANY({}::text[])",
    "messageEventSubscriptionName": _SUBSCRIBED.format("message"),
    "signalEventSubscriptionName": _SUBSCRIBED.format("signal"),
    "incidentId": _WITH_INCIDENT.format("n.id = {}::uuid"),
    "incidentType": _WITH_INCIDENT.format("n.incident_type = {}"),
    "incidentMessage": _WITH_INCIDENT.format("n.message = {}"),
    "incidentMessageLike": _WITH_INCIDENT.format("n.message LIKE {}"),
}
"""What narrows the instances to look at."""
_HAS_SUBSCRIPTION = "EXISTS (SELECT FROM event_subscription s WHERE s.event_name = {{}} AND s.event_type = '{}' AND s.execution_id = e.id)"
_HAS_INCIDENT = "EXISTS (SELECT FROM incident n WHERE n.execution_id = e.id AND n.process_instance_id = i.id AND {})"
OF_EXECUTIONS: Mapping[str, Condition] = {
    "activityId": "e.activity = {}",
    "messageEventSubscriptionName": _HAS_SUBSCRIPTION.format("message"),
    "signalEventSubscriptionName": _HAS_SUBSCRIPTION.format("signal"),
    "variables": _variables("e.id"),
    "incidentId": _HAS_INCIDENT.format("n.id = {}::uuid"),
    "incidentType": _HAS_INCIDENT.format("n.incident_type = {}"),
    "incidentMessage": _HAS_INCIDENT.format("n.message = {}"),
    "incidentMessageLike": _HAS_INCIDENT.format("n.message LIKE {}"),
}
"""What has to hold for an execution itself."""


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Executions as rows of ExecutionDto."""
    sql, where = _from(filters, _SELECT)
    return f"{sql}{where.sql}{order_by(sorting, SORT_COLUMNS, 'e.id')}{limit(page)}", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    sql, where = _from(filters, _COUNT)
    return f"{sql}{where.sql}", where.parameters


def _from(filters: Mapping[str, Any], select: str) -> tuple[str, Where]:
    instances = Where()
    apply_filters(instances, {name: value for name, value in filters.items() if name in OF_INSTANCES}, OF_INSTANCES)
    where = Where(instances.parameters)
    apply_filters(where, {name: value for name, value in filters.items() if name in OF_EXECUTIONS}, OF_EXECUTIONS)
    return _EXECUTIONS.format(instances=instances.sql) + select, where
