"""/batch (REST contract §10.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.batch_dtos import BatchDto, BatchStatisticsDto, write_batch, write_statistics
from api.rest.coercions import Flag
from api.rest.errors import Mapped, from_refusal, invalid_request, not_found
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonObject, read_body
from api.rest.openapi import takes_body, takes_parameters, takes_query
from api.rest.query_params import DATE, FLAG, ID, LIST, TEXT, Kind, flag, query_of, read_filters, read_page, read_sorting
from api.rest.rows import list_answer
from domain.batch_commands import DeleteBatch, SuspendBatch
from domain.ids import is_id
from domain.refusals import Refusal, Rejected
from projections.batch import query as sql

router = APIRouter(prefix="/batch", tags=["Batch"])

KINDS: Mapping[str, Kind] = {"batchId": ID, "type": TEXT, "tenantIdIn": LIST, "withoutTenantId": FLAG}
STATISTICS_KINDS: Mapping[str, Kind] = {
    **KINDS,
    "userId": TEXT,
    "startedBefore": DATE,
    "startedAfter": DATE,
    "withFailures": FLAG,
    "withoutFailures": FLAG,
}
_SUSPENDED = {"suspended": FLAG}
_REFUSED: Mapping[type[Refusal], Mapped] = {Rejected: Mapped(400, "InvalidRequestException")}


class BatchSuspensionDto(JsonObject):
    suspended: Flag = False


def _filters(params: Mapping[str, str], kinds: Mapping[str, Kind]) -> dict[str, Any]:
    filters = read_filters(params, kinds)
    suspended = flag("suspended", params["suspended"]) if "suspended" in params else None
    return filters if suspended is None else {**filters, "state": "suspended" if suspended else "active"}


async def _count(request: Request, kinds: Mapping[str, Kind], sort_keys: Mapping[str, str]) -> Response:
    params = query_of(request)
    filters = _filters(params, kinds)
    read_sorting(params, sort_keys)
    rows = await engine_of(request).query(*sql.count(filters))
    return count(rows[0][0])


@router.get("", response_model=list[BatchDto], openapi_extra=takes_query({**KINDS, **_SUSPENDED}, sql.SORT_COLUMNS))
async def get_batches(request: Request) -> Response:
    """List batches that have not ended."""
    params = query_of(request)
    filters, sorting, page = _filters(params, KINDS), read_sorting(params, sql.SORT_COLUMNS), read_page(params)
    return await list_answer(await engine_of(request).query(*sql.select(sql.COLUMNS, filters, sorting, page)), write_batch)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query({**KINDS, **_SUSPENDED}))
async def get_count(request: Request) -> Response:
    """Count batches that have not ended."""
    return await _count(request, KINDS, sql.SORT_COLUMNS)


@router.get(
    "/statistics",
    response_model=list[BatchStatisticsDto],
    openapi_extra=takes_query({**STATISTICS_KINDS, **_SUSPENDED}, sql.STATISTICS_SORT_COLUMNS),
)
async def get_statistics(request: Request) -> Response:
    """List batches that have not ended, and how far they are."""
    params = query_of(request)
    filters = _filters(params, STATISTICS_KINDS)
    sorting, page = read_sorting(params, sql.STATISTICS_SORT_COLUMNS), read_page(params)
    return await list_answer(await engine_of(request).query(*sql.select(sql.STATISTICS, filters, sorting, page)), write_statistics)


@router.get("/statistics/count", response_model=CountDto, openapi_extra=takes_query({**STATISTICS_KINDS, **_SUSPENDED}))
async def get_statistics_count(request: Request) -> Response:
    """Count batches that have not ended, by the filters of their statistics."""
    return await _count(request, STATISTICS_KINDS, sql.STATISTICS_SORT_COLUMNS)


@router.get("/{id}", response_model=BatchDto)
async def get_batch(request: Request, id: str) -> Response:
    """One batch that has not ended."""
    rows = await engine_of(request).query(sql.ONE, [id]) if is_id(id) else []
    if not rows:
        raise not_found(f"Batch with id '{id}' does not exist")
    return JsonResponse(write_batch(rows[0]))


@router.put("/{id}/suspended", status_code=204, openapi_extra=takes_body(BatchSuspensionDto))
async def suspend_batch(request: Request, id: str) -> Response:
    """Let the job executor leave a batch's jobs alone, or not any longer."""
    body = await read_body(request, BatchSuspensionDto)
    return await _submit(request, SuspendBatch(id, body.suspended))


@router.delete("/{id}", status_code=204, openapi_extra=takes_parameters({"cascade": {"type": "boolean"}}))
async def delete_batch(request: Request, id: str) -> Response:
    """Give up a batch; with `cascade` history forgets it too."""
    return await _submit(request, DeleteBatch(id, query_of(request).get("cascade", "").lower() == "true"))


async def _submit(request: Request, command: SuspendBatch | DeleteBatch) -> Response:
    if not is_id(command.batch_id):
        verb = "delete" if isinstance(command, DeleteBatch) else "suspend" if command.suspended else "activate"
        raise invalid_request(f"Unable to {verb} batch with id '{command.batch_id}'", 400, 0)
    try:
        await engine_of(request).submit(command, command_id=command_id_of(request))
    except Rejected as refusal:
        raise from_refusal(refusal, table=_REFUSED) from refusal
    return no_content()
