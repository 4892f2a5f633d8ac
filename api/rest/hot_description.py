"""The hot paths in the API's description. These routes only describe: `api.rest.hot_paths` stands before them and answers."""

from __future__ import annotations

from fastapi import APIRouter

from api.rest.error_dto import errors
from api.rest.hot_dtos import (
    CompleteExternalTaskDto,
    ExternalTaskFailureDto,
    FetchExternalTasksDto,
    LockedExternalTaskDto,
    ProcessInstanceWithVariablesDto,
    StartProcessInstanceDto,
)

router = APIRouter()

_FETCH = errors({400: "The request is malformed", 500: "An argument is missing or makes no sense, or too many polls wait"})
_TASK = errors(
    {
        400: "The request is malformed, the task is suspended, or another worker has it",
        404: "There is no such open task",
        500: "An argument is missing or makes no sense, or the process cannot go on",
    }
)
_START = errors(
    {400: "The request is malformed", 404: "There is no such process definition", 500: "The process instance cannot be started"}
)


@router.post("/external-task/fetchAndLock", tags=["External task"], response_model=list[LockedExternalTaskDto], responses=_FETCH)
async def fetch_and_lock(body: FetchExternalTasksDto) -> None:
    """Lock tasks of topics for a worker, and wait for a first one if asked to. No two workers get the same task."""


@router.post("/external-task/{id}/complete", tags=["External task"], status_code=204, responses=_TASK)
async def complete(id: str, body: CompleteExternalTaskDto) -> None:
    """Report a task as done; its process instance goes on."""


@router.post("/external-task/{id}/failure", tags=["External task"], status_code=204, responses=_TASK)
async def failure(id: str, body: ExternalTaskFailureDto) -> None:
    """Report that a task could not be done; workers get it again after the timeout, unless no retries are left."""


@router.post(
    "/process-definition/key/{key}/start", tags=["Process definition"], response_model=ProcessInstanceWithVariablesDto, responses=_START
)
async def start_by_key(key: str, body: StartProcessInstanceDto | None = None) -> None:
    """Start an instance of the latest version of a process that belongs to no tenant."""


@router.post(
    "/process-definition/key/{key}/tenant-id/{tenant}/start",
    tags=["Process definition"],
    response_model=ProcessInstanceWithVariablesDto,
    responses=_START,
)
async def start_by_key_and_tenant(key: str, tenant: str, body: StartProcessInstanceDto | None = None) -> None:
    """Start an instance of the latest version of a tenant's process."""


@router.post(
    "/process-definition/{id}/start", tags=["Process definition"], response_model=ProcessInstanceWithVariablesDto, responses=_START
)
async def start_by_id(id: str, body: StartProcessInstanceDto | None = None) -> None:
    """Start an instance of a process definition."""
