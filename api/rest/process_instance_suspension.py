"""Suspending and resuming running instances, one or many (REST contract §10.4)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.engine import Engine
from api.rest.answers import no_content
from api.rest.coercions import Flag, Object, Text, Texts
from api.rest.errors import invalid_request
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonObject, read_body
from api.rest.openapi import takes_body
from api.rest.process_instance_filters import filters_of_body
from api.rest.query_params import any_id
from domain.commands import SuspendProcessInstance
from domain.ids import derived_id, is_id
from domain.refusals import NotFound
from projections.process_instance import query as sql

router = APIRouter(prefix="/process-instance", tags=["Process instance"])


class SuspensionDto(JsonObject):
    suspended: Flag = False


class ManySuspensionDto(SuspensionDto):
    process_instance_ids: Texts = None
    process_instance_query: Object = None
    process_definition_id: Text = None
    process_definition_key: Text = None
    process_definition_tenant_id: Text = None
    process_definition_without_tenant_id: Flag = False


@router.put("/suspended", status_code=204, openapi_extra=takes_body(ManySuspensionDto))
async def suspend_many(request: Request) -> Response:
    """Suspend or resume the instances of a list, of a query, or of a process definition."""
    body = await read_body(request, ManySuspensionDto)
    engine, key = engine_of(request), command_id_of(request)
    selections = _selections(body)
    if key is not None:
        await engine.claim(key, "SuspendProcessInstances", body.model_dump())
    for (instance_id,) in [row for filters in selections for row in await engine.query(*sql.ids(filters))]:
        await _suspend(engine, SuspendProcessInstance(instance_id, body.suspended), key and derived_id(key, instance_id))
    return no_content()


def _selections(body: ManySuspensionDto) -> list[dict[str, Any]]:
    """The queries whose instances are meant: list and query together, or else a definition."""
    by_definition, by_key = body.process_definition_id, body.process_definition_key
    several = body.process_instance_ids or body.process_instance_query
    if (by_definition or by_key) and several:
        raise invalid_request("Either processDefinitionId/processDefinitionKey or process instances can be set, not both.")
    if several:
        ids = [any_id(item) for item in body.process_instance_ids or () if item is not None]
        selected: list[dict[str, Any]] = [{"processInstanceIds": ids}] if ids else []
        return [*selected, filters_of_body(body.process_instance_query)] if body.process_instance_query else selected
    if by_definition and by_key:
        raise invalid_request("Only one of processDefinitionId or processDefinitionKey should be set to update the suspension state.")
    if by_definition:
        return [{"processDefinitionId": by_definition}]
    if by_key:
        return [{"processDefinitionKey": by_key, **_tenant(body)}]
    raise invalid_request("Either processDefinitionId or processDefinitionKey should be set to update the suspension state.")


def _tenant(body: ManySuspensionDto) -> dict[str, Any]:
    if body.process_definition_tenant_id is not None:
        return {"tenantIdIn": [body.process_definition_tenant_id]}
    return {"withoutTenantId": True} if body.process_definition_without_tenant_id else {}


@router.put("/{id}/suspended", status_code=204, openapi_extra=takes_body(SuspensionDto))
async def suspend_one(request: Request, id: str) -> Response:
    """Suspend or resume an instance; an unknown one is no error."""
    body = await read_body(request, SuspensionDto)
    if is_id(id):
        await _suspend(engine_of(request), SuspendProcessInstance(id, body.suspended), command_id_of(request))
    return no_content()


async def _suspend(engine: Engine, command: SuspendProcessInstance, command_id: str | None) -> None:
    try:
        await engine.submit(command, command_id=command_id)
    except NotFound:
        # It ended in the meantime, or never was: there is nothing to suspend.
        return
