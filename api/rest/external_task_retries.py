"""Setting the retries of one external task or of many (REST contract §8)."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.engine import Engine
from api.rest.answers import no_content
from api.rest.batch_dtos import BatchDto, begin_batch
from api.rest.errors import RestError, from_refusal, invalid_request, not_found, null_value
from api.rest.external_task_dtos import RetriesDto, SetRetriesDto
from api.rest.external_task_filters import query_of_body
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.instance_selection import found_in_history, found_now
from api.rest.json_body import read_body
from api.rest.openapi import takes_body
from api.rest.query_params import any_id
from domain.commands import SetExternalTaskRetries
from domain.ids import is_id
from domain.operations import SetRetriesOfTasks
from domain.refusals import NotFound
from projections.external_task.query import EXISTING, ExternalTaskQuery, ids_statement

NEGATIVE = "The number of retries cannot be negative: retries is not greater than or equal to 0"
NULL = "The number of retries cannot be null."

router = APIRouter(prefix="/external-task", tags=["External task"])


@router.put("/{id}/retries", status_code=204, openapi_extra=takes_body(RetriesDto))
async def set_retries(request: Request, id: str) -> Response:
    """Set how often a task may still be tried; 0 raises an incident, more resolves it."""
    body = await read_body(request, RetriesDto)
    if body.retries is None:
        raise invalid_request(NULL)
    if body.retries < 0:
        raise RestError(400, "BadUserRequestException", NEGATIVE, 0)
    if not is_id(id):
        raise from_refusal(NotFound(f"External task with id {id} does not exist"))
    await engine_of(request).submit(SetExternalTaskRetries((id,), body.retries), command_id=command_id_of(request))
    return no_content()


@router.put("/retries", status_code=204, openapi_extra=takes_body(SetRetriesDto))
async def set_retries_of_many(request: Request) -> Response:
    """Set the retries of many tasks: all or none."""
    body = await read_body(request, SetRetriesDto)
    if body.retries is None:
        raise invalid_request(NULL)
    engine, command_id = engine_of(request), command_id_of(request)
    again = command_id is not None and await engine.carried_out(command_id, SetExternalTaskRetries)
    task_ids = [] if again else await selected_tasks(engine, body)
    if body.retries < 0:
        raise invalid_request(NEGATIVE)
    if not again:
        await _refuse_unknown(engine, task_ids)
    try:
        command = SetExternalTaskRetries(tuple(task_ids), body.retries)
        await engine.submit(command, command_id=command_id, asked=body.model_dump())
    except NotFound as ended_meanwhile:
        raise not_found(ended_meanwhile.message) from ended_meanwhile
    return no_content()


@router.post("/retries-async", response_model=BatchDto, openapi_extra=takes_body(SetRetriesDto))
async def set_retries_in_background(request: Request) -> Response:
    """Set the retries of many tasks, each for itself, and answer the batch that does it."""
    body = await read_body(request, SetRetriesDto)
    if body.retries is None:
        raise invalid_request(NULL)
    return await begin_batch(request, SetRetriesOfTasks(body.retries), body.model_dump(), partial(selected_tasks, engine_of(request), body))


async def _refuse_unknown(engine: Engine, task_ids: list[str]) -> None:
    rows = await engine.query(EXISTING, [[task_id for task_id in task_ids if is_id(task_id)]])
    existing = {task_id for (task_id,) in rows}
    for task_id in task_ids:
        if task_id not in existing:
            raise not_found(f"Cannot find external task with id {task_id}: externalTask is null")


async def selected_tasks(engine: Engine, body: SetRetriesDto) -> list[str]:
    """The ids of all tasks that the body names, each once."""
    selected: dict[str, None] = {}
    if body.external_task_ids is not None:
        if None in body.external_task_ids:
            raise invalid_request("External task id cannot be null: externalTaskIds contains null value")
        selected.update((task_id, None) for task_id in body.external_task_ids if task_id is not None)
    for query in await _queries(engine, body):
        rows = await engine.query(*ids_statement(query, engine.now()))
        selected.update((task_id, None) for (task_id,) in rows)
    if not selected:
        raise invalid_request("externalTaskIds is empty")
    return list(selected)


async def _queries(engine: Engine, body: SetRetriesDto) -> list[ExternalTaskQuery]:
    queries = []
    if body.process_instance_ids:
        if None in body.process_instance_ids:
            raise null_value("processInstanceIdIn contains null value")
        queries.append(_of_instances([any_id(i) for i in body.process_instance_ids if i is not None]))
    if body.external_task_query is not None:
        queries.append(query_of_body(body.external_task_query))
    if body.process_instance_query is not None:
        queries.append(_of_instances(await found_now(engine, body.process_instance_query)))
    if body.historic_process_instance_query is not None:
        queries.append(_of_instances(await found_in_history(engine, body.historic_process_instance_query, unfinished=True)))
    return queries


def _of_instances(ids: list[str]) -> ExternalTaskQuery:
    return ExternalTaskQuery(filters={"processInstanceIdIn": ids})
