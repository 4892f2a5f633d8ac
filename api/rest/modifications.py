"""/process-instance/{id}/modification: tokens moved by hand (REST contract §10.4)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import no_content
from api.rest.batch_dtos import BatchDto, begin_batch
from api.rest.coercions import Flag, Text, to_flag, to_text
from api.rest.errors import Mapped, from_refusal, invalid_request
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.instructions import Instructions, read_instructions
from api.rest.json_body import JsonObject, field, read_object
from api.rest.openapi import takes_body
from domain.ids import is_id
from domain.modification_commands import ModifyProcessInstance
from domain.operations import ModifyInstances
from domain.refusals import ExecutionFailed, Refusal, Suspended
from projections.process_instance.query import EXISTS

router = APIRouter(prefix="/process-instance", tags=["Process instance"])
_REFUSED: Mapping[type[Refusal], Mapped] = {Suspended: Mapped(400, "SuspendedEntityInteractionException")}


class ModificationDto(JsonObject):
    skip_custom_listeners: Flag = False
    skip_io_mappings: Flag = False
    annotation: Text = None
    instructions: Instructions = ()


async def _read(request: Request, id: str) -> ModifyProcessInstance:
    body = await read_object(request)
    skip_io_mappings = bool(field(body, "skipIoMappings", to_flag))
    return ModifyProcessInstance(id, read_instructions(body), skip_io_mappings, field(body, "annotation", to_text))


@router.post("/{id}/modification", status_code=204, openapi_extra=takes_body(ModificationDto))
async def modify(request: Request, id: str) -> Response:
    """Carry out instructions in order, all or none."""
    command = await _read(request, id)
    try:
        await engine_of(request).submit(command, command_id=command_id_of(request))
    except Refusal as refusal:
        raise from_refusal(refusal, table=_REFUSED) from refusal
    return no_content()


@router.post("/{id}/modification-async", response_model=BatchDto, openapi_extra=takes_body(ModificationDto))
async def modify_in_background(request: Request, id: str) -> Response:
    """Carry out instructions in the background, and answer the batch that does it."""
    command = await _read(request, id)
    if not command.instructions:
        raise invalid_request("The provided instuctions are invalid.")
    operation = ModifyInstances(command.instructions, command.skip_io_mappings, command.annotation)
    return await begin_batch(request, operation, command, partial(_existing, request, id))


async def _existing(request: Request, id: str) -> list[str]:
    if not is_id(id) or not await engine_of(request).query(EXISTS, [id]):
        raise ExecutionFailed(f"ENGINE-13036 Process instance '{id}' cannot be modified. The process instance does not exist")
    return [id]
