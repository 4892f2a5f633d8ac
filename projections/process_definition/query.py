"""Queries of process definitions (REST contract §10.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

# Purpose: definitions, in the order of ProcessDefinitionDto's fields.
COLUMNS = """
SELECT d.id, d.key, d.category, d.description, d.name, d.version, d.resource, d.deployment_id::text, NULL, d.suspended, d.tenant_id,
    d.version_tag, d.history_time_to_live, d.startable_in_tasklist
FROM process_definition d"""
ONE = f"{COLUMNS} WHERE d.id = %s"
LATEST = f"{COLUMNS} WHERE d.key = %s AND coalesce(d.tenant_id, '') = %s ORDER BY d.version DESC LIMIT 1"
# Purpose: the ids of all versions of a process, of all tenants or of one.
IDS_OF_KEY = "SELECT d.id FROM process_definition d WHERE d.key = %s AND (%s::text IS NULL OR d.tenant_id = %s) ORDER BY d.version"
# Purpose: the model file of a definition.
MODEL = """
SELECT b.content FROM process_definition d
    JOIN deployment_resource r ON r.deployment_id = d.deployment_id AND r.name = d.resource JOIN blob b USING (sha256)
WHERE d.id = %s"""

_DEPLOY_TIME = "(SELECT p.deploy_time FROM deployment p WHERE p.id = d.deployment_id)"
SORT_COLUMNS = {
    "category": "coalesce(d.category, '') COLLATE \"C\"",
    "key": 'd.key COLLATE "C"',
    "id": 'd.id COLLATE "C"',
    "name": "coalesce(d.name, '') COLLATE \"C\"",
    "version": "d.version",
    "deploymentId": "d.deployment_id",
    "deployTime": _DEPLOY_TIME,
    "tenantId": "coalesce(d.tenant_id, '') COLLATE \"C\"",
    "versionTag": "coalesce(d.version_tag, '') COLLATE \"C\"",
}
_LATEST_VERSION = """NOT EXISTS (SELECT FROM process_definition n
    WHERE n.key = d.key AND coalesce(n.tenant_id, '') = coalesce(d.tenant_id, '') AND n.version > d.version)"""
_WITH_INCIDENT = "d.id IN (SELECT i.definition_id FROM incident i WHERE {})"
CONDITIONS: Mapping[str, Condition] = {
    "processDefinitionId": "d.id = {}",
    "processDefinitionIdIn": "d.id = ANY({}::text[])",
    "category": "d.category = {}",
    "categoryLike": "d.category LIKE {}",
    "name": "d.name = {}",
    "nameLike": "d.name LIKE {}",
    "deploymentId": "d.deployment_id = {}::uuid",
    "deployedAfter": f"{_DEPLOY_TIME} > {{}}",
    "deployedAt": f"{_DEPLOY_TIME} = {{}}",
    "key": "d.key = {}",
    "keysIn": "d.key = ANY({}::text[])",
    "keyLike": "d.key LIKE {}",
    "version": "d.version = {}",
    "latestVersion": _LATEST_VERSION,
    "resourceName": "d.resource = {}",
    "resourceNameLike": "d.resource LIKE {}",
    "active": "NOT d.suspended",
    "suspended": "d.suspended",
    "incidentId": _WITH_INCIDENT.format("i.id = {}::uuid"),
    "incidentType": _WITH_INCIDENT.format("i.incident_type = {}"),
    "incidentMessage": _WITH_INCIDENT.format("i.message = {}"),
    "incidentMessageLike": _WITH_INCIDENT.format("i.message LIKE {}"),
    "tenantIdIn": "d.tenant_id = ANY({}::text[])",
    "withoutTenantId": "d.tenant_id IS NULL",
    "versionTag": "d.version_tag = {}",
    "versionTagLike": "d.version_tag LIKE {}",
    "withoutVersionTag": "d.version_tag IS NULL",
    "startableInTasklist": "d.startable_in_tasklist",
    "notStartableInTasklist": "NOT d.startable_in_tasklist",
}
_OR_NONE: Mapping[str, Condition] = {**CONDITIONS, "tenantIdIn": "(d.tenant_id IS NULL OR d.tenant_id = ANY({}::text[]))"}
_OVERRULED = {"active": "suspended", "tenantIdIn": "withoutTenantId"}
"""Filters that do not count beside another one."""


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Definitions as rows of COLUMNS."""
    where = _where(filters)
    return f"{COLUMNS}{where.sql}{order_by(sorting, SORT_COLUMNS, SORT_COLUMNS['id'])}{limit(page)}", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT count(*) FROM process_definition d{where.sql}", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    rest = {name: value for name, value in filters.items() if _OVERRULED.get(name) not in filters}
    conditions = _OR_NONE if rest.pop("includeProcessDefinitionsWithoutTenantId", False) else CONDITIONS
    apply_filters(where, rest, conditions)
    return where
