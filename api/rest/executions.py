"""/execution (REST contract §10.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.coercions import Object, Text
from api.rest.errors import WRAPPED, from_refusal, invalid_request, not_found
from api.rest.event_subscriptions import EventSubscriptionDto, write_subscription
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.incidents import IncidentDto, write_incident
from api.rest.json_body import JsonAnswer, JsonObject, read_body, read_object
from api.rest.openapi import takes_body, takes_filters, takes_query
from api.rest.query_params import (
    FLAG,
    ID,
    LIKE,
    LIST,
    TEXT,
    Kind,
    query_of,
    read_filters,
    read_json_filters,
    read_json_sorting,
    read_page,
    read_sorting,
)
from api.rest.rows import list_answer, row_writer
from api.rest.variable_filters import spread_case_flags, variables_kind
from api.rest.variables import read_variables
from domain.commands import Command, CreateIncident
from domain.deciding.event import not_subscribed
from domain.event_commands import ReceiveMessage, SignalExecution
from domain.ids import aggregate_id, is_id, ordinal_of
from domain.outcomes import IncidentCreated, Outcome
from domain.refusals import MissingValue, Refusal
from projections.event_subscription.query import OF_EXECUTION
from projections.execution import query as sql
from projections.incident.query import ONE as ONE_INCIDENT
from projections.querying import Page, Sorting

router = APIRouter(prefix="/execution", tags=["Execution"])

KINDS: Mapping[str, Kind] = {
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "businessKey": TEXT,
    "processInstanceId": ID,
    "activityId": TEXT,
    "signalEventSubscriptionName": TEXT,
    "messageEventSubscriptionName": TEXT,
    "active": FLAG,
    "suspended": FLAG,
    "incidentId": ID,
    "incidentType": TEXT,
    "incidentMessage": TEXT,
    "incidentMessageLike": LIKE,
    "variables": variables_kind("variables"),
    "processVariables": variables_kind("processVariables"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
    "tenantIdIn": LIST,
}
_VARIABLES = ("variables", "processVariables")


class ExecutionDto(JsonAnswer):
    id: str
    process_instance_id: str
    ended: bool
    tenant_id: str | None


class ExecutionTriggerDto(JsonObject):
    variables: Object = None


class CreateIncidentDto(JsonObject):
    incident_type: Text = None
    configuration: Text = None
    message: Text = None


write_execution = row_writer(ExecutionDto)


async def _list(request: Request, filters: dict[str, Any], sorting: Sorting, page: Page) -> Response:
    rows = await engine_of(request).query(*sql.list_statement(spread_case_flags(filters, _VARIABLES), sorting, page))
    return await list_answer(rows, write_execution)


async def _count(request: Request, filters: dict[str, Any]) -> Response:
    rows = await engine_of(request).query(*sql.count_statement(spread_case_flags(filters, _VARIABLES)))
    return count(rows[0][0])


@router.get("", response_model=list[ExecutionDto], openapi_extra=takes_query(KINDS, sql.SORT_COLUMNS))
async def get_executions(request: Request) -> Response:
    """List executions by the filters of the query string."""
    params = query_of(request)
    return await _list(request, read_filters(params, KINDS), read_sorting(params, sql.SORT_COLUMNS), read_page(params))


@router.post("", response_model=list[ExecutionDto], openapi_extra=takes_filters(KINDS, sql.SORT_COLUMNS))
async def post_executions(request: Request) -> Response:
    """List executions by the filters and sorting of the body."""
    body, page = await read_object(request), read_page(query_of(request))
    return await _list(request, read_json_filters(body, KINDS), read_json_sorting(body, sql.SORT_COLUMNS), page)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count executions by the filters of the query string."""
    params = query_of(request)
    read_sorting(params, sql.SORT_COLUMNS)
    return await _count(request, read_filters(params, KINDS))


@router.post("/count", response_model=CountDto, openapi_extra=takes_filters(KINDS, sql.SORT_COLUMNS))
async def post_count(request: Request) -> Response:
    """Count executions by the filters of the body."""
    return await _count(request, read_json_filters(await read_object(request), KINDS))


@router.get("/{id}", response_model=ExecutionDto)
async def get_execution(request: Request, id: str) -> Response:
    """One execution of a running instance."""
    state = await engine_of(request).live_state(aggregate_id(id)) if is_id(id) else None
    if state is None or state.scope_of_execution(ordinal_of(id)) is None:
        raise not_found(f"Execution with id {id} does not exist")
    return JsonResponse({"id": id, "processInstanceId": state.id, "ended": False, "tenantId": state.tenant_id})


@router.post("/{id}/signal", status_code=204, openapi_extra=takes_body(ExecutionTriggerDto))
async def signal_execution(request: Request, id: str) -> Response:
    """End the wait of the activity that an execution is in."""
    prefix = f"Cannot signal execution {id}: "
    body = await read_body(request, ExecutionTriggerDto)
    variables = read_variables(body.variables, prefix)
    unknown = MissingValue(f"execution {id} doesn't exist: execution is null")
    await _submit(request, id, SignalExecution(id, variables), unknown, prefix)
    return no_content()


@router.get("/{id}/messageSubscriptions/{name}", response_model=EventSubscriptionDto)
async def get_message_subscription(request: Request, id: str, name: str) -> Response:
    """What an execution waits for under a message's name."""
    rows = await engine_of(request).query(OF_EXECUTION, [id, name]) if is_id(id) else []
    if not rows:
        raise not_found(f"Message event subscription for execution {id} named {name} does not exist")
    return JsonResponse(write_subscription(rows[0]))


@router.post("/{id}/messageSubscriptions/{name}/trigger", status_code=204, openapi_extra=takes_body(ExecutionTriggerDto))
async def trigger_message(request: Request, id: str, name: str) -> Response:
    """Let a message reach an execution."""
    prefix = f"Cannot trigger message {name} for execution {id}: "
    body = await read_body(request, ExecutionTriggerDto)
    command = ReceiveMessage(id, name, read_variables(body.variables, prefix))
    await _submit(request, id, command, not_subscribed(command), prefix)
    return no_content()


async def _submit(request: Request, execution_id: str, command: Command, unknown: Refusal, prefix: str) -> Outcome:
    try:
        if not is_id(execution_id):
            raise unknown
        return await engine_of(request).submit(command, command_id=command_id_of(request))
    except Refusal as refusal:
        raise from_refusal(refusal, prefix=prefix, table=WRAPPED) from refusal


@router.post("/{id}/create-incident", response_model=IncidentDto, openapi_extra=takes_body(CreateIncidentDto))
async def create_incident(request: Request, id: str) -> Response:
    """Create an incident at an execution."""
    body = await read_body(request, CreateIncidentDto)
    if body.incident_type is None:
        raise invalid_request("incidentType is null")
    engine, created = engine_of(request), None
    try:
        if is_id(id):
            command = CreateIncident(id, body.incident_type, body.configuration, body.message)
            created = await engine.submit(command, command_id=command_id_of(request))
    except Refusal as refusal:
        raise invalid_request(refusal.message) from refusal
    if not isinstance(created, IncidentCreated):
        raise invalid_request(f"Cannot find an execution with executionId '{id}': execution is null")
    return JsonResponse(write_incident((await engine.query(ONE_INCIDENT, [created.id]))[0]))
