"""Queries of job definitions (REST contract §10.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

# Purpose: job definitions, in the order of JobDefinitionDto's fields. Priorities of job definitions cannot be set.
COLUMNS = """
SELECT d.id::text, d.definition_id, d.definition_key, d.job_type, d.configuration, d.activity_id, d.suspended, NULL, d.tenant_id,
    d.deployment_id::text
FROM job_definition d"""
# Purpose: the ids of job definitions that a larger command concerns.
IDS = "SELECT d.id::text FROM job_definition d"

SORT_COLUMNS = {
    "jobDefinitionId": "d.id",
    "activityId": 'd.activity_id COLLATE "C"',
    "processDefinitionId": 'd.definition_id COLLATE "C"',
    "processDefinitionKey": 'd.definition_key COLLATE "C"',
    "jobType": 'd.job_type COLLATE "C"',
    "jobConfiguration": 'd.configuration COLLATE "C"',
    "tenantId": "coalesce(d.tenant_id, '') COLLATE \"C\"",
}
CONDITIONS: Mapping[str, Condition] = {
    "jobDefinitionId": "d.id = {}::uuid",
    "activityIdIn": "d.activity_id = ANY({}::text[])",
    "processDefinitionId": "d.definition_id = {}",
    "processDefinitionKey": "d.definition_key = {}",
    "jobType": "d.job_type = {}",
    "jobConfiguration": "d.configuration = {}",
    "active": "NOT d.suspended",
    "suspended": "d.suspended",
    "withOverridingJobPriority": "false",
    "tenantIdIn": "d.tenant_id = ANY({}::text[])",
    "withoutTenantId": "d.tenant_id IS NULL",
}
_OR_NONE: Mapping[str, Condition] = {**CONDITIONS, "tenantIdIn": "(d.tenant_id IS NULL OR d.tenant_id = ANY({}::text[]))"}


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Job definitions as rows of COLUMNS."""
    where = _where(filters)
    return f"{COLUMNS}{where.sql}{order_by(sorting, SORT_COLUMNS, 'd.id')}{limit(page)}", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT count(*) FROM job_definition d{where.sql}", where.parameters


def ids_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"{IDS}{where.sql} ORDER BY d.id", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    rest = dict(filters)
    conditions = _OR_NONE if rest.pop("includeJobDefinitionsWithoutTenantId", False) else CONDITIONS
    apply_filters(where, rest, conditions)
    return where
