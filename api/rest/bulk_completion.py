"""POST /gesta/external-task/complete: many completions in one request, each answered for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, ConfigDict
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.coercions import or_else, to_objects, to_text
from api.rest.engine_errors import SHELL, mapped
from api.rest.error_dto import ExceptionDto
from api.rest.errors import RestError, from_refusal, invalid_request, null_value
from api.rest.hot import engine_of
from api.rest.hot_dtos import Name, NewVariables, example
from api.rest.json_body import JsonAnswer, JsonObject, field, read_object
from api.rest.openapi import takes_body
from api.rest.several_commands import claimed_id_of, id_of_one
from api.rest.variables import read_variables
from domain.commands import CompleteExternalTask
from domain.refusals import Refusal

MOST = 1000

router = APIRouter(prefix="/gesta/external-task", tags=["gesta"])


class CompletionDto(JsonObject):
    model_config = example(
        id="0192e1c2-5b7a-7c3e-8f00-1a2b4000000a",
        variables={"total": {"value": 42, "type": "Integer"}},
        localVariables={"note": {"value": "seen", "type": "String"}},
    )

    id: Name
    variables: NewVariables = None
    local_variables: NewVariables = None


class CompletionsDto(JsonObject):
    """At most 1,000 tasks of one worker, each once."""

    worker_id: Name
    tasks: Annotated[tuple[CompletionDto, ...], BeforeValidator(or_else(to_objects, ()))] = ()


class CompletionResultDto(JsonAnswer):
    """What a single completion would have answered: its status, and from 300 up its error."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "0192e1c2-5b7a-7c3e-8f00-1a2b4000000a", "status": 204, "error": None}]}
    )

    id: str
    status: int
    error: ExceptionDto | None


@router.post("/complete", response_model=list[CompletionResultDto], openapi_extra=takes_body(CompletionsDto))
async def complete_external_tasks(request: Request) -> Response:
    """Complete many tasks: in the order of the list, up to 128 in one transaction; one that is refused is refused alone.

    Sent again under one `Gesta-Command-Id`, those that were completed answer 204 once more, and the others are tried again.
    """
    body = await read_object(request)
    worker_id, tasks = field(body, "workerId", to_text), field(body, "tasks", to_objects) or []
    if worker_id is None:
        raise null_value("workerId is null")
    if len(tasks) > MOST:
        raise invalid_request(f"tasks: at most {MOST} are allowed, not {len(tasks)}")
    return JsonResponse(await _complete(request, worker_id, _identified(tasks)))


def _identified(tasks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries by the tasks' ids. An entry without an id, or with one that another has too, is refused with all others."""
    found: dict[str, dict[str, Any]] = {}
    for task in tasks:
        id = field(task, "id", to_text)
        if id is None or id in found:
            raise invalid_request("tasks: every entry needs an id" if id is None else f"tasks: the task {id} is listed more than once")
        found[id] = task
    return found


async def _complete(request: Request, worker_id: str, tasks: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    read = {id: _command(id, worker_id, task) for id, task in tasks.items()}
    commands = {id: command for id, command in read.items() if isinstance(command, CompleteExternalTask)}
    claimed = await claimed_id_of(request, "CompleteExternalTasks", (worker_id, tasks))
    ids = [id_of_one(claimed, id) for id in commands]
    outcomes = dict(zip(commands, await engine_of(request).submit_all(list(zip(commands.values(), ids, strict=True))), strict=True))
    return [_result(id, outcomes.get(id, command)) for id, command in read.items()]


def _command(id: str, worker_id: str, task: Mapping[str, Any]) -> CompleteExternalTask | RestError:
    """What an entry asks for, or why it cannot be read."""
    try:
        return CompleteExternalTask(id, worker_id, read_variables(task.get("variables")), read_variables(task.get("localVariables")))
    except RestError as error:
        return error


def _result(id: str, outcome: object) -> dict[str, Any]:
    error: RestError | None = None
    if isinstance(outcome, RestError):
        error = outcome
    elif isinstance(outcome, Refusal):
        error = from_refusal(outcome)
    elif isinstance(outcome, SHELL):
        error = mapped(outcome)
    elif isinstance(outcome, Exception):
        raise outcome
    return {"id": id, "status": 204 if error is None else error.status, "error": None if error is None else error.body}
