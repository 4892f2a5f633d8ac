"""Queries of event subscriptions, and who waits for a message or signal (REST contract §10.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

# Purpose: subscriptions, in the order of EventSubscriptionDto's fields.
COLUMNS = """
SELECT s.id::text, s.event_type, s.event_name, s.execution_id::text, s.process_instance_id::text, s.activity_id, s.created, s.tenant_id
FROM event_subscription s"""
# Purpose: the subscription of an execution for a message.
OF_EXECUTION = f"{COLUMNS} WHERE s.execution_id = %s::uuid AND s.event_name = %s AND s.event_type = 'message'"

SORT_COLUMNS = {"created": "s.created", "tenantId": "coalesce(s.tenant_id, '') COLLATE \"C\""}
CONDITIONS: Mapping[str, Condition] = {
    "eventSubscriptionId": "s.id = {}::uuid",
    "eventName": "s.event_name = {}",
    "eventType": "s.event_type = {}",
    "executionId": "s.execution_id = {}::uuid",
    "processInstanceId": "s.id BETWEEN {0}::uuid AND part_beside({0}::uuid, 268435455)",
    "activityId": "s.activity_id = {}",
    "tenantIdIn": "s.tenant_id = ANY({}::text[])",
    "withoutTenantId": "s.tenant_id IS NULL",
}
_OR_NONE: Mapping[str, Condition] = {**CONDITIONS, "tenantIdIn": "(s.tenant_id IS NULL OR s.tenant_id = ANY({}::text[]))"}


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Subscriptions as rows of COLUMNS."""
    where = _where(filters)
    return f"{COLUMNS}{where.sql}{order_by(sorting, SORT_COLUMNS, 's.id')}{limit(page)}", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT count(*) FROM event_subscription s{where.sql}", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    rest = dict(filters)
    conditions = _OR_NONE if rest.pop("includeEventSubscriptionsWithoutTenantId", False) else CONDITIONS
    apply_filters(where, rest, conditions)
    return where
