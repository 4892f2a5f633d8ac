"""What is done to many process instances in the background (REST contract §10.4). Each answers the batch that does it."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.batch_dtos import BatchDto, begin_batch
from api.rest.coercions import Flag, Object, Text
from api.rest.errors import RestError, invalid_request
from api.rest.history_kinds import bad_user_request
from api.rest.hot import engine_of
from api.rest.instance_selection import InstancesDto, selected_instances
from api.rest.json_body import read_body
from api.rest.openapi import takes_body
from api.rest.query_params import any_id
from api.rest.variables import read_variables
from domain.operations import CorrelateToInstances, DeleteInstances, SetVariablesOfInstances, SuspendInstances
from domain.refusals import ExecutionFailed
from domain.values import Value
from domain.variables import refuse_java_serialization
from projections.process_instance.query import ids as instance_ids

router = APIRouter(prefix="/process-instance", tags=["Process instance"])

_NONE = "No process instances found."
_CANNOT_SET = "Cannot set variables: "


class DeleteInstancesDto(InstancesDto):
    delete_reason: Text = None
    skip_custom_listeners: Flag = False
    skip_subprocesses: Flag = False
    skip_io_mappings: Flag = False


class SuspendInstancesDto(InstancesDto):
    suspended: Flag = False


class SetVariablesDto(InstancesDto):
    variables: Object = None


class CorrelateDto(InstancesDto):
    message_name: Text = None
    variables: Object = None


async def _delete(request: Request, body: DeleteInstancesDto) -> Response:
    select = partial(_selected, request, body, invalid_request("processInstanceIds is empty"))
    return await begin_batch(request, DeleteInstances(body.delete_reason, body.skip_io_mappings), body.model_dump(), select)


async def _selected(request: Request, body: InstancesDto, none: RestError) -> list[str]:
    """The instances that are meant. Raises `none` when there are none."""
    items = await selected_instances(engine_of(request), body)
    if not items:
        raise none
    return items


@router.post("/delete", response_model=BatchDto, openapi_extra=takes_body(DeleteInstancesDto))
async def delete_instances(request: Request) -> Response:
    """Terminate running instances; a query of history is passed over."""
    body = await read_body(request, DeleteInstancesDto)
    return await _delete(request, body.model_copy(update={"historic_process_instance_query": None}))


@router.post("/delete-historic-query-based", response_model=BatchDto, openapi_extra=takes_body(DeleteInstancesDto))
async def delete_instances_found_in_history(request: Request) -> Response:
    """Terminate running instances; a query of running ones is passed over."""
    body = await read_body(request, DeleteInstancesDto)
    return await _delete(request, body.model_copy(update={"process_instance_query": None}))


@router.post("/suspended-async", response_model=BatchDto, openapi_extra=takes_body(SuspendInstancesDto))
async def suspend_instances(request: Request) -> Response:
    """Suspend or resume running instances."""
    body = await read_body(request, SuspendInstancesDto)
    if not body.names_some:
        queries = "processInstanceIds, processInstanceQuery or historicProcessInstanceQuery"
        raise invalid_request(f"Either {queries} should be set to update the suspension state.")
    return await begin_batch(request, SuspendInstances(body.suspended), body.model_dump(), partial(_suspendable, request, body))


async def _suspendable(request: Request, body: InstancesDto) -> list[str]:
    items = await _selected(request, body, invalid_request("No process instance ids given: process Instance Ids is empty"))
    if "" in items:
        raise invalid_request("Cannot be null.: Process Instance ids contains null value")
    return items


@router.post("/variables-async", response_model=BatchDto, openapi_extra=takes_body(SetVariablesDto))
async def set_variables(request: Request) -> Response:
    """Set variables of running instances."""
    body = await read_body(request, SetVariablesDto)
    if body.variables is None:
        raise invalid_request("variables is null")
    variables = read_variables(body.variables, _CANNOT_SET)
    if not body.names_some:
        raise invalid_request(_NONE)
    if not variables:
        raise bad_user_request("variables is empty")
    return await begin_batch(request, SetVariablesOfInstances(variables), body.model_dump(), partial(_running, request, body, variables))


async def _running(request: Request, body: InstancesDto, variables: dict[str, Value]) -> list[str]:
    """The running instances that are meant."""
    selected = [any_id(id) for id in await selected_instances(engine_of(request), body)]
    running = await engine_of(request).query(*instance_ids({"processInstanceIds": selected}))
    if not running:
        raise bad_user_request("processInstanceIds is empty")
    _refuse_unfit(variables)
    return [id for (id,) in running]


def _refuse_unfit(variables: dict[str, Value]) -> None:
    """Refuse what cannot be kept until a job sets it."""
    for name, value in variables.items():
        if value.transient:
            raise bad_user_request(f"ENGINE-13044 Setting transient variable '{name}' asynchronously is currently not supported.")
    try:
        refuse_java_serialization(variables)
    except ExecutionFailed as refusal:
        raise invalid_request(refusal.message) from refusal


@router.post("/message-async", response_model=BatchDto, openapi_extra=takes_body(CorrelateDto))
async def correlate_message(request: Request) -> Response:
    """Let a message reach running instances."""
    body = await read_body(request, CorrelateDto)
    variables = read_variables(body.variables, _CANNOT_SET)
    if not body.names_some:
        raise invalid_request(_NONE)
    operation = CorrelateToInstances(body.message_name or "", variables)
    return await begin_batch(request, operation, body.model_dump(), partial(_reached, request, body, variables))


async def _reached(request: Request, body: InstancesDto, variables: dict[str, Value]) -> list[str]:
    """The instances that the message is for."""
    items = await _selected(request, body, bad_user_request("Process instance ids cannot be empty: process instance ids is empty"))
    refuse_java_serialization(variables)
    return items
