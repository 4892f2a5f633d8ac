"""/incident (REST contract §10.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.coercions import Text
from api.rest.errors import Mapped, RestError, from_refusal, invalid_request, not_found
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer, JsonObject, read_body
from api.rest.openapi import takes_body, takes_query
from api.rest.query_params import ANY_OF, DATE, ID, ID_LIST, LIKE, LIST, TEXT, Kind, query_of, read_filters, read_page, read_sorting
from api.rest.rows import list_answer, row_writer
from domain.commands import AnnotateIncident, ResolveIncident
from domain.ids import is_id
from domain.refusals import NotFound, Refusal, Rejected
from projections.incident.query import ONE, SORT_COLUMNS, count_statement, list_statement

KINDS: Mapping[str, Kind] = {
    "incidentId": ID,
    "incidentType": TEXT,
    "incidentMessage": TEXT,
    "incidentMessageLike": LIKE,
    "processDefinitionId": TEXT,
    "processDefinitionKeyIn": ANY_OF,
    "processInstanceId": ID,
    "executionId": ID,
    "incidentTimestampBefore": DATE,
    "incidentTimestampAfter": DATE,
    "activityId": TEXT,
    "failedActivityId": TEXT,
    "causeIncidentId": ID,
    "rootCauseIncidentId": ID,
    "configuration": TEXT,
    "tenantIdIn": LIST,
    "jobDefinitionIdIn": ID_LIST,
}

router = APIRouter(prefix="/incident", tags=["Incident"])


class IncidentDto(JsonAnswer):
    id: str
    process_definition_id: str | None
    process_instance_id: str | None
    execution_id: str | None
    incident_timestamp: str
    incident_type: str
    activity_id: str | None
    failed_activity_id: str | None
    cause_incident_id: str
    root_cause_incident_id: str
    configuration: str | None
    incident_message: str | None
    tenant_id: str | None
    job_definition_id: str | None
    annotation: str | None


class AnnotationDto(JsonObject):
    annotation: Text = None


write_incident = row_writer(IncidentDto, "incidentTimestamp")


@router.get("", response_model=list[IncidentDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_incidents(request: Request) -> Response:
    """List open incidents."""
    params = query_of(request)
    filters, sorting, page = read_filters(params, KINDS), read_sorting(params, SORT_COLUMNS), read_page(params)
    rows = await engine_of(request).query(*list_statement(filters, sorting, page))
    return await list_answer(rows, write_incident)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count open incidents."""
    params = query_of(request)
    filters = read_filters(params, KINDS)
    read_sorting(params, SORT_COLUMNS)
    rows = await engine_of(request).query(*count_statement(filters))
    return count(rows[0][0])


async def _find(request: Request, id: str) -> dict[str, Any] | None:
    rows = await engine_of(request).query(ONE, [id]) if is_id(id) else []
    return write_incident(rows[0]) if rows else None


@router.get("/{id}", response_model=IncidentDto)
async def get_incident(request: Request, id: str) -> Response:
    """One open incident."""
    incident = await _find(request, id)
    if incident is None:
        raise not_found(f"No matching incident with id {id}")
    return JsonResponse(incident)


@router.delete("/{id}", status_code=204)
async def resolve_incident(request: Request, id: str) -> Response:
    """Resolve an incident that was created by hand; one of a task or a job is resolved by its retries."""
    incident, command_id = await _find(request, id), command_id_of(request)
    if incident is None and (command_id is None or not is_id(id)):
        raise not_found(f"Cannot find an incident with id '{id}': incident is null")
    if incident is not None and incident["processInstanceId"] is None:
        raise invalid_request(f"Cannot resolve an incident of type {incident['incidentType']}")
    try:
        await engine_of(request).submit(ResolveIncident(id), command_id=command_id)
    except NotFound as refusal:
        raise not_found(refusal.message) from refusal
    except Rejected as refusal:
        raise invalid_request(refusal.message) from refusal
    return no_content()


@router.put("/{id}/annotation", status_code=204, openapi_extra=takes_body(AnnotationDto))
async def set_annotation(request: Request, id: str) -> Response:
    """Write a note on an open incident."""
    body = await read_body(request, AnnotationDto)
    return await _annotate(request, id, body.annotation)


@router.delete("/{id}/annotation", status_code=204)
async def clear_annotation(request: Request, id: str) -> Response:
    """Remove the note of an open incident."""
    return await _annotate(request, id, None)


async def _annotate(request: Request, id: str, annotation: str | None) -> Response:
    if not is_id(id):
        raise RestError(400, _REFUSED.type, "incident is null", 0)
    try:
        await engine_of(request).submit(AnnotateIncident(id, annotation), command_id=command_id_of(request))
    except Refusal as refusal:
        raise from_refusal(refusal, table={Refusal: _REFUSED}) from refusal
    return no_content()


_REFUSED = Mapped(400, "BadUserRequestException")
