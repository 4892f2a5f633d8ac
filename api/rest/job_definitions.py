"""/job-definition: the kinds of jobs of each definition, and their suspension (REST contract §10.7)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.coercions import Date, Flag, Int, Text
from api.rest.errors import invalid_request, not_found
from api.rest.execution_dates import read_execution_date
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.job_retries import valid_retries
from api.rest.json_body import JsonAnswer, JsonObject, read_body, read_object
from api.rest.openapi import takes_body, takes_filters, takes_query
from api.rest.query_params import (
    FLAG,
    ID,
    LIST,
    TEXT,
    Kind,
    any_id,
    query_of,
    read_filters,
    read_json_filters,
    read_json_sorting,
    read_page,
    read_sorting,
)
from api.rest.rows import list_answer, row_writer
from api.rest.several_commands import claimed_id_of, id_of_one
from domain.job_commands import SetJobRetries, SuspendJobDefinitions
from domain.refusals import NotFound
from projections.job.query import ids_statement as job_ids_statement
from projections.job_definition.query import SORT_COLUMNS, count_statement, ids_statement, list_statement
from projections.querying import Page

router = APIRouter(prefix="/job-definition", tags=["Job definition"])

KINDS: Mapping[str, Kind] = {
    "jobDefinitionId": ID,
    "activityIdIn": LIST,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "jobType": TEXT,
    "jobConfiguration": TEXT,
    "active": FLAG,
    "suspended": FLAG,
    "withOverridingJobPriority": FLAG,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "includeJobDefinitionsWithoutTenantId": FLAG,
}


class JobDefinitionDto(JsonAnswer):
    id: str
    process_definition_id: str | None
    process_definition_key: str | None
    job_type: str
    job_configuration: str
    activity_id: str | None
    suspended: bool
    overriding_job_priority: int | None
    tenant_id: str | None
    deployment_id: str | None


class JobDefinitionSuspensionDto(JsonObject):
    """`executionDate`: when it is to happen; now without it."""

    suspended: Flag = False
    include_jobs: Flag = False
    execution_date: Text = None


class JobDefinitionRetriesDto(JsonObject):
    retries: Int = None
    due_date: Date = None


class JobDefinitionsSuspensionDto(JobDefinitionSuspensionDto):
    process_definition_id: Text = None
    process_definition_key: Text = None
    process_definition_tenant_id: Text = None
    process_definition_without_tenant_id: Flag = False


write_job_definition = row_writer(JobDefinitionDto)


@router.get("", response_model=list[JobDefinitionDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_job_definitions(request: Request) -> Response:
    """List job definitions by the filters of the query string."""
    params = query_of(request)
    filters, sorting, page = read_filters(params, KINDS), read_sorting(params, SORT_COLUMNS), read_page(params)
    return await list_answer(await engine_of(request).query(*list_statement(filters, sorting, page)), write_job_definition)


@router.post("", response_model=list[JobDefinitionDto], openapi_extra=takes_filters(KINDS, SORT_COLUMNS))
async def post_job_definitions(request: Request) -> Response:
    """List job definitions by the filters and sorting of the body."""
    body, page = await read_object(request), read_page(query_of(request))
    filters, sorting = read_json_filters(body, KINDS), read_json_sorting(body, SORT_COLUMNS)
    return await list_answer(await engine_of(request).query(*list_statement(filters, sorting, page)), write_job_definition)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count job definitions by the filters of the query string."""
    params = query_of(request)
    filters = read_filters(params, KINDS)
    read_sorting(params, SORT_COLUMNS)
    return count((await engine_of(request).query(*count_statement(filters)))[0][0])


@router.post("/count", response_model=CountDto, openapi_extra=takes_filters(KINDS, SORT_COLUMNS))
async def post_count(request: Request) -> Response:
    """Count job definitions by the filters of the body."""
    filters = read_json_filters(await read_object(request), KINDS)
    return count((await engine_of(request).query(*count_statement(filters)))[0][0])


@router.put("/suspended", status_code=204, openapi_extra=takes_body(JobDefinitionsSuspensionDto))
async def suspend_many(request: Request) -> Response:
    """Suspend or resume the job definitions of a process definition, or of all versions of a process."""
    body = await read_body(request, JobDefinitionsSuspensionDto)
    return await _suspend(request, _selection(body), body, "Could not update the suspension state of Job Definitions due to: ")


def _selection(body: JobDefinitionsSuspensionDto) -> dict[str, Any]:
    if body.process_definition_id is not None and body.process_definition_key is not None:
        one = "Only one of jobDefinitionId, processDefinitionId or processDefinitionKey"
        raise invalid_request(f"{one} should be set to update the suspension state.")
    if body.process_definition_id is not None:
        return {"processDefinitionId": body.process_definition_id}
    if body.process_definition_key is None:
        text = "Either jobDefinitionId, processDefinitionId or processDefinitionKey should be set to update the suspension state."
        raise invalid_request(text)
    selection: dict[str, Any] = {"processDefinitionKey": body.process_definition_key}
    if body.process_definition_tenant_id is not None:
        selection["tenantIdIn"] = [body.process_definition_tenant_id]
    return {**selection, "withoutTenantId": True} if body.process_definition_without_tenant_id else selection


@router.get("/{id}", response_model=JobDefinitionDto)
async def get_job_definition(request: Request, id: str) -> Response:
    """One job definition."""
    rows = await engine_of(request).query(*list_statement({"jobDefinitionId": any_id(id)}, [], Page()))
    if not rows:
        raise not_found(f"Job Definition with id {id} does not exist")
    return JsonResponse(write_job_definition(rows[0]))


@router.put("/{id}/suspended", status_code=204, openapi_extra=takes_body(JobDefinitionSuspensionDto))
async def suspend_one(request: Request, id: str) -> Response:
    """Suspend or resume one job definition."""
    body = await read_body(request, JobDefinitionSuspensionDto)
    refusal = f"The suspension state of Job Definition with id {id} could not be updated due to: "
    return await _suspend(request, {"jobDefinitionId": any_id(id)}, body, refusal)


async def _suspend(request: Request, selection: dict[str, Any], body: JobDefinitionSuspensionDto, refusal: str) -> Response:
    engine, due = engine_of(request), read_execution_date(body.execution_date, refusal)
    ids = tuple(id for (id,) in await engine.query(*ids_statement(selection)))
    if ids:
        await engine.submit(SuspendJobDefinitions(ids, body.suspended, body.include_jobs, due), command_id=command_id_of(request))
    return no_content()


@router.put("/{id}/retries", status_code=204, openapi_extra=takes_body(JobDefinitionRetriesDto))
async def set_retries(request: Request, id: str) -> Response:
    """Let the jobs that are not tried any more be tried again."""
    body = await read_body(request, JobDefinitionRetriesDto)
    retries = valid_retries(body.retries)
    engine, claimed = engine_of(request), await claimed_id_of(request, "SetJobRetriesOfDefinition", (id, body.model_dump()))
    for (job_id,) in await engine.query(*job_ids_statement({"jobDefinitionId": any_id(id), "noRetriesLeft": True})):
        with suppress(NotFound):
            await engine.submit(SetJobRetries(job_id, retries, body.due_date), command_id=id_of_one(claimed, job_id))
    return no_content()
