"""/variable-instance: runtime variables across instances (REST contract §10.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.activity_of_scope import activity_instances, scope_of_activity_instance
from api.rest.answers import JsonResponse, count
from api.rest.binary import download
from api.rest.errors import not_found
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer, read_object
from api.rest.openapi import BINARY, takes_filters, takes_query
from api.rest.query_params import (
    FLAG,
    ID_LIST,
    LIKE,
    LIST,
    TEXT,
    Kind,
    get_flag,
    query_of,
    read_filters,
    read_json_filters,
    read_json_sorting,
    read_page,
    read_sorting,
)
from api.rest.variable_filters import spread_case_flags, variables_kind
from api.rest.variables import write_variable
from domain.ids import is_id, ordinal_of, part_id
from domain.state import SCOPE_EXECUTION, TASK
from projections.large_values import decode_value
from projections.querying import Page, Sorting
from projections.variable import query as sql

router = APIRouter(prefix="/variable-instance", tags=["Variable instance"])


class VariableInstanceDto(JsonAnswer):
    type: str
    value: Any
    value_info: dict[str, Any]
    id: str
    name: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    case_instance_id: str | None
    case_execution_id: str | None
    task_id: str | None
    batch_id: str | None
    activity_instance_id: str
    error_message: str | None
    tenant_id: str | None


FILTERS: Mapping[str, Kind] = {
    "variableName": TEXT,
    "variableNameLike": LIKE,
    "variableValues": variables_kind("variableValues"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
    "executionIdIn": ID_LIST,
    "processInstanceIdIn": ID_LIST,
    "caseExecutionIdIn": LIST,
    "caseInstanceIdIn": LIST,
    "taskIdIn": ID_LIST,
    "batchIdIn": LIST,
    "variableScopeIdIn": ID_LIST,
    "activityInstanceIdIn": LIST,
    "tenantIdIn": LIST,
}


def _filters(read: dict[str, Any]) -> dict[str, Any]:
    filters = spread_case_flags(read, ["variableValues"])
    if "activityInstanceIdIn" in filters:
        filters["activityInstanceIdIn"] = [scope_of_activity_instance(id) for id in filters["activityInstanceIdIn"]]
    if "taskIdIn" in filters:
        filters["taskIdIn"] = [_scope_of_task(id) for id in filters["taskIdIn"]]
    return filters


def _scope_of_task(task_id: str) -> str:
    ordinal = ordinal_of(task_id)
    return part_id(task_id, ordinal - TASK + SCOPE_EXECUTION) if ordinal >= TASK else task_id


async def _list(request: Request, filters: dict[str, Any], sorting: Sorting, page: Page, deserialize: bool) -> Response:
    engine = engine_of(request)
    rows = await engine.query(*sql.select(filters, sorting, page))
    activities = await activity_instances(engine, [row[2] for row in rows])
    return JsonResponse([_written(row, activities[row[2]], deserialize) for row in rows])


def _written(row: Sequence[Any], activity_instance_id: str, deserialize: bool) -> dict[str, Any]:
    id, name, scope_id, instance_id, definition_id, tenant_id, payload = row
    return {
        **write_variable(decode_value(payload), deserialize),
        "id": id,
        "name": name,
        "processDefinitionId": definition_id,
        "processInstanceId": instance_id,
        "executionId": scope_id,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": None,
        "batchId": None,
        "activityInstanceId": activity_instance_id,
        "errorMessage": None,
        "tenantId": tenant_id,
    }


@router.get("", response_model=list[VariableInstanceDto], openapi_extra=takes_query(FILTERS, sql.SORT_KEYS))
async def get_variables(request: Request) -> Response:
    """List variables by the filters of the query string."""
    params = query_of(request)
    filters = _filters(read_filters(params, FILTERS))
    sorting, deserialize = read_sorting(params, sql.SORT_KEYS), get_flag(params, "deserializeValues", True)
    return await _list(request, filters, sorting, read_page(params), deserialize)


@router.post("", response_model=list[VariableInstanceDto], openapi_extra=takes_filters(FILTERS, sql.SORT_KEYS))
async def post_variables(request: Request) -> Response:
    """List variables by the filters and sorting of the body."""
    body, params = await read_object(request), query_of(request)
    filters = _filters(read_json_filters(body, FILTERS))
    sorting, deserialize = read_json_sorting(body, sql.SORT_KEYS), get_flag(params, "deserializeValues", True)
    return await _list(request, filters, sorting, read_page(params), deserialize)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(FILTERS))
async def get_count(request: Request) -> Response:
    """Count variables by the filters of the query string."""
    params = query_of(request)
    read_sorting(params, sql.SORT_KEYS)
    return await _count(request, _filters(read_filters(params, FILTERS)))


@router.post("/count", response_model=CountDto, openapi_extra=takes_filters(FILTERS, sql.SORT_KEYS))
async def post_count(request: Request) -> Response:
    """Count variables by the filters of the body."""
    return await _count(request, _filters(read_json_filters(await read_object(request), FILTERS)))


async def _count(request: Request, filters: dict[str, Any]) -> Response:
    rows = await engine_of(request).query(*sql.count(filters))
    return count(rows[0][0])


async def _one(request: Request, id: str) -> Sequence[Any]:
    rows = await engine_of(request).query(*sql.select({"id": id}, [], Page())) if is_id(id) else []
    if not rows:
        raise not_found(f"Variable instance with Id '{id}' does not exist.")
    found: Sequence[Any] = rows[0]
    return found


@router.get("/{id}", response_model=VariableInstanceDto)
async def get_variable(request: Request, id: str) -> Response:
    """One variable."""
    row = await _one(request, id)
    activities = await activity_instances(engine_of(request), [row[2]])
    return JsonResponse(_written(row, activities[row[2]], get_flag(query_of(request), "deserializeValue", True)))


@router.get("/{id}/data", response_class=Response, responses=BINARY)
async def get_content(request: Request, id: str) -> Response:
    """The content of a File or Bytes variable."""
    return download(decode_value((await _one(request, id))[6]), id)
