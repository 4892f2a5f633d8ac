"""Queries of open incidents (REST contract §10.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.ids import aggregate_id, last_part_id, ordinal_of
from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

# Purpose: incidents, in the order of IncidentDto's fields. An incident is its own cause.
COLUMNS = """
SELECT i.id::text, i.definition_id, i.process_instance_id::text, i.execution_id::text, i.timestamp, i.incident_type, i.activity_id,
    i.failed_activity_id, i.id::text, i.id::text, i.configuration, i.message, i.tenant_id, i.job_definition_id::text,
    i.annotation
FROM incident i"""
ONE = f"{COLUMNS} WHERE i.id = %s::uuid"

SORT_COLUMNS = {
    "incidentId": "i.id",
    "incidentMessage": "coalesce(i.message, '') COLLATE \"C\"",
    "incidentTimestamp": "i.timestamp",
    "incidentType": 'i.incident_type COLLATE "C"',
    "executionId": "i.execution_id",
    "activityId": 'i.activity_id COLLATE "C"',
    "processInstanceId": "i.process_instance_id",
    "processDefinitionId": 'i.definition_id COLLATE "C"',
    "causeIncidentId": "i.id",
    "rootCauseIncidentId": "i.id",
    "configuration": "coalesce(i.configuration, '') COLLATE \"C\"",
    "tenantId": "coalesce(i.tenant_id, '') COLLATE \"C\"",
}


def _in_instance(where: Where, instance_id: str) -> None:
    """The incidents of an instance are a range of ids: the primary key serves."""
    if ordinal_of(instance_id):
        where.add("false")
    else:
        where.add("i.id BETWEEN {}::uuid AND {}::uuid", instance_id, last_part_id(instance_id))


def _on_execution(where: Where, execution_id: str) -> None:
    _in_instance(where, aggregate_id(execution_id))
    where.add("i.execution_id = {}::uuid", execution_id)


CONDITIONS: Mapping[str, Condition] = {
    "incidentId": "i.id = {}::uuid",
    "incidentType": "i.incident_type = {}",
    "incidentMessage": "i.message = {}",
    "incidentMessageLike": "i.message LIKE {}",
    "processDefinitionId": "i.definition_id = {}",
    "processDefinitionKeyIn": "i.definition_key = ANY({}::text[])",
    "processInstanceId": _in_instance,
    "executionId": _on_execution,
    "incidentTimestampBefore": "i.timestamp < {}",
    "incidentTimestampAfter": "i.timestamp > {}",
    "activityId": "i.activity_id = {}",
    "failedActivityId": "i.failed_activity_id = {}",
    "causeIncidentId": "i.id = {}::uuid",
    "rootCauseIncidentId": "i.id = {}::uuid",
    "configuration": "i.configuration = {}",
    "tenantIdIn": "i.tenant_id = ANY({}::text[])",
    "jobDefinitionIdIn": "i.job_definition_id = ANY({}::uuid[])",
}


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Incidents as rows of COLUMNS."""
    where = _where(filters)
    return f"{COLUMNS}{where.sql}{order_by(sorting, SORT_COLUMNS, 'i.id')}{limit(page)}", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT count(*) FROM incident i{where.sql}", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return where
