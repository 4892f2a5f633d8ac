"""Queries of open external tasks (REST contract §4.1): filters to SQL whose predicates are those that the indexes serve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from domain.ids import aggregate_id, last_part_id, ordinal_of
from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by
from projections.variable.conditions import VariableFilter, variable_matches


class ExternalTaskQuery(msgspec.Struct, frozen=True, kw_only=True):
    """`filters` by their names on the wire, only those that apply; times in epoch ms."""

    filters: Mapping[str, Any] = {}
    variables: tuple[VariableFilter, ...] = ()
    """Each has to hold for some variable of the task's instance, in any scope."""
    sorting: Sorting = ()
    page: Page = Page()


# Purpose: open tasks, in the order of ExternalTaskDto's fields.
_COLUMNS = """
SELECT t.activity_id, t.activity_instance_id, t.error_message, t.execution_id::text, t.id::text, t.lock_until, t.create_time,
    t.definition_id, t.definition_key, d.version_tag, t.process_instance_id::text, t.tenant_id, t.retries, t.suspended, t.worker_id,
    t.topic, t.priority, t.business_key
FROM {} JOIN process_definition d ON d.id = t.definition_id"""
COLUMNS = _COLUMNS.format("external_task t")
OF_A_PAGE = _COLUMNS.format("({}) page JOIN external_task t ON t.id = page.id")
"""Where very many tasks are sorted or passed over, their ids alone are."""
ONE = f"{COLUMNS} WHERE t.id = %s::uuid"
EXISTING = "SELECT id::text FROM external_task WHERE id = ANY(%s::uuid[])"
ERROR_DETAILS = "SELECT error_details FROM external_task WHERE id = %s::uuid"

SORT_COLUMNS = {
    "id": "t.id",
    "lockExpirationTime": "coalesce(t.lock_until, 0)",
    "processInstanceId": "t.id",
    "processDefinitionId": 'd.id COLLATE "C"',
    "processDefinitionKey": 'd.key COLLATE "C"',
    "tenantId": "coalesce(d.tenant_id, '') COLLATE \"C\"",
    "taskPriority": "t.priority",
    "createTime": "t.create_time",
}
# Purpose: the places of all definitions in the orders that tasks can have by them: very many tasks are sorted faster by numbers.
_RANKS = """ JOIN (
    SELECT d.id, dense_rank() OVER (ORDER BY d.id COLLATE "C") AS by_id, dense_rank() OVER (ORDER BY d.key COLLATE "C") AS by_key,
        dense_rank() OVER (ORDER BY coalesce(d.tenant_id, '') COLLATE "C") AS by_tenant
    FROM process_definition d) rank ON rank.id = t.definition_id"""
RANK_COLUMNS = {"processDefinitionId": "rank.by_id", "processDefinitionKey": "rank.by_key", "tenantId": "rank.by_tenant"}
# Each range by the primary key, and their ids by it once more: as a join, the planner would compare all with all.
_IN_ANY_INSTANCE = """t.id = ANY(ARRAY(SELECT x.id FROM unnest({}::uuid[], {}::uuid[]) i(first, last)
    CROSS JOIN LATERAL (SELECT id FROM external_task WHERE id BETWEEN i.first AND i.last OFFSET 0) x))"""
_OF_DEFINITION = "t.definition_id IN (SELECT id FROM process_definition WHERE {})"
_HAS_VARIABLE = """EXISTS (SELECT FROM variable v WHERE {}
    AND v.scope_id BETWEEN t.process_instance_id AND (left(t.process_instance_id::text, 29) || 'fffffff')::uuid)"""


def _in_instance(where: Where, instance_id: str) -> None:
    """The tasks of an instance are a range of ids: the primary key serves."""
    if ordinal_of(instance_id):
        where.add("false")
    else:
        where.add("t.id BETWEEN {}::uuid AND {}::uuid", instance_id, last_part_id(instance_id))


def _in_any_instance(where: Where, instance_ids: Iterable[str]) -> None:
    first = [i for i in dict.fromkeys(instance_ids) if not ordinal_of(i)]
    where.add(_IN_ANY_INSTANCE, first, [last_part_id(i) for i in first])


def _on_execution(where: Where, execution_id: str) -> None:
    _in_instance(where, aggregate_id(execution_id))
    where.add("t.execution_id = {}::uuid", execution_id)


def _beginning(text: str) -> str:
    """As much of an id as the indexes hold."""
    return f"left({text}, 200)"


_BEGINNINGS = f"ARRAY(SELECT {_beginning('id')} FROM unnest({{0}}::text[]) id)"
CONDITIONS: Mapping[str, Condition] = {
    "externalTaskId": "t.id = {}::uuid",
    "externalTaskIdIn": "t.id = ANY({}::uuid[])",
    "topicName": "t.topic = {}",
    "workerId": f"{_beginning('t.worker_id')} = {_beginning('{0}')} AND t.worker_id = {{0}}",
    "locked": "coalesce(t.lock_until, 0) > %(now)s",
    "notLocked": "coalesce(t.lock_until, 0) < %(now)s",
    "withRetriesLeft": "(t.retries IS NULL OR t.retries > 0)",
    "noRetriesLeft": "t.retries = 0",
    "lockExpirationBefore": "coalesce(t.lock_until, 0) > 0 AND coalesce(t.lock_until, 0) < {}",
    "lockExpirationAfter": "t.lock_until IS NOT NULL AND coalesce(t.lock_until, 0) > {}",
    "activityId": f"{_beginning('t.activity_id')} = {_beginning('{0}')} AND t.activity_id = {{0}}",
    "activityIdIn": f"{_beginning('t.activity_id')} = ANY({_BEGINNINGS}) AND t.activity_id = ANY({{0}}::text[])",
    "executionId": _on_execution,
    "processInstanceId": _in_instance,
    "processInstanceIdIn": _in_any_instance,
    "processDefinitionId": "t.definition_id = {}",
    "processDefinitionKey": _OF_DEFINITION.format("key = {}"),
    "processDefinitionKeyIn": _OF_DEFINITION.format("key = ANY({}::text[])"),
    "processDefinitionName": _OF_DEFINITION.format("name = {}"),
    "processDefinitionNameLike": _OF_DEFINITION.format("name LIKE {}"),
    "tenantIdIn": _OF_DEFINITION.format("tenant_id = ANY({}::text[])"),
    "active": "NOT t.suspended",
    "suspended": "t.suspended",
    "priorityHigherThanOrEquals": "t.priority >= {}",
    "priorityLowerThanOrEquals": "t.priority <= {}",
}
_OVERRULED = {"active": "suspended", "withRetriesLeft": "noRetriesLeft"}
"""Filters that do not count beside another one."""
TOPIC_CONDITIONS: Mapping[str, Condition] = {
    "withLockedTasks": CONDITIONS["locked"],
    "withUnlockedTasks": CONDITIONS["notLocked"],
    "withRetriesLeft": CONDITIONS["withRetriesLeft"],
}


def list_statement(query: ExternalTaskQuery, now: int) -> tuple[str, dict[str, object]]:
    """Tasks as rows of COLUMNS."""
    where, tie = _where(query, now), _tie(query.sorting)
    order, page = order_by(query.sorting, SORT_COLUMNS, tie), limit(query.page)
    by_definition = any(name in RANK_COLUMNS for name, _ in query.sorting)
    if not by_definition and query.page.first <= 0:
        return f"{COLUMNS}{where.sql}{order}{page}", where.parameters
    ranked = order_by(query.sorting, {**SORT_COLUMNS, **RANK_COLUMNS}, tie)
    ids = f"SELECT t.id FROM external_task t{_RANKS if by_definition else ''}{where.sql}{ranked}{page}"
    return f"{OF_A_PAGE.format(ids)}{order}", where.parameters


def count_statement(query: ExternalTaskQuery, now: int) -> tuple[str, dict[str, object]]:
    where = _where(query, now)
    return f"SELECT count(*) FROM external_task t{where.sql}", where.parameters


def ids_statement(query: ExternalTaskQuery, now: int) -> tuple[str, dict[str, object]]:
    where = _where(query, now)
    return f"SELECT t.id::text FROM external_task t{where.sql} ORDER BY t.id", where.parameters


def topic_names_statement(filters: Mapping[str, Any], now: int) -> tuple[str, dict[str, object]]:
    """Topics of open tasks, each once."""
    where = Where({"now": now})
    apply_filters(where, filters, TOPIC_CONDITIONS)
    return f'SELECT DISTINCT t.topic COLLATE "C" FROM external_task t{where.sql} ORDER BY 1', where.parameters


def _where(query: ExternalTaskQuery, now: int) -> Where:
    where = Where({"now": now})
    applying = {name: value for name, value in query.filters.items() if _OVERRULED.get(name) not in query.filters}
    apply_filters(where, applying, CONDITIONS)
    for wanted in query.variables:
        where.conditions.append(_HAS_VARIABLE.format(variable_matches(where, wanted)))
    return where


def _tie(sorting: Sorting) -> str:
    """By priority, nothing more: the index of a topic has that order, and a hundred thousand equal ones need no sorting."""
    return "t.priority" if sorting and sorting[0][0] == "taskPriority" else "t.id"
