"""/external-task: reading, and the commands that are not on the hot path (REST contract §4, §6, §8)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.error_dto import Responses
from api.rest.errors import RestError, null_value, rest_exception
from api.rest.external_task_dtos import (
    BpmnErrorDto,
    CountDto,
    ExtendLockDto,
    ExternalTaskDto,
    LockExternalTaskDto,
    PriorityDto,
    write_external_task,
)
from api.rest.external_task_filters import KINDS, query_of_body, query_of_params
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import read_body, read_object
from api.rest.openapi import takes_body, takes_filters, takes_query
from api.rest.query_params import FLAG, query_of, read_page
from api.rest.rows import list_answer
from api.rest.variables import read_variables
from domain.commands import Command, ExtendExternalTaskLock, LockExternalTask, RaiseBpmnError, SetExternalTaskPriority, UnlockExternalTask
from domain.ids import is_id
from projections.external_task.query import (
    ERROR_DETAILS,
    ONE,
    SORT_COLUMNS,
    TOPIC_CONDITIONS,
    ExternalTaskQuery,
    count_statement,
    list_statement,
    topic_names_statement,
)

_DETAILS: Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, 204: {"description": "There are none"}}

router = APIRouter(prefix="/external-task", tags=["External task"])


async def _list(request: Request, query: ExternalTaskQuery) -> Response:
    if query.page.limit == 0:
        return JsonResponse([])
    engine = engine_of(request)
    rows = await engine.query(*list_statement(query, engine.now()))
    return await list_answer(rows, write_external_task)


async def _count(request: Request, query: ExternalTaskQuery) -> Response:
    engine = engine_of(request)
    rows = await engine.query(*count_statement(query, engine.now()))
    return count(rows[0][0])


@router.get("", response_model=list[ExternalTaskDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_tasks(request: Request) -> Response:
    """List open external tasks by the filters of the query string."""
    return await _list(request, query_of_params(query_of(request)))


@router.post("", response_model=list[ExternalTaskDto], openapi_extra=takes_filters(KINDS, SORT_COLUMNS))
async def post_tasks(request: Request) -> Response:
    """List open external tasks by the filters and sorting of the body."""
    page = read_page(query_of(request))
    return await _list(request, query_of_body(await read_object(request), page))


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count open external tasks by the filters of the query string."""
    return await _count(request, query_of_params(query_of(request)))


@router.post("/count", response_model=CountDto, openapi_extra=takes_filters(KINDS, SORT_COLUMNS))
async def post_count(request: Request) -> Response:
    """Count open external tasks by the filters of the body."""
    return await _count(request, query_of_body(await read_object(request)))


@router.get("/topic-names", response_model=list[str], openapi_extra=takes_query(dict.fromkeys(TOPIC_CONDITIONS, FLAG)))
async def topic_names(request: Request) -> Response:
    """List the topics of open external tasks, each once."""
    params, engine = query_of(request), engine_of(request)
    wanted = {name: True for name in TOPIC_CONDITIONS if params.get(name, "").lower() == "true"}
    rows = await engine.query(*topic_names_statement(wanted, engine.now()))
    return JsonResponse([topic for (topic,) in rows])


@router.get("/{id}", response_model=ExternalTaskDto)
async def get_task(request: Request, id: str) -> Response:
    """One open external task."""
    rows = await engine_of(request).query(ONE, [id]) if is_id(id) else []
    if not rows:
        raise rest_exception(f"External task with id {id} does not exist", 404, None)
    return JsonResponse(write_external_task(rows[0]))


@router.get("/{id}/errorDetails", response_class=Response, responses=_DETAILS)
async def get_error_details(request: Request, id: str) -> Response:
    """The details of the last failure."""
    rows = await engine_of(request).query(ERROR_DETAILS, [id]) if is_id(id) else []
    if not rows:
        raise null_value(f"No external task found with id {id}: externalTask is null")
    details: str | None = rows[0][0]
    return no_content() if details is None else Response(details.encode(), headers={"content-type": "text/plain"})


async def _submit(request: Request, command: Command) -> Response:
    await engine_of(request).submit(command, command_id=command_id_of(request))
    return no_content()


def _worker(worker_id: str | None) -> str:
    if worker_id is None:
        raise null_value("workerId is null")
    return worker_id


@router.post("/{id}/lock", status_code=204, openapi_extra=takes_body(LockExternalTaskDto))
async def lock(request: Request, id: str) -> Response:
    """Lock a task that is free, whose lock ran out, or that is the worker's own."""
    body = await read_body(request, LockExternalTaskDto)
    worker_id = _worker(body.worker_id)
    if body.lock_duration <= 0:
        raise rest_exception("lockDuration is not greater than 0", 400)
    return await _submit(request, LockExternalTask(id, worker_id, body.lock_duration))


@router.post("/{id}/extendLock", status_code=204, openapi_extra=takes_body(ExtendLockDto))
async def extend_lock(request: Request, id: str) -> Response:
    """Let a lock that still holds end later, or sooner."""
    body = await read_body(request, ExtendLockDto)
    worker_id = _worker(body.worker_id)
    if body.new_duration <= 0:
        raise rest_exception("lockTime is not greater than 0", 400)
    return await _submit(request, ExtendExternalTaskLock(id, worker_id, body.new_duration))


@router.post("/{id}/unlock", status_code=204)
async def unlock(request: Request, id: str) -> Response:
    """Give a task back, whoever holds it; the body is never read."""
    return await _submit(request, UnlockExternalTask(id))


@router.post("/{id}/bpmnError", status_code=204, openapi_extra=takes_body(BpmnErrorDto))
async def bpmn_error(request: Request, id: str) -> Response:
    """End a task by a BPMN error."""
    body = await read_body(request, BpmnErrorDto)
    variables = read_variables(body.variables)
    worker_id = _worker(body.worker_id)
    if body.error_code is None:
        raise null_value("errorCode is null")
    return await _submit(request, RaiseBpmnError(id, worker_id, body.error_code, body.error_message, variables))


@router.put("/{id}/priority", status_code=204, openapi_extra=takes_body(PriorityDto))
async def set_priority(request: Request, id: str) -> Response:
    """Set a task's priority."""
    body = await read_body(request, PriorityDto)
    if body.priority is None:
        raise RestError(500, "NullPointerException", "priority is null")
    return await _submit(request, SetExternalTaskPriority(id, body.priority))
