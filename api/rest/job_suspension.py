"""/job/suspended: the jobs of a job definition, an instance, a definition, or all versions of a process (REST contract §10.7)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import no_content
from api.rest.coercions import Flag, Text
from api.rest.errors import invalid_request
from api.rest.hot import engine_of
from api.rest.json_body import JsonObject, read_body
from api.rest.openapi import takes_body
from api.rest.query_params import any_id
from api.rest.several_commands import claimed_id_of, id_of_one
from domain.job_commands import SuspendJob
from domain.refusals import NotFound
from projections.job.query import ids_statement

router = APIRouter(prefix="/job", tags=["Job"])

_PLACES = "jobDefinitionId, processInstanceId, processDefinitionId or processDefinitionKey"


class JobsSuspensionDto(JsonObject):
    suspended: Flag = False
    job_id: Text = None
    job_definition_id: Text = None
    process_instance_id: Text = None
    process_definition_id: Text = None
    process_definition_key: Text = None
    process_definition_tenant_id: Text = None
    process_definition_without_tenant_id: Flag = False


@router.put("/suspended", status_code=204, openapi_extra=takes_body(JobsSuspensionDto))
async def suspend_many(request: Request) -> Response:
    """Let the job executor leave jobs alone, or not any longer."""
    body = await read_body(request, JobsSuspensionDto)
    engine = engine_of(request)
    selected = await engine.query(*ids_statement(_selection(body)))
    claimed = await claimed_id_of(request, "SuspendJobs", body.model_dump())
    for (job_id,) in selected:
        with suppress(NotFound):
            await engine.submit(SuspendJob(job_id, body.suspended), command_id=id_of_one(claimed, job_id))
    return no_content()


def _selection(body: JobsSuspensionDto) -> dict[str, Any]:
    """The filter of the jobs that are meant."""
    if body.job_id is not None:
        raise invalid_request(f"Either {_PLACES} can be set to update the suspension state.")
    filters = {
        "jobDefinitionId": body.job_definition_id and any_id(body.job_definition_id),
        "processInstanceId": body.process_instance_id and any_id(body.process_instance_id),
        "processDefinitionId": body.process_definition_id,
        "processDefinitionKey": body.process_definition_key,
    }
    given: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
    if len(given) != 1:
        amount = "Only one of" if given else "Either"
        raise invalid_request(f"{amount} jobId, {_PLACES} should be set to update the suspension state.")
    return given | _tenant(body) if "processDefinitionKey" in given else given


def _tenant(body: JobsSuspensionDto) -> dict[str, Any]:
    if body.process_definition_tenant_id is not None:
        return {"tenantIdIn": [body.process_definition_tenant_id]}
    return {"withoutTenantId": True} if body.process_definition_without_tenant_id else {}
