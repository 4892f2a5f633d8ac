"""Queries of batches that have not ended (REST contract §10.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.querying import Condition, Page, Sorting, Where, apply_filters, limit, order_by

_FIELDS = """b.id::text, b.type, b.total_jobs, b.jobs_created, b.jobs_per_seed, 1, b.seed_job_definition_id::text,
    b.monitor_job_definition_id::text, b.batch_job_definition_id::text, b.suspended, b.tenant_id, b.create_user, b.start_time,
    b.execution_start_time"""
# Purpose: batches, in the order of BatchDto's fields. One job works on one item.
COLUMNS = f"SELECT {_FIELDS} FROM batch b"
ONE = f"{COLUMNS} WHERE b.id = %s::uuid"
_JOBS = "SELECT count(*) FROM job j WHERE j.job_definition_id = b.batch_job_definition_id"
# Purpose: batches and how far they are, in the order of BatchStatisticsDto's fields: items that are left, done, and given up.
STATISTICS = f"""
SELECT {_FIELDS}, b.total_jobs - b.jobs_created + ({_JOBS}), b.jobs_created - ({_JOBS}), ({_JOBS} AND j.retries = 0) FROM batch b"""
COUNT = "SELECT count(*) FROM batch b"

SORT_COLUMNS = {"batchId": "b.id", "tenantId": "coalesce(b.tenant_id, '') COLLATE \"C\""}
STATISTICS_SORT_COLUMNS = {**SORT_COLUMNS, "startTime": "b.start_time"}
_FAILURES = "EXISTS (SELECT FROM job j WHERE j.job_definition_id = b.batch_job_definition_id AND j.exception_message IS NOT NULL)"


def _suspended(where: Where, suspended: str) -> None:
    where.conditions.append("b.suspended" if suspended == "suspended" else "NOT b.suspended")


CONDITIONS: Mapping[str, Condition] = {
    "batchId": "b.id = {}::uuid",
    "type": "b.type = {}",
    "tenantIdIn": "b.tenant_id = ANY({}::text[])",
    "withoutTenantId": "b.tenant_id IS NULL",
    "state": _suspended,
    "userId": "b.create_user = {}",
    "startedBefore": "b.start_time <= {}",
    "startedAfter": "b.start_time >= {}",
    "withFailures": _FAILURES,
    "withoutFailures": f"NOT {_FAILURES}",
}


def select(columns: str, filters: Mapping[str, Any], sorting: Sorting, page: Page) -> tuple[str, dict[str, object]]:
    """Batches as rows of COLUMNS or of STATISTICS."""
    where = _where(filters)
    return f"{columns}{where.sql}{order_by(sorting, STATISTICS_SORT_COLUMNS, 'b.id')}{limit(page)}", where.parameters


def count(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    where = _where(filters)
    return f"{COUNT}{where.sql}", where.parameters


def _where(filters: Mapping[str, Any]) -> Where:
    where = Where()
    apply_filters(where, filters, CONDITIONS)
    return where
