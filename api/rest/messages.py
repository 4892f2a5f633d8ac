"""/message and /signal (REST contract §10.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, no_content
from api.rest.coercions import Flag, Object, Text
from api.rest.errors import Mapped, RestError, engine_error, from_refusal, invalid_request
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer, JsonObject, read_body
from api.rest.openapi import takes_body
from api.rest.variables import read_variables, write_variables
from domain.deciding.event import NotSubscribed
from domain.event_commands import BroadcastSignal, CorrelateMessage
from domain.ids import is_id
from domain.outcomes import Correlated, ExecutionReached, InstanceStarted
from domain.refusals import Mismatch, MissingValue, Refusal, Suspended
from domain.values import Value

router = APIRouter(tags=["Message"])
_NO_KEYS = {
    **dict.fromkeys(("Json", "Xml", "Object"), "Object values cannot be used to query"),
    "Bytes": "Variables of type ByteArray cannot be used to query",
    "File": "Variables of type File cannot be used to query",
}
_MISMATCH = "org.camunda.bpm.engine.MismatchingMessageCorrelationException: "


class CorrelationDto(JsonObject):
    message_name: Text = None
    business_key: Text = None
    correlation_keys: Object = None
    local_correlation_keys: Object = None
    process_variables: Object = None
    process_variables_local: Object = None
    process_variables_to_triggered_scope: Object = None
    tenant_id: Text = None
    without_tenant_id: Flag = False
    process_instance_id: Text = None
    all: Flag = False
    result_enabled: Flag = False
    variables_in_result_enabled: Flag = False


class SignalDto(JsonObject):
    name: Text = None
    execution_id: Text = None
    variables: Object = None
    tenant_id: Text = None
    without_tenant_id: Flag = False


class CorrelationResultDto(JsonAnswer):
    result_type: str
    execution: dict[str, Any] | None
    process_instance: dict[str, Any] | None


_RESULTS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Whom the message reached, where that was asked for", "model": list[CorrelationResultDto]}
}


@router.post("/message", status_code=204, responses=_RESULTS, openapi_extra=takes_body(CorrelationDto))
async def correlate(request: Request) -> Response:
    """Let a message reach whoever waits for it, or start what it starts."""
    body = await read_body(request, CorrelationDto)
    command = _command(body)
    try:
        correlated = await engine_of(request).submit(command, command_id=command_id_of(request))
    except Mismatch as mismatch:
        raise RestError(400, "RestException", _MISMATCH + mismatch.message, 0) from mismatch
    if not body.result_enabled:
        return no_content()
    assert isinstance(correlated, Correlated)
    return JsonResponse([_result(result, body.variables_in_result_enabled) for result in correlated.results])


def _command(body: CorrelationDto) -> CorrelateMessage:
    if body.message_name is None:
        raise invalid_request("No message name supplied")
    if body.tenant_id is not None and body.without_tenant_id:
        raise invalid_request("Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'.")
    if body.variables_in_result_enabled and not body.result_enabled:
        raise invalid_request("Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true.")
    return CorrelateMessage(
        name=body.message_name,
        business_key=body.business_key,
        instance_id=body.process_instance_id,
        correlation_keys=_keys(body.correlation_keys),
        local_correlation_keys=_keys(body.local_correlation_keys),
        variables=_values(body.process_variables),
        local_variables=_values(body.process_variables_local),
        triggered_variables=_values(body.process_variables_to_triggered_scope),
        tenant_id=body.tenant_id,
        without_tenant=body.without_tenant_id,
        all=body.all,
    )


def _values(variables: Mapping[str, Any] | None) -> dict[str, Value]:
    return read_variables(variables, "Cannot deliver message: ")


def _keys(variables: Mapping[str, Any] | None) -> dict[str, Value]:
    keys = _values(variables)
    for value in keys.values():
        if value.type in _NO_KEYS:
            raise engine_error(_NO_KEYS[value.type])
    return keys


def _result(result: ExecutionReached | InstanceStarted, with_variables: bool) -> dict[str, Any]:
    reached = isinstance(result, ExecutionReached)
    answer = {
        "resultType": "Execution" if reached else "ProcessDefinition",
        "execution": _execution(result) if isinstance(result, ExecutionReached) else None,
        "processInstance": _instance(result) if isinstance(result, InstanceStarted) else None,
    }
    return {**answer, "variables": write_variables(result.variables, deserialize=False)} if with_variables else answer


def _execution(result: ExecutionReached) -> dict[str, Any]:
    return {"id": result.id, "processInstanceId": result.instance_id, "ended": result.ended, "tenantId": result.tenant_id}


def _instance(result: InstanceStarted) -> dict[str, Any]:
    return {
        "links": [],
        "id": result.id,
        "definitionId": result.definition_id,
        "definitionKey": result.definition_key,
        "businessKey": result.business_key,
        "caseInstanceId": None,
        "ended": result.ended,
        "suspended": result.suspended,
        "tenantId": result.tenant_id,
    }


@router.post("/signal", status_code=204, openapi_extra=takes_body(SignalDto))
async def throw_signal(request: Request) -> Response:
    """Let a signal reach everybody who waits for it, or one execution."""
    body = await read_body(request, SignalDto)
    if body.name is None:
        raise invalid_request("No signal name given")
    if body.execution_id is not None:
        _check_single(body, body.execution_id)
    command = BroadcastSignal(body.name, read_variables(body.variables), body.execution_id, body.tenant_id, body.without_tenant_id)
    try:
        await engine_of(request).submit(command, command_id=command_id_of(request))
    except Suspended as refusal:
        raise from_refusal(refusal, table={Suspended: Mapped(400, "SuspendedEntityInteractionException")}) from refusal
    except NotSubscribed as refusal:
        raise from_refusal(refusal, table={Refusal: Mapped(500, "RestException")}) from refusal
    return no_content()


def _check_single(body: SignalDto, execution_id: str) -> None:
    if body.tenant_id is not None or body.without_tenant_id:
        message = "ENGINE-13027 Cannot specify a tenant-id when deliver a signal to a single execution."
        raise RestError(400, "BadUserRequestException", message, 0)
    if not is_id(execution_id):
        raise from_refusal(MissingValue(f"Cannot find execution with id '{execution_id}': execution is null"))
