"""The endpoints that all work passes through: start, fetchAndLock, complete, failure. Plain Starlette and msgspec.

`api.rest.hot_paths` leads to them; what the API's description says of them stands in `api.rest.hot_description`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from api.engine import Engine
from api.rest.answers import JsonResponse, no_content
from api.rest.coercions import to_duration, to_flag, to_int, to_text
from api.rest.errors import WRAPPED, RestError, engine_error, from_refusal, null_value, rest_exception
from api.rest.idempotency import command_id_of
from api.rest.instructions import read_start_instructions
from api.rest.json_body import field, read_object, read_optional_object
from api.rest.links import link
from api.rest.locked_tasks import read_fetch, write_locked
from api.rest.variables import read_variables, write_variables
from domain.commands import CompleteExternalTask, FailExternalTask, StartProcessInstance
from domain.outcomes import InstanceStarted
from domain.refusals import NotFound, Refusal

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


async def complete(request: Request) -> Response:
    """POST /external-task/{id}/complete (§6.2)."""
    body = await read_object(request)
    command = CompleteExternalTask(
        request.path_params["id"],
        field(body, "workerId", to_text) or "",
        read_variables(body.get("variables")),
        read_variables(body.get("localVariables")),
    )
    _require_worker(body)
    await engine_of(request).submit(command, command_id=command_id_of(request))
    return no_content()


async def failure(request: Request) -> Response:
    """POST /external-task/{id}/failure (§6.2)."""
    body = await read_object(request)
    retries = field(body, "retries", to_int) or 0
    retry_timeout = field(body, "retryTimeout", to_duration) or 0
    command = FailExternalTask(
        request.path_params["id"],
        field(body, "workerId", to_text) or "",
        field(body, "errorMessage", to_text),
        field(body, "errorDetails", to_text),
        retries,
        retry_timeout,
        read_variables(body.get("variables")),
        read_variables(body.get("localVariables")),
    )
    _require_worker(body)
    if retries < 0:
        raise engine_error("retries is not greater than or equal to 0")
    if retry_timeout < 0:
        raise engine_error("retryDuration is not greater than or equal to 0")
    await engine_of(request).submit(command, command_id=command_id_of(request))
    return no_content()


def _require_worker(body: dict[str, object]) -> None:
    if body.get("workerId") is None:
        raise null_value("workerId is null")


async def fetch_and_lock(request: Request) -> Response:
    """POST /external-task/fetchAndLock (§5)."""
    fetch = read_fetch(await read_object(request))

    async def hung_up() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    engine = engine_of(request)
    locked = await engine.fetch_and_lock(fetch, hung_up)
    return JsonResponse([await write_locked(engine, fetch, task) for task in locked])


async def start_by_id(request: Request) -> Response:
    """POST /process-definition/{id}/start (§10.3)."""
    definition_id = request.path_params["id"]
    return await start(request, definition_id, None, None)


async def start_by_key(request: Request) -> Response:
    """POST /process-definition/key/{key}/start and …/key/{key}/tenant-id/{tenant}/start (§10.3)."""
    return await start(request, None, request.path_params["key"], request.path_params.get("tenant"))


async def start(request: Request, definition_id: str | None, key: str | None, tenant_id: str | None) -> Response:
    """Start an instance as the body says."""
    try:
        body = await read_optional_object(request)
        command = StartProcessInstance(
            definition_id,
            key,
            tenant_id,
            field(body, "businessKey", to_text),
            read_variables(body.get("variables")),
            instructions=read_start_instructions(body) if "startInstructions" in body else (),
            skip_io_mappings=bool(field(body, "skipIoMappings", to_flag)),
        )
        with_variables = bool(field(body, "withVariablesInReturn", to_flag))
    except RestError as error:
        raise error.prefixed(await _prefix(request, definition_id, key, tenant_id)) from None
    try:
        started = await engine_of(request).submit(command, command_id=command_id_of(request))
    except NotFound as unknown_key:
        raise rest_exception(unknown_key.message, 404, None) from unknown_key
    except Refusal as refusal:
        prefix = await _prefix(request, definition_id, key, tenant_id)
        raise from_refusal(refusal, prefix=prefix, table=WRAPPED) from refusal
    assert isinstance(started, InstanceStarted)
    return JsonResponse(_started(request, started, with_variables))


async def _prefix(request: Request, definition_id: str | None, key: str | None, tenant_id: str | None) -> str:
    """What comes before every message about a start; a process that is not there is the first thing to be told."""
    if definition_id is None:
        definition_id = await engine_of(request).latest_definition(key or "", tenant_id)
    if definition_id is None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        raise rest_exception(f"No matching process definition with key: {key} and {tenant}", 404, None)
    return f"Cannot instantiate process definition {definition_id}: "


def _started(request: Request, started: InstanceStarted, with_variables: bool) -> dict[str, object]:
    answer: dict[str, object] = {
        "links": [link(request, f"/process-instance/{started.id}")],
        "id": started.id,
        "definitionId": started.definition_id,
        "definitionKey": started.definition_key,
        "businessKey": started.business_key,
        "caseInstanceId": None,
        "ended": started.ended,
        "suspended": started.suspended,
        "tenantId": started.tenant_id,
    }
    if with_variables:
        answer["variables"] = write_variables(started.variables, deserialize=False)
    return answer


HOT: dict[str, Endpoint] = {
    "/external-task/fetchAndLock": fetch_and_lock,
    "/external-task/{id}/complete": complete,
    "/external-task/{id}/failure": failure,
    "/process-definition/key/{key}/start": start_by_key,
    "/process-definition/key/{key}/tenant-id/{tenant}/start": start_by_key,
    "/process-definition/{id}/start": start_by_id,
}
