"""/history/batch: batches, running and past (REST contract §10.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.errors import Mapped, from_refusal, invalid_request, not_found
from api.rest.external_task_dtos import CountDto
from api.rest.history_lists import HistoryList
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer
from api.rest.openapi import takes_query
from api.rest.query_params import FLAG, ID, LIST, TEXT, Kind, flag, query_of, read_filters, read_page, read_sorting
from api.rest.rows import row_writer
from domain.batch_commands import DeleteBatchHistory
from domain.ids import is_id
from domain.refusals import Refusal, Rejected
from projections.history.batch.query import BATCHES, SORT_KEYS

router = APIRouter(prefix="/history/batch", tags=["Historic batch"])

FILTERS: Mapping[str, Kind] = {"batchId": ID, "type": TEXT, "tenantIdIn": LIST, "withoutTenantId": FLAG}
_COMPLETED = {"completed": FLAG}
_REFUSED: Mapping[type[Refusal], Mapped] = {Rejected: Mapped(400, "InvalidRequestException")}


class HistoricBatchDto(JsonAnswer):
    id: str
    type: str
    total_jobs: int
    batch_jobs_per_seed: int
    invocations_per_batch_job: int
    seed_job_definition_id: str
    monitor_job_definition_id: str
    batch_job_definition_id: str
    tenant_id: str | None
    create_user_id: str | None
    start_time: str
    end_time: str | None
    removal_time: str | None
    execution_start_time: str | None


_write = row_writer(HistoricBatchDto, "startTime", "endTime", "removalTime", "executionStartTime")
_BATCHES = HistoryList(HistoricBatchDto, BATCHES, FILTERS, lambda _: _write)


def _filters(params: Mapping[str, str]) -> dict[str, Any]:
    filters = read_filters(params, FILTERS)
    completed = flag("completed", params["completed"]) if "completed" in params else None
    return filters if completed is None else {**filters, "state": "completed" if completed else "running"}


@router.get("", response_model=list[HistoricBatchDto], openapi_extra=takes_query({**FILTERS, **_COMPLETED}, SORT_KEYS))
async def get_batches(request: Request) -> Response:
    """List batches, running and past."""
    params = query_of(request)
    return await _BATCHES.list(request, _filters(params), read_sorting(params, SORT_KEYS), read_page(params))


@router.get("/count", response_model=CountDto, openapi_extra=takes_query({**FILTERS, **_COMPLETED}))
async def get_count(request: Request) -> Response:
    """Count batches, running and past."""
    params = query_of(request)
    filters = _filters(params)
    read_sorting(params, SORT_KEYS)
    rows = await engine_of(request).query_history(*BATCHES.count(filters))
    return count(rows[0][0])


@router.get("/{id}", response_model=HistoricBatchDto)
async def get_batch(request: Request, id: str) -> Response:
    """One batch, running or past."""
    batch = await _BATCHES.by_id(request, "batchId", id)
    if batch is None:
        raise not_found(f"Historic batch with id '{id}' does not exist")
    return JsonResponse(batch)


@router.delete("/{id}", status_code=204)
async def delete_batch(request: Request, id: str) -> Response:
    """Take a batch out of history. Its facts stay."""
    if not is_id(id):
        raise invalid_request(f"Unable to delete historic batch with id '{id}'", 400, 0)
    try:
        await engine_of(request).submit(DeleteBatchHistory(id), command_id=command_id_of(request))
    except Rejected as refusal:
        raise from_refusal(refusal, table=_REFUSED) from refusal
    return no_content()
