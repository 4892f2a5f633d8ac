"""Lists of history: what is asked, counted and sorted in all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

_OVERRULED = {"tenantIdIn": "withoutTenantId"}
"""Filters that do not count beside another one."""


class Listing(msgspec.Struct, frozen=True):
    """One list. `columns` are those of its rows, `source` the tables behind FROM, `tie` orders what is otherwise equal."""

    columns: str
    source: str
    sort_keys: Mapping[str, str]
    tie: str
    where: Callable[[Mapping[str, Any]], Where]

    def select(self, filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
        """The statement for rows; unsorted they come in the order of `tie`."""
        where = self.where(filters)
        order = order_by(sorting, self.sort_keys, self.tie)
        return f"SELECT {self.columns} FROM {self.source}{where.sql}{order}{limit(page)}", where.parameters

    def count(self, filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
        """The statement for their number."""
        where = self.where(filters)
        return f"SELECT count(*) FROM {self.source}{where.sql}", where.parameters


def applying(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that count."""
    return {name: value for name, value in filters.items() if _OVERRULED.get(name) not in filters}


def all_of(conditions: Mapping[str, Condition]) -> Callable[[Mapping[str, Any]], Where]:
    """All filters have to hold."""

    def where_of(filters: Mapping[str, Any]) -> Where:
        where = Where()
        apply_filters(where, applying(filters), conditions)
        return where

    return where_of


OF_INSTANCE: Mapping[str, Condition] = {
    "processDefinitionId": "i.definition_id = {}",
    "processDefinitionKey": "i.definition_key = {}",
    "processDefinitionKeyIn": "i.definition_key = ANY({}::text[])",
    "tenantIdIn": "i.tenant_id = ANY({}::text[])",
    "withoutTenantId": "i.tenant_id IS NULL",
}
"""Conditions on the instance `i` that a row belongs to."""
