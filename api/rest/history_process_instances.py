"""/history/process-instance: instances that run and instances that ended (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse, no_content
from api.rest.errors import Mapped, from_refusal, not_found
from api.rest.history_lists import HistoryList, add_posts, add_reads
from api.rest.history_process_instance_filters import FILTERS, filters_of_body, with_one_state
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer
from api.rest.openapi import takes_parameters
from api.rest.query_params import get_flag, query_of
from api.rest.rows import row_writer
from domain.commands import HideHistory
from domain.ids import is_id
from domain.refusals import NotFound, Refusal
from projections.history.process_instance.query import PROCESS_INSTANCES
from projections.process_instance.query import EXISTS

router = APIRouter(prefix="/history/process-instance", tags=["Historic process instance"])
_UNKNOWN: Mapping[type[Refusal], Mapped] = {NotFound: Mapped(404, "InvalidRequestException")}


class HistoricProcessInstanceDto(JsonAnswer):
    """A process instance; its root is itself."""

    id: str
    business_key: str | None
    process_definition_id: str
    process_definition_key: str
    process_definition_name: str | None
    process_definition_version: int | None
    start_time: str
    end_time: str | None
    removal_time: str | None
    duration_in_millis: int | None
    start_user_id: str | None
    start_activity_id: str | None
    delete_reason: str | None
    root_process_instance_id: str
    super_process_instance_id: str | None
    super_case_instance_id: str | None
    case_instance_id: str | None
    tenant_id: str | None
    state: str
    restarted_process_instance_id: str | None


_write = row_writer(HistoricProcessInstanceDto, "startTime", "endTime", "removalTime")
INSTANCES = HistoryList(HistoricProcessInstanceDto, PROCESS_INSTANCES, FILTERS, lambda _: _write, with_one_state, filters_of_body)

add_reads(router, INSTANCES)
add_posts(router, INSTANCES)


@router.get("/{id}", response_model=HistoricProcessInstanceDto)
async def get_instance(request: Request, id: str) -> Response:
    """One instance."""
    instance = await INSTANCES.by_id(request, "processInstanceId", id)
    if instance is None:
        raise not_found(f"Historic process instance with id {id} does not exist")
    return JsonResponse(instance)


@router.delete("/{id}", status_code=204, openapi_extra=takes_parameters({"failIfNotExists": {"type": "boolean"}}))
async def delete_instance(request: Request, id: str) -> Response:
    """Take an ended instance out of history. Its facts stay."""
    must_exist = get_flag(query_of(request), "failIfNotExists", True)
    try:
        await engine_of(request).submit(HideHistory(id), command_id=command_id_of(request))
    except NotFound as refusal:
        if must_exist or await _runs(request, id):
            raise from_refusal(refusal, table=_UNKNOWN) from refusal
    return no_content()


async def _runs(request: Request, id: str) -> bool:
    return is_id(id) and bool(await engine_of(request).query(EXISTS, [id]))
