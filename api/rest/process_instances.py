"""/process-instance: reading and deleting running instances (REST contract §10.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.errors import Mapped, from_refusal, not_found
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer, read_object
from api.rest.openapi import takes_filters, takes_parameters, takes_query
from api.rest.process_instance_filters import FILTERS, filters_of_body, filters_of_params
from api.rest.query_params import get_flag, query_of, read_json_sorting, read_page, read_sorting
from domain.commands import DeleteProcessInstance
from domain.ids import is_id
from domain.refusals import NotFound, Refusal
from projections.process_instance import query as sql
from projections.querying import Page, Sorting

router = APIRouter(prefix="/process-instance", tags=["Process instance"])
_DELETION = {name: {"type": "boolean"} for name in ("skipIoMappings", "skipCustomListeners", "skipSubprocesses", "failIfNotExists")}
_UNKNOWN_TO_DELETE: Mapping[type[Refusal], Mapped] = {NotFound: Mapped(404, "InvalidRequestException")}


class ProcessInstanceDto(JsonAnswer):
    links: list[dict[str, str]]
    id: str
    definition_id: str
    business_key: str | None
    case_instance_id: str | None
    ended: bool
    suspended: bool
    tenant_id: str | None
    definition_key: str


def write_process_instance(row: Sequence[Any]) -> dict[str, Any]:
    """A row as ProcessInstanceDto."""
    instance_id, definition_id, definition_key, business_key, tenant_id, suspended = row
    return {
        "links": [],
        "id": instance_id,
        "definitionId": definition_id,
        "businessKey": business_key,
        "caseInstanceId": None,
        "ended": False,
        "suspended": suspended,
        "tenantId": tenant_id,
        "definitionKey": definition_key,
    }


async def _list(request: Request, filters: Mapping[str, Any], sorting: Sorting, page: Page) -> Response:
    rows = await engine_of(request).query(*sql.select(filters, sorting, page))
    return JsonResponse([write_process_instance(row) for row in rows])


async def _count(request: Request, filters: Mapping[str, Any]) -> Response:
    rows = await engine_of(request).query(*sql.count(filters))
    return count(rows[0][0])


@router.get("", response_model=list[ProcessInstanceDto], openapi_extra=takes_query(FILTERS, sql.SORT_KEYS))
async def get_instances(request: Request) -> Response:
    """List running instances by the filters of the query string."""
    params = query_of(request)
    return await _list(request, filters_of_params(params), read_sorting(params, sql.SORT_KEYS), read_page(params))


@router.post("", response_model=list[ProcessInstanceDto], openapi_extra=takes_filters(FILTERS, sql.SORT_KEYS))
async def post_instances(request: Request) -> Response:
    """List running instances by the filters and sorting of the body."""
    body, page = await read_object(request), read_page(query_of(request))
    return await _list(request, filters_of_body(body), read_json_sorting(body, sql.SORT_KEYS), page)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(FILTERS))
async def get_count(request: Request) -> Response:
    """Count running instances by the filters of the query string."""
    params = query_of(request)
    read_sorting(params, sql.SORT_KEYS)
    return await _count(request, filters_of_params(params))


@router.post("/count", response_model=CountDto, openapi_extra=takes_filters(FILTERS, sql.SORT_KEYS))
async def post_count(request: Request) -> Response:
    """Count running instances by the filters of the body."""
    return await _count(request, filters_of_body(await read_object(request)))


@router.get("/{id}", response_model=ProcessInstanceDto)
async def get_instance(request: Request, id: str) -> Response:
    """One running instance."""
    rows = await engine_of(request).query(*sql.select({"processInstanceIds": [id]}, [], Page())) if is_id(id) else []
    if not rows:
        raise not_found(f"Process instance with id {id} does not exist")
    return JsonResponse(write_process_instance(rows[0]))


@router.delete("/{id}", status_code=204, openapi_extra=takes_parameters(_DELETION))
async def delete_instance(request: Request, id: str) -> Response:
    """Terminate a running instance."""
    params = query_of(request)
    command = DeleteProcessInstance(id, skip_io_mappings=get_flag(params, "skipIoMappings"))
    try:
        await engine_of(request).submit(command, command_id=command_id_of(request))
    except NotFound as refusal:
        if get_flag(params, "failIfNotExists", True):
            raise from_refusal(refusal, table=_UNKNOWN_TO_DELETE) from refusal
    return no_content()
