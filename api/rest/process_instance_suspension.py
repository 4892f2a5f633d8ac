"""Suspending and resuming running instances, one or many (REST contract §10.4)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.engine import Engine
from api.rest.answers import no_content
from api.rest.coercions import Flag, Text
from api.rest.errors import invalid_request
from api.rest.history_kinds import bad_user_request
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.instance_selection import InstancesDto, selected_instances
from api.rest.json_body import JsonObject, read_body
from api.rest.openapi import takes_body
from api.rest.several_commands import claimed_id_of, id_of_one
from domain.commands import SuspendProcessInstance
from domain.ids import is_id
from domain.refusals import NotFound
from projections.process_instance import query as sql

router = APIRouter(prefix="/process-instance", tags=["Process instance"])


class SuspensionDto(JsonObject):
    suspended: Flag = False


class ManySuspensionDto(InstancesDto):
    suspended: Flag = False
    process_definition_id: Text = None
    process_definition_key: Text = None
    process_definition_tenant_id: Text = None
    process_definition_without_tenant_id: Flag = False


@router.put("/suspended", status_code=204, openapi_extra=takes_body(ManySuspensionDto))
async def suspend_many(request: Request) -> Response:
    """Suspend or resume the instances of a list, of a query, or of a process definition."""
    body = await read_body(request, ManySuspensionDto)
    engine = engine_of(request)
    selected = await _selected(engine, body)
    claimed = await claimed_id_of(request, "SuspendProcessInstances", body.model_dump())
    for instance_id in selected:
        await _suspend(engine, SuspendProcessInstance(instance_id, body.suspended), id_of_one(claimed, instance_id))
    return no_content()


async def _selected(engine: Engine, body: ManySuspensionDto) -> list[str]:
    """The instances that are meant: of a definition, or named by a list and queries together."""
    by_definition, by_key = body.process_definition_id, body.process_definition_key
    if (by_definition or by_key) and body.names_some:
        one = "Choose either a single processInstance with processDefinitionId or processDefinitionKey"
        group = "a group of processInstances with processInstanceIds, procesInstanceQuery or historicProcessInstanceQuery."
        raise invalid_request(f"{one} or {group}")
    if by_definition and by_key:
        raise invalid_request("Only one of processDefinitionId or processDefinitionKey should be set to update the suspension state.")
    if body.names_some:
        return await _named(engine, body)
    if not by_definition and not by_key:
        raise invalid_request("Either processDefinitionId or processDefinitionKey should be set to update the suspension state.")
    filters = {"processDefinitionId": by_definition} if by_definition else {"processDefinitionKey": by_key, **_tenant(body)}
    return [id for (id,) in await engine.query(*sql.ids(filters))]


async def _named(engine: Engine, body: ManySuspensionDto) -> list[str]:
    ids = await selected_instances(engine, body)
    if not ids:
        raise bad_user_request("No process instance ids given: Process Instance ids is empty")
    if "" in ids:
        raise bad_user_request("Cannot be null.: Process Instance ids contains null value")
    return [id for id in ids if is_id(id)]


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
