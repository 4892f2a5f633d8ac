"""/process-definition: suspension, time to live of history, deletion (REST contract §10.3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import no_content
from api.rest.coercions import Flag, Int, Text
from api.rest.errors import Mapped, RestError, from_refusal, invalid_request, not_found, rest_exception
from api.rest.execution_dates import read_execution_date
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonObject, read_body
from api.rest.openapi import takes_body, takes_parameters
from api.rest.query_params import get_flag, query_of
from api.rest.several_commands import claimed_id_of, id_of_one
from domain.definition_commands import DefinitionCommand, DeleteProcessDefinitions, SetHistoryTimeToLive, SuspendProcessDefinitions
from domain.refusals import NotFound, Refusal
from projections.process_definition.query import IDS_OF_KEY

router = APIRouter(prefix="/process-definition", tags=["Process definition"])

_DELETION = takes_parameters({name: {"type": "boolean"} for name in ("cascade", "skipIoMappings", "skipCustomListeners")})
_UNKNOWN: Mapping[type[Refusal], Mapped] = {NotFound: Mapped(404, "InvalidRequestException")}
_ONLY_ONE = "Only one of processDefinitionId or processDefinitionKey should be set to update the suspension state."
Answer: TypeAlias = Callable[[Request, str], Awaitable[Response]]


class SuspensionDto(JsonObject):
    """`executionDate`: when it is to happen; now without it."""

    suspended: Flag = False
    include_process_instances: Flag = False
    execution_date: Text = None
    process_definition_id: Text = None
    process_definition_key: Text = None


class HistoryTimeToLiveDto(JsonObject):
    """In days."""

    history_time_to_live: Int = None


async def _submit(request: Request, command: DefinitionCommand, command_id: str | None) -> None:
    try:
        await engine_of(request).submit(command, command_id=command_id)
    except NotFound as refusal:
        raise from_refusal(refusal, table=_UNKNOWN) from refusal


@router.put("/suspended", status_code=204, openapi_extra=takes_body(SuspensionDto))
async def suspend_by_key(request: Request) -> Response:
    """Suspend or resume all versions of a process."""
    body = await read_body(request, SuspensionDto)
    if body.process_definition_id is not None:
        raise invalid_request("Only processDefinitionKey can be set to update the suspension state.")
    if body.process_definition_key is None:
        raise invalid_request("Either processDefinitionId or processDefinitionKey should be set to update the suspension state.")
    due = read_execution_date(body.execution_date, "Could not update the suspension state of Process Definitions due to: ")
    command = SuspendProcessDefinitions(
        body.suspended, key=body.process_definition_key, include_instances=body.include_process_instances, due=due
    )
    await _submit(request, command, command_id_of(request))
    return no_content()


async def _suspend(request: Request, id: str) -> Response:
    """Suspend or resume a definition; an unknown id is no error."""
    body = await read_body(request, SuspensionDto)
    if body.process_definition_key is not None:
        raise invalid_request(_ONLY_ONE)
    refusal = f"The suspension state of Process Definition with id {id} could not be updated due to: "
    due = read_execution_date(body.execution_date, refusal)
    command = SuspendProcessDefinitions(body.suspended, (id,), None, body.include_process_instances, due)
    await _submit(request, command, command_id_of(request))
    return no_content()


async def _set_time_to_live(request: Request, id: str) -> Response:
    """Set for how many days history keeps instances of a definition that end from now on."""
    body = await read_body(request, HistoryTimeToLiveDto)
    days = body.history_time_to_live
    if days is None and request.app.state.settings.enforce_history_time_to_live:
        raise RestError(400, "NotAllowedException", "Null historyTimeToLive values are not allowed", 0)
    if days is not None and days < 0:
        raise RestError(400, "BadUserRequestException", "historyTimeToLive is not greater than or equal to 0", 0)
    await _submit(request, SetHistoryTimeToLive(id, days), command_id_of(request))
    return no_content()


async def _delete(request: Request, id: str) -> Response:
    """Delete a definition; with `cascade` its running instances, and what history tells of past ones, too."""
    await _submit(request, _deletion(request, [id]), command_id_of(request))
    return Response(status_code=200)


def _deletion(request: Request, ids: list[str]) -> DeleteProcessDefinitions:
    params = query_of(request)
    return DeleteProcessDefinitions(tuple(ids), get_flag(params, "cascade"), get_flag(params, "skipIoMappings"))


@router.delete("/key/{key}/delete", status_code=204, openapi_extra=_DELETION)
async def delete_by_key(request: Request, key: str) -> Response:
    """Delete all versions of a process, whosesoever they are."""
    return await _delete_all(request, key, None)


@router.delete("/key/{key}/tenant-id/{tenant}/delete", status_code=204, openapi_extra=_DELETION)
async def delete_by_key_and_tenant(request: Request, key: str, tenant: str) -> Response:
    """Delete all versions of a tenant's process."""
    return await _delete_all(request, key, tenant)


async def _delete_all(request: Request, key: str, tenant_id: str | None) -> Response:
    claimed = await claimed_id_of(request, "DeleteProcessDefinitionsOfKey", (key, tenant_id, _deletion(request, [])))
    command_id = id_of_one(claimed, key)
    if command_id is not None and await engine_of(request).carried_out(command_id, DeleteProcessDefinitions):
        return no_content()
    ids = [id for (id,) in await engine_of(request).query(IDS_OF_KEY, [key, tenant_id, tenant_id])]
    if not ids:
        raise not_found(f"No process definition found with key '{key}': processDefinitions is empty")
    await _submit(request, _deletion(request, ids), command_id)
    return no_content()


async def _latest(request: Request, key: str, tenant_id: str | None) -> str:
    found = await engine_of(request).latest_definition(key, tenant_id)
    if found is None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        raise rest_exception(f"No matching process definition with key: {key} and {tenant}", 404, None)
    return found


def _route(method: str, path: str, answer: Answer, status: int, extra: dict[str, Any]) -> None:
    """Take a command about a definition at its three addresses."""

    async def by_id(request: Request, id: str) -> Response:
        return await answer(request, id)

    async def by_key(request: Request, key: str) -> Response:
        return await answer(request, await _latest(request, key, None))

    async def by_key_and_tenant(request: Request, key: str, tenant: str) -> Response:
        return await answer(request, await _latest(request, key, tenant))

    for address, endpoint in (("/key/{key}", by_key), ("/key/{key}/tenant-id/{tenant}", by_key_and_tenant), ("/{id}", by_id)):
        router.add_api_route(
            address + path,
            endpoint,
            methods=[method],
            status_code=status,
            response_model=None,
            description=answer.__doc__ or "",
            openapi_extra=extra,
            include_in_schema=method != "DELETE" or endpoint is by_id,  # Camunda deletes the latest version by key, but tells nobody.
        )


_route("PUT", "/suspended", _suspend, 204, takes_body(SuspensionDto))
_route("PUT", "/history-time-to-live", _set_time_to_live, 204, takes_body(HistoryTimeToLiveDto))
_route("DELETE", "", _delete, 200, _DELETION)
