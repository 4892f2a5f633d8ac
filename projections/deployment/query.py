"""Queries of deployments and of the files they brought (REST contract §10.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

# Purpose: deployments, in the order of DeploymentDto's fields.
COLUMNS = "SELECT d.id::text, d.name, d.source, d.deploy_time, d.tenant_id FROM deployment d"
ONE = f"{COLUMNS} WHERE d.id = %s::uuid"
# Purpose: files, in the order of DeploymentResourceDto's fields.
RESOURCES = "SELECT r.id::text, r.name, r.deployment_id::text FROM deployment_resource r WHERE r.deployment_id = %s::uuid"
ALL_RESOURCES = f"{RESOURCES} ORDER BY r.id"
# Purpose: a file's name and content.
CONTENT = """
SELECT r.name, b.content FROM deployment_resource r JOIN blob b USING (sha256) WHERE r.deployment_id = %s::uuid AND r.id = %s::uuid"""
# Purpose: all files with their contents, in the order in which they were deployed.
CONTENTS = """
SELECT r.id::text, r.name, b.content FROM deployment_resource r JOIN blob b USING (sha256) WHERE r.deployment_id = %s::uuid ORDER BY r.id"""
# Purpose: the ids of all deployments.
REGISTERED = "SELECT d.id::text FROM deployment d ORDER BY d.id"

SORT_COLUMNS = {
    "id": "d.id",
    "name": "coalesce(d.name, '') COLLATE \"C\"",
    "deploymentTime": "d.deploy_time",
    "tenantId": "coalesce(d.tenant_id, '') COLLATE \"C\"",
}
CONDITIONS: Mapping[str, Condition] = {
    "id": "d.id = {}::uuid",
    "name": "d.name = {}",
    "nameLike": "d.name LIKE {}",
    "source": "d.source = {}",
    "withoutSource": "d.source IS NULL",
    "before": "d.deploy_time < {}",
    "after": "d.deploy_time > {}",
    "tenantIdIn": "d.tenant_id = ANY({}::text[])",
    "withoutTenantId": "d.tenant_id IS NULL",
}
_OR_NONE: Mapping[str, Condition] = {**CONDITIONS, "tenantIdIn": "(d.tenant_id IS NULL OR d.tenant_id = ANY({}::text[]))"}


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Deployments as rows of COLUMNS."""
    where = _where(filters)
    return f"{COLUMNS}{where.sql}{order_by(sorting, SORT_COLUMNS, 'd.id')}{limit(page)}", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT count(*) FROM deployment d{where.sql}", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    rest = dict(filters)
    conditions = _OR_NONE if rest.pop("includeDeploymentsWithoutTenantId", False) else CONDITIONS
    if "withoutTenantId" in rest:
        rest.pop("tenantIdIn", None)
    apply_filters(where, rest, conditions)
    return where
