"""/process-definition/…/submit-form: a start, as forms send it (REST contract §10.3)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest import hot
from api.rest.coercions import Object, Text
from api.rest.json_body import JsonObject
from api.rest.openapi import takes_body
from api.rest.process_instances import ProcessInstanceDto

router = APIRouter(prefix="/process-definition", tags=["Process definition"])


class SubmittedFormDto(JsonObject):
    business_key: Text = None
    variables: Object = None


_FORM = takes_body(SubmittedFormDto)


@router.post("/key/{key}/submit-form", response_model=ProcessInstanceDto, openapi_extra=_FORM)
async def submit_by_key(request: Request, key: str) -> Response:
    """Start an instance of the latest version of a process that belongs to no tenant."""
    return await hot.start(request, None, key, None)


@router.post("/key/{key}/tenant-id/{tenant}/submit-form", response_model=ProcessInstanceDto, openapi_extra=_FORM)
async def submit_by_key_and_tenant(request: Request, key: str, tenant: str) -> Response:
    """Start an instance of the latest version of a tenant's process."""
    return await hot.start(request, None, key, tenant)


@router.post("/{id}/submit-form", response_model=ProcessInstanceDto, openapi_extra=_FORM)
async def submit_by_id(request: Request, id: str) -> Response:
    """Start an instance of a definition."""
    return await hot.start(request, id, None, None)
