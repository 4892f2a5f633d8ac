"""Queries of batches, running and past (REST contract §10.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.history.listing import Listing, all_of
from projections.querying import Condition, Where

SORT_KEYS: Mapping[str, str] = {
    "batchId": "b.id",
    "startTime": "b.start_time",
    "endTime": "b.end_time NULLS LEAST",
    "tenantId": 'b.tenant_id COLLATE "C" NULLS LEAST',
}


def _completed(where: Where, state: Any) -> None:
    where.conditions.append("b.end_time IS NOT NULL" if state == "completed" else "b.end_time IS NULL")


CONDITIONS: Mapping[str, Condition] = {
    "batchId": "b.id = {}::uuid",
    "type": "b.type = {}",
    "tenantIdIn": "b.tenant_id = ANY({}::text[])",
    "withoutTenantId": "b.tenant_id IS NULL",
    "state": _completed,
}

# Purpose: batches, in the order of HistoricBatchDto's fields.
BATCHES = Listing(
    """b.id::text, b.type, b.total_jobs, b.jobs_per_seed, 1, b.seed_job_definition_id::text, b.monitor_job_definition_id::text,
    b.batch_job_definition_id::text, b.tenant_id, b.create_user, b.start_time, b.end_time, NULL, b.execution_start_time""",
    "history_batch b",
    SORT_KEYS,
    "b.id",
    all_of(CONDITIONS),
)
