"""Queries of jobs (REST contract §10.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

# Purpose: jobs, in the order of JobDto's fields.
COLUMNS = """
SELECT j.id::text, j.job_definition_id::text, j.process_instance_id::text, j.definition_id, j.definition_key, j.execution_id::text,
    j.exception_message, j.failed_activity_id, j.retries, j.due, j.suspended, j.priority, j.tenant_id, j.create_time, j.batch_id::text
FROM job j"""
ONE = f"{COLUMNS} WHERE j.id = %s::uuid"

SORT_COLUMNS = {
    "jobId": "j.id",
    "executionId": "j.execution_id",
    "processInstanceId": "j.process_instance_id",
    "processDefinitionId": 'j.definition_id COLLATE "C"',
    "processDefinitionKey": 'j.definition_key COLLATE "C"',
    "jobRetries": "j.retries",
    "jobDueDate": "j.due",
    "jobPriority": "j.priority",
    "tenantId": "coalesce(j.tenant_id, '') COLLATE \"C\"",
}


class DateFilter(NamedTuple):
    """A comparison with a date: `gt` or `lt`."""

    operator: str
    value: int


def _dates(column: str) -> Condition:
    def compare(where: Where, filters: Sequence[DateFilter]) -> None:
        for wanted in filters:
            where.add(f"{column} {'>' if wanted.operator == 'gt' else '<'} {{}}", wanted.value)

    return compare


def _executable(where: Where, now: int) -> None:
    where.add("j.retries > 0 AND (j.due IS NULL OR j.due <= {})", now)


_EXECUTABLE: Condition = _executable
CONDITIONS: Mapping[str, Condition] = {
    "jobId": "j.id = {}::uuid",
    "jobIds": "j.id = ANY({}::uuid[])",
    "executionId": "j.execution_id = {}::uuid",
    "processInstanceId": "j.id BETWEEN {0}::uuid AND part_beside({0}::uuid, 268435455) AND j.process_instance_id IS NOT NULL",
    "processInstanceIds": "j.process_instance_id = ANY({}::uuid[])",
    "processDefinitionId": "j.definition_id = {}",
    "processDefinitionKey": "j.definition_key = {}",
    "activityId": "j.activity_id = {}",
    "failedActivityId": "j.failed_activity_id = {}",
    "jobDefinitionId": "j.job_definition_id = {}::uuid",
    "withRetriesLeft": "j.retries > 0",
    "noRetriesLeft": "j.retries = 0",
    "executable": _EXECUTABLE,
    "timers": "j.kind = 'timer'",
    "messages": "j.kind <> 'timer'",
    "withException": "j.exception_message IS NOT NULL",
    "exceptionMessage": "j.exception_message = {}",
    "dueDates": _dates("j.due"),
    "createTimes": _dates("j.create_time"),
    "priorityHigherThanOrEquals": "j.priority >= {}",
    "priorityLowerThanOrEquals": "j.priority <= {}",
    "active": "NOT j.suspended",
    "suspended": "j.suspended",
    # A job that is being executed is locked in memory only, for as long as that takes.
    "acquired": "false",
    "tenantIdIn": "j.tenant_id = ANY({}::text[])",
    "withoutTenantId": "j.tenant_id IS NULL",
}
_OR_NONE: Mapping[str, Condition] = {**CONDITIONS, "tenantIdIn": "(j.tenant_id IS NULL OR j.tenant_id = ANY({}::text[]))"}


def list_statement(filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Jobs as rows of COLUMNS."""
    where = _where(filters)
    return f"{COLUMNS}{where.sql}{order_by(sorting, SORT_COLUMNS, 'j.id')}{limit(page)}", where.parameters


def ids_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT j.id::text FROM job j{where.sql} ORDER BY j.id", where.parameters


def count_statement(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"SELECT count(*) FROM job j{where.sql}", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    rest = dict(filters)
    conditions = _OR_NONE if rest.pop("includeJobsWithoutTenantId", False) else CONDITIONS
    apply_filters(where, rest, conditions)
    return where
