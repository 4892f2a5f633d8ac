"""/job (REST contract §10.7)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, count, no_content
from api.rest.coercions import Date, Flag, Int, Long
from api.rest.errors import RestError, invalid_request, not_found
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.job_filters import KINDS, filters_of_body, filters_of_params
from api.rest.job_retries import valid_retries
from api.rest.json_body import JsonAnswer, JsonObject, read_body, read_object
from api.rest.openapi import TEXT_ANSWER, takes_body, takes_filters, takes_parameters, takes_query
from api.rest.query_params import query_of, read_json_sorting, read_page, read_sorting
from api.rest.rows import list_answer, row_writer
from api.rest.several_commands import id_of_one
from domain.ids import is_id
from domain.job_commands import (
    DeleteJob,
    ExecuteJob,
    JobCommand,
    RecalculateJobDueDate,
    SetJobDueDate,
    SetJobPriority,
    SetJobRetries,
    SuspendJob,
)
from domain.outcomes import JobAttempted, Outcome
from domain.refusals import ExecutionFailed, NotFound, Rejected
from projections.job.query import ONE, SORT_COLUMNS, count_statement, list_statement
from projections.querying import Page, Sorting

router = APIRouter(prefix="/job", tags=["Job"])


class JobDto(JsonAnswer):
    id: str
    job_definition_id: str | None
    process_instance_id: str | None
    process_definition_id: str | None
    process_definition_key: str | None
    execution_id: str | None
    exception_message: str | None
    failed_activity_id: str | None
    retries: int
    due_date: str | None
    suspended: bool
    priority: int
    tenant_id: str | None
    create_time: str
    batch_id: str | None


class JobRetriesDto(JsonObject):
    retries: Int = None
    due_date: Date = None


class JobDuedateDto(JsonObject):
    duedate: Date = None
    cascade: Flag = False


class JobSuspensionDto(JsonObject):
    suspended: Flag = False


class JobPriorityDto(JsonObject):
    priority: Long = None


write_job = row_writer(JobDto, "dueDate", "createTime")


async def _list(request: Request, filters: Mapping[str, Any], sorting: Sorting, page: Page) -> Response:
    rows = await engine_of(request).query(*list_statement(filters, sorting, page))
    return await list_answer(rows, write_job)


async def _count(request: Request, filters: Mapping[str, Any]) -> Response:
    rows = await engine_of(request).query(*count_statement(filters))
    return count(rows[0][0])


@router.get("", response_model=list[JobDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_jobs(request: Request) -> Response:
    """List jobs by the filters of the query string."""
    params = query_of(request)
    filters = filters_of_params(params, engine_of(request).now())
    return await _list(request, filters, read_sorting(params, SORT_COLUMNS), read_page(params))


@router.post("", response_model=list[JobDto], openapi_extra=takes_filters(KINDS, SORT_COLUMNS))
async def post_jobs(request: Request) -> Response:
    """List jobs by the filters and sorting of the body."""
    body, page = await read_object(request), read_page(query_of(request))
    filters = filters_of_body(body, engine_of(request).now())
    return await _list(request, filters, read_json_sorting(body, SORT_COLUMNS), page)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count jobs by the filters of the query string."""
    params = query_of(request)
    filters = filters_of_params(params, engine_of(request).now())
    read_sorting(params, SORT_COLUMNS)
    return await _count(request, filters)


@router.post("/count", response_model=CountDto, openapi_extra=takes_filters(KINDS, SORT_COLUMNS))
async def post_count(request: Request) -> Response:
    """Count jobs by the filters of the body."""
    return await _count(request, filters_of_body(await read_object(request), engine_of(request).now()))


async def _find(request: Request, id: str) -> dict[str, Any] | None:
    rows = await engine_of(request).query(ONE, [id]) if is_id(id) else []
    return write_job(rows[0]) if rows else None


@router.get("/{id}", response_model=JobDto)
async def get_job(request: Request, id: str) -> Response:
    """One job."""
    job = await _find(request, id)
    if job is None:
        raise not_found(f"Job with id {id} does not exist")
    return JsonResponse(job)


@router.get("/{id}/stacktrace", response_class=Response, responses=TEXT_ANSWER)
async def get_stacktrace(request: Request, id: str) -> Response:
    """Why a job failed last."""
    job = await _find(request, id)
    if job is None:
        raise not_found(f"No job found with id {id}: job is null")
    if job["exceptionMessage"] is None:
        return no_content()
    text = f"org.camunda.bpm.engine.ProcessEngineException: {job['exceptionMessage']}"
    return Response(text, headers={"content-type": "text/plain"})


async def _submit(request: Request, command: JobCommand) -> Outcome:
    """Carry a command out. Raises NotFound."""
    if not is_id(command.job_id):
        raise NotFound(f"No job found with id '{command.job_id}'")
    return await engine_of(request).submit(command, command_id=command_id_of(request))


def _no_job(id: str) -> RestError:
    return not_found(f"No job found with id '{id}': job is null")


@router.post("/{id}/execute", status_code=204)
async def execute_job(request: Request, id: str) -> Response:
    """Execute a job now, due or not. A failure of its process is an error here, and noted at the job."""
    try:
        attempted = await _submit(request, ExecuteJob(id))
    except NotFound as refusal:
        raise not_found(f"ENGINE-14026 {refusal.message}") from refusal
    if isinstance(attempted, JobAttempted) and attempted.failure is not None:
        raise not_found(attempted.failure.message)
    return no_content()


@router.put("/{id}/retries", status_code=204, openapi_extra=takes_body(JobRetriesDto))
async def set_retries(request: Request, id: str) -> Response:
    """Set how often a job may still be tried."""
    body = await read_body(request, JobRetriesDto)
    retries = valid_retries(body.retries)
    try:
        await _submit(request, SetJobRetries(id, retries, body.due_date))
        if body.due_date is None and "due_date" in body.model_fields_set:
            await engine_of(request).submit(SetJobDueDate(id), command_id=id_of_one(command_id_of(request), "due date"))
    except NotFound as refusal:
        raise invalid_request(f"ENGINE-13053 {refusal.message}.'", 500) from refusal
    return no_content()


@router.put("/{id}/duedate", status_code=204, openapi_extra=takes_body(JobDuedateDto))
async def set_due_date(request: Request, id: str) -> Response:
    """Set when a job is due; without a date it is due at once."""
    body = await read_body(request, JobDuedateDto)
    try:
        await _submit(request, SetJobDueDate(id, body.duedate, body.cascade))
    except NotFound as refusal:
        raise invalid_request(f"{refusal.message}.", 500) from refusal
    return no_content()


@router.post("/{id}/duedate/recalculate", status_code=204, openapi_extra=takes_parameters({"creationDateBased": {"type": "boolean"}}))
async def recalculate_due_date(request: Request, id: str) -> Response:
    """Compute when a timer is due once more, from now or from its creation."""
    based = query_of(request).get("creationDateBased", "true").lower() == "true"
    try:
        await _submit(request, RecalculateJobDueDate(id, based))
    except NotFound as refusal:
        raise invalid_request(f"{refusal.message}: job is null", 404, 0) from refusal
    except (Rejected, ExecutionFailed) as refusal:
        raise invalid_request(refusal.message, 500) from refusal
    return no_content()


@router.put("/{id}/suspended", status_code=204, openapi_extra=takes_body(JobSuspensionDto))
async def suspend_job(request: Request, id: str) -> Response:
    """Let the job executor leave a job alone, or not any longer; an unknown one is no error."""
    body = await read_body(request, JobSuspensionDto)
    with suppress(NotFound):
        await _submit(request, SuspendJob(id, body.suspended))
    return no_content()


@router.put("/{id}/priority", status_code=204, openapi_extra=takes_body(JobPriorityDto))
async def set_priority(request: Request, id: str) -> Response:
    """Set a job's priority."""
    body = await read_body(request, JobPriorityDto)
    if body.priority is None:
        raise RestError(400, "RestException", f"Priority for job '{id}' cannot be null.")
    try:
        await _submit(request, SetJobPriority(id, body.priority))
    except NotFound as refusal:
        raise _no_job(id) from refusal
    return no_content()


@router.delete("/{id}", status_code=204)
async def delete_job(request: Request, id: str) -> Response:
    """Delete a job; what it would have moved waits on."""
    try:
        await _submit(request, DeleteJob(id))
    except NotFound as refusal:
        raise _no_job(id) from refusal
    return no_content()
