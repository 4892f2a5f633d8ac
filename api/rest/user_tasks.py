"""/task: user tasks, as far as processes need them to go on (REST contract §10.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.coercions import Flag, Object
from api.rest.dates import format_date, format_optional_date
from api.rest.errors import WRAPPED, from_refusal, not_found, null_value
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonObject, parse_body, read_object, read_optional_object
from api.rest.openapi import takes_body, takes_filters, takes_query
from api.rest.query_params import get_flag, query_of, read_json_sorting, read_page, read_sorting
from api.rest.user_task_dtos import IdentityLinkDto, UserTaskDto
from api.rest.user_task_filters import FILTERS, filters_of_body, filters_of_params
from api.rest.variable_resource import VariableResource, add_routes
from api.rest.variable_scopes import read_scopes, scopes_of_task
from api.rest.variables import read_variables, write_variables
from domain.commands import CompleteUserTask
from domain.ids import is_id
from domain.refusals import Refusal
from domain.values import Value
from projections.querying import Page, Sorting
from projections.user_task import query as sql

router = APIRouter(tags=["Task"])
_WITH_VARIABLES: dict[int | str, dict[str, Any]] = {200: {"description": "The variables, where they were asked for"}}


class CompleteTaskDto(JsonObject):
    variables: Object = None
    with_variables_in_return: Flag = False


def write_task(row: sql.UserTaskRow) -> dict[str, Any]:
    """A row as UserTaskDto."""
    return {
        "id": row.id,
        "name": row.name,
        "assignee": row.assignee,
        "created": format_date(row.create_time),
        "due": format_optional_date(row.due),
        "followUp": format_optional_date(row.follow_up),
        "lastUpdated": None,
        "delegationState": None,
        "description": row.description,
        "executionId": row.execution_id,
        "owner": row.owner,
        "parentTaskId": None,
        "priority": row.priority,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.process_instance_id,
        "taskDefinitionKey": row.element_id,
        "caseExecutionId": None,
        "caseInstanceId": None,
        "caseDefinitionId": None,
        "suspended": row.suspended,
        "formKey": row.form_key,
        "camundaFormRef": None,
        "tenantId": row.tenant_id,
        "taskState": "Created",
    }


async def _list(request: Request, filters: Mapping[str, Any], sorting: Sorting, page: Page) -> Response:
    rows = await engine_of(request).query(*sql.select(filters, sorting, page))
    return JsonResponse([write_task(sql.UserTaskRow(*row)) for row in rows])


async def _count(request: Request, filters: Mapping[str, Any]) -> Response:
    rows = await engine_of(request).query(*sql.count(filters))
    return count(rows[0][0])


@router.get("/task", response_model=list[UserTaskDto], openapi_extra=takes_query(FILTERS, sql.SORT_KEYS))
async def get_tasks(request: Request) -> Response:
    """List open user tasks by the filters of the query string."""
    params = query_of(request)
    return await _list(request, filters_of_params(params), read_sorting(params, sql.SORT_KEYS), read_page(params))


@router.post("/task", response_model=list[UserTaskDto], openapi_extra=takes_filters(FILTERS, sql.SORT_KEYS))
async def post_tasks(request: Request) -> Response:
    """List open user tasks by the filters and sorting of the body."""
    body, page = await read_object(request), read_page(query_of(request))
    return await _list(request, filters_of_body(body), read_json_sorting(body, sql.SORT_KEYS), page)


@router.get("/task/count", response_model=CountDto, openapi_extra=takes_query(FILTERS))
async def get_count(request: Request) -> Response:
    """Count open user tasks by the filters of the query string."""
    params = query_of(request)
    read_sorting(params, sql.SORT_KEYS)
    return await _count(request, filters_of_params(params))


@router.post("/task/count", response_model=CountDto, openapi_extra=takes_filters(FILTERS, sql.SORT_KEYS))
async def post_count(request: Request) -> Response:
    """Count open user tasks by the filters of the body."""
    return await _count(request, filters_of_body(await read_object(request)))


@router.get("/task/{id}", response_model=UserTaskDto)
async def get_task(request: Request, id: str) -> Response:
    """One open user task."""
    rows = await engine_of(request).query(*sql.select({"taskId": id}, [], Page())) if is_id(id) else []
    if not rows:
        raise not_found(f"No matching task with id {id}")
    return JsonResponse(write_task(sql.UserTaskRow(*rows[0])))


@router.get("/task/{id}/identity-links", response_model=list[IdentityLinkDto])
async def get_identity_links(request: Request, id: str) -> Response:
    """Who does a user task, and who may."""
    rows = await engine_of(request).query(sql.PEOPLE, [id]) if is_id(id) else []
    if not rows:
        raise null_value(f"Cannot find task with id {id}: task is null")
    assignee, owner, users, groups = rows[0]
    wanted = query_of(request).get("type")
    named = [("assignee", assignee, None), ("owner", owner, None)]
    named += [("candidate", user, None) for user in users] + [("candidate", None, group) for group in groups]
    links = [{"userId": user, "groupId": group, "type": kind} for kind, user, group in named if user or group]
    return JsonResponse([link for link in links if wanted in (None, link["type"])])


@router.post("/task/{id}/complete", status_code=204, responses=_WITH_VARIABLES, openapi_extra=takes_body(CompleteTaskDto))
async def complete(request: Request, id: str) -> Response:
    """Complete a user task."""
    prefix = f"Cannot complete task {id}: "
    body = parse_body(await read_optional_object(request), CompleteTaskDto)
    variables = read_variables(body.variables, prefix)
    seen = await _seen(request, id, variables) if body.with_variables_in_return else None
    try:
        await engine_of(request).submit(CompleteUserTask(id, variables), command_id=command_id_of(request))
    except Refusal as refusal:
        raise from_refusal(refusal, prefix=prefix, table=WRAPPED) from refusal
    if seen is None:
        return no_content()
    return JsonResponse(write_variables(seen, get_flag(query_of(request), "deserializeValues", True)))


async def _seen(request: Request, task_id: str, brought: dict[str, Value]) -> dict[str, Value]:
    """What the task sees when it is completed: its scopes' variables and those that the completion brings."""
    engine = engine_of(request)
    scopes = await scopes_of_task(engine, task_id)
    kept = await read_scopes(engine, scopes.ids) if scopes else {}
    return {**kept, **brought}


_MISSING = "task {id} doesn't exist: task is null"
add_routes(router, "/task/{id}/variables", VariableResource("task", _MISSING, False, scopes_of_task))
add_routes(router, "/task/{id}/localVariables", VariableResource("task", _MISSING, True, scopes_of_task))
