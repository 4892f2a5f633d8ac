"""/execution: just enough to look one up (REST contract §10.5)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.errors import not_found
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer
from domain.ids import aggregate_id, is_id, ordinal_of

router = APIRouter(prefix="/execution", tags=["Execution"])


class ExecutionDto(JsonAnswer):
    id: str
    process_instance_id: str
    ended: bool
    tenant_id: str | None


@router.get("/{id}", response_model=ExecutionDto)
async def get_execution(request: Request, id: str) -> Response:
    """One execution of a running instance."""
    state = await engine_of(request).live_state(aggregate_id(id)) if is_id(id) else None
    if state is None or state.scope_of_execution(ordinal_of(id)) is None:
        raise not_found(f"Execution with id {id} does not exist")
    return JsonResponse({"id": id, "processInstanceId": state.id, "ended": False, "tenantId": state.tenant_id})
