"""/process-definition: reading (REST contract §10.3). Starting is in `api.rest.hot`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.errors import engine_error, invalid_request, rest_exception
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.openapi import takes_query
from api.rest.process_definition_dtos import (
    ActivityStatisticsDto,
    DefinitionStatisticsDto,
    ProcessDefinitionDto,
    ProcessDefinitionXmlDto,
    write_definition_row,
)
from api.rest.process_definition_statistics import Wanted, write_activity, write_definition_statistics
from api.rest.query_params import DATE, FLAG, ID, INTEGER, LIKE, LIST, TEXT, Kind, query_of, read_filters, read_page, read_sorting
from api.rest.rows import list_answer
from projections.process_definition.query import LATEST, MODEL, ONE, SORT_COLUMNS, count_statement, list_statement
from projections.process_definition.statistics import OF_ACTIVITIES, OF_DEFINITIONS

KINDS: Mapping[str, Kind] = {
    "processDefinitionId": TEXT,
    "processDefinitionIdIn": LIST,
    "category": TEXT,
    "categoryLike": LIKE,
    "name": TEXT,
    "nameLike": LIKE,
    "deploymentId": ID,
    "deployedAfter": DATE,
    "deployedAt": DATE,
    "key": TEXT,
    "keysIn": LIST,
    "keyLike": LIKE,
    "version": INTEGER,
    "latestVersion": FLAG,
    "resourceName": TEXT,
    "resourceNameLike": LIKE,
    "active": FLAG,
    "suspended": FLAG,
    "incidentId": ID,
    "incidentType": TEXT,
    "incidentMessage": TEXT,
    "incidentMessageLike": LIKE,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "includeProcessDefinitionsWithoutTenantId": FLAG,
    "versionTag": TEXT,
    "versionTagLike": LIKE,
    "withoutVersionTag": FLAG,
    "startableInTasklist": FLAG,
    "notStartableInTasklist": FLAG,
}
_OLD_NAMES = {"ver": "version", "latest": "latestVersion"}
STATISTICS: Mapping[str, Kind] = {"incidents": FLAG, "incidentsForType": TEXT, "failedJobs": FLAG}
Found: TypeAlias = Callable[[Request, dict[str, Any]], Awaitable[Response]]

router = APIRouter(prefix="/process-definition", tags=["Process definition"])


def _filters(params: Mapping[str, str]) -> dict[str, Any]:
    renamed = {_OLD_NAMES.get(name, name): value for name, value in params.items()}
    filters = read_filters(renamed, KINDS)
    if "latestVersion" in filters and filters.keys() & {"version", "deploymentId", "processDefinitionId"}:
        message = (
            "Calling latest() can only be used in combination with key(String) and keyLike(String) or name(String) and nameLike(String)"
        )
        raise engine_error(message)
    return filters


@router.get("", response_model=list[ProcessDefinitionDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_definitions(request: Request) -> Response:
    """List process definitions."""
    params = query_of(request)
    filters, sorting, page = _filters(params), read_sorting(params, SORT_COLUMNS), read_page(params)
    rows = await engine_of(request).query(*list_statement(filters, sorting, page))
    return await list_answer(rows, write_definition_row)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count process definitions."""
    params = query_of(request)
    filters = _filters(params)
    read_sorting(params, SORT_COLUMNS)
    rows = await engine_of(request).query(*count_statement(filters))
    return count(rows[0][0])


@router.get("/statistics", response_model=list[DefinitionStatisticsDto], openapi_extra=takes_query(STATISTICS))
async def get_all_statistics(request: Request) -> Response:
    """How many instances of each definition there are now."""
    wanted, engine = Wanted(query_of(request)), engine_of(request)
    counts = {id: figures for id, *figures in await engine.query(OF_DEFINITIONS)}
    rows = await engine.query(*list_statement({}, (), read_page(query_of(request))))
    definitions = [write_definition_row(row) for row in rows]
    return JsonResponse([write_definition_statistics(d, wanted.write(*counts.get(d["id"], (0, 0, None)))) for d in definitions])


async def _by_id(request: Request, id: str) -> dict[str, Any]:
    rows = await engine_of(request).query(ONE, [id])
    if not rows:
        raise invalid_request(f"No matching definition with id {id}", 404, 0)
    return write_definition_row(rows[0])


async def _by_key(request: Request, key: str, tenant_id: str | None) -> dict[str, Any]:
    rows = await engine_of(request).query(LATEST, [key, tenant_id or ""])
    if not rows:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        raise rest_exception(f"No matching process definition with key: {key} and {tenant}", 404, None)
    return write_definition_row(rows[0])


async def _definition(request: Request, definition: dict[str, Any]) -> Response:
    """A definition, the latest version by key."""
    return JsonResponse(definition)


async def _xml(request: Request, definition: dict[str, Any]) -> Response:
    """A definition's model as it was deployed."""
    rows = await engine_of(request).query(MODEL, [definition["id"]])
    return JsonResponse({"id": definition["id"], "bpmn20Xml": bytes(rows[0][0]).decode("utf-8", "replace")})


async def _activity_statistics(request: Request, definition: dict[str, Any]) -> Response:
    """How many instances of each activity of a definition there are now."""
    wanted = Wanted(query_of(request))
    rows = await engine_of(request).query(OF_ACTIVITIES, {"definition": definition["id"]})
    return JsonResponse([write_activity(id, wanted.write(*figures)) for id, *figures in rows])


async def _diagram(request: Request, definition: dict[str, Any]) -> Response:
    """A definition's picture: there is none."""
    return no_content()


def _route(path: str, answer: Found, model: Any, status: int = 200, extra: dict[str, Any] | None = None) -> None:
    """Serve what a definition has, for its three addresses."""

    async def by_id(request: Request, id: str) -> Response:
        return await answer(request, await _by_id(request, id))

    async def by_key(request: Request, key: str) -> Response:
        return await answer(request, await _by_key(request, key, None))

    async def by_key_and_tenant(request: Request, key: str, tenant: str) -> Response:
        return await answer(request, await _by_key(request, key, tenant))

    for address, endpoint in (("/key/{key}", by_key), ("/key/{key}/tenant-id/{tenant}", by_key_and_tenant), ("/{id}", by_id)):
        description = answer.__doc__ or ""
        router.add_api_route(
            address + path, endpoint, response_model=model, status_code=status, description=description, openapi_extra=extra
        )


_route("", _definition, ProcessDefinitionDto)
_route("/xml", _xml, ProcessDefinitionXmlDto)
_route("/statistics", _activity_statistics, list[ActivityStatisticsDto], extra=takes_query(STATISTICS))
_route("/diagram", _diagram, None, 204)
