"""Setting the retries of many jobs in the background (REST contract §10.4, §10.7). Each answers the batch that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.engine import Engine
from api.rest.batch_dtos import BatchDto, begin_batch
from api.rest.coercions import Date, Int, Object, Texts
from api.rest.errors import engine_error, invalid_request
from api.rest.hot import engine_of
from api.rest.instance_selection import found_in_history, found_now
from api.rest.job_filters import filters_of_body
from api.rest.json_body import JsonObject, read_body
from api.rest.openapi import takes_body
from api.rest.query_params import any_id
from domain.operations import SetRetriesOfJobs
from projections.job.query import ids_statement

router = APIRouter(tags=["Job"])

Query: TypeAlias = Mapping[str, Any]
Find: TypeAlias = Callable[[Engine, Query], Awaitable[list[str]]]


class SetRetriesDto(JsonObject):
    """With `dueDate`, null too, the jobs are due then."""

    retries: Int = None
    due_date: Date = None

    @property
    def operation(self) -> SetRetriesOfJobs:
        return SetRetriesOfJobs(self.retries or 0, self.due_date, "due_date" in self.model_fields_set)


class SetJobsRetriesDto(SetRetriesDto):
    job_ids: Texts = None
    job_query: Object = None


class SetInstancesRetriesDto(SetRetriesDto):
    process_instances: Texts = None
    process_instance_query: Object = None
    historic_process_instance_query: Object = None


@router.post("/job/retries", response_model=BatchDto, openapi_extra=takes_body(SetJobsRetriesDto))
async def set_retries(request: Request) -> Response:
    """Set how often jobs may still be tried: those of a list and of a query."""
    body = await read_body(request, SetJobsRetriesDto)
    _refuse_null(body)
    if not body.job_ids and body.job_query is None:
        raise engine_error("ENGINE-13050 You must specify at least one of jobIds or jobQuery.")
    return await begin_batch(request, body.operation, body.model_dump(), partial(_jobs, engine_of(request), body))


async def _jobs(engine: Engine, body: SetJobsRetriesDto) -> list[str]:
    items = [id or "" for id in body.job_ids or ()]
    if body.job_query is not None:
        items += [id for (id,) in await engine.query(*ids_statement(filters_of_body(body.job_query, engine.now())))]
    return _sensible(body, items)


@router.post("/process-instance/job-retries", response_model=BatchDto, openapi_extra=takes_body(SetInstancesRetriesDto))
async def set_retries_of_instances(request: Request) -> Response:
    """Set how often the jobs of running instances may still be tried."""
    body = await read_body(request, SetInstancesRetriesDto)
    return await _begin_for_instances(request, body, body.process_instance_query, found_now)


@router.post(
    "/process-instance/job-retries-historic-query-based", response_model=BatchDto, openapi_extra=takes_body(SetInstancesRetriesDto)
)
async def set_retries_of_instances_found_in_history(request: Request) -> Response:
    """Set how often the jobs of running instances may still be tried; a query of history finds them."""
    body = await read_body(request, SetInstancesRetriesDto)
    return await _begin_for_instances(request, body, body.historic_process_instance_query, found_in_history)


async def _begin_for_instances(request: Request, body: SetInstancesRetriesDto, query: Query | None, find: Find) -> Response:
    _refuse_null(body)
    if not body.process_instances and query is None:
        several = "processInstanceIds, processInstanceQuery, or historicProcessInstanceQuery"
        raise engine_error(f"ENGINE-13051 You must specify at least one of or one of {several}.")
    return await begin_batch(request, body.operation, body.model_dump(), partial(_jobs_of_instances, engine_of(request), body, query, find))


async def _jobs_of_instances(engine: Engine, body: SetInstancesRetriesDto, query: Query | None, find: Find) -> list[str]:
    found = [] if query is None else await find(engine, query)
    instances = [*(any_id(id or "") for id in body.process_instances or ()), *found]
    jobs = await engine.query(*ids_statement({"processInstanceIds": instances}))
    return _sensible(body, [id for (id,) in jobs])


def _refuse_null(body: SetRetriesDto) -> None:
    if body.retries is None:
        raise invalid_request("retries is null")


def _sensible(body: SetRetriesDto, jobs: list[str]) -> list[str]:
    """The jobs, if there are any and they can get these retries."""
    if not jobs:
        raise invalid_request("jobIds is empty")
    if (body.retries or 0) < 0:
        raise engine_error("Retries count is not greater than or equal to 0")
    return jobs


def valid_retries(retries: int | None) -> int:
    """The retries that one job, or the jobs of a definition, are given. Raises RestError."""
    if retries is None:
        raise invalid_request("The number of retries cannot be null.")
    if retries < 0:
        text = f"ENGINE-13054 The number of job retries must be a non-negative Integer, but '{retries}' has been provided."
        raise invalid_request(text, 500)
    return retries
