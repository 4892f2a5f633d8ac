"""/history/activity-instance: every element that a token was in (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.errors import engine_error, not_found
from api.rest.history_lists import HistoryList, add_posts, add_reads
from api.rest.json_body import JsonAnswer
from api.rest.query_params import DATE, FLAG, ID, LIKE, LIST, TEXT, Kind
from api.rest.rows import row_writer
from projections.history.activity_instance.query import ACTIVITY_INSTANCES

router = APIRouter(prefix="/history/activity-instance", tags=["Historic activity instance"])

FILTERS: Mapping[str, Kind] = {
    "activityInstanceId": TEXT,
    "processInstanceId": ID,
    "processDefinitionId": TEXT,
    "executionId": ID,
    "activityId": TEXT,
    "activityName": TEXT,
    "activityNameLike": LIKE,
    "activityType": TEXT,
    "taskAssignee": TEXT,
    "finished": FLAG,
    "unfinished": FLAG,
    "completeScope": FLAG,
    "canceled": FLAG,
    "startedBefore": DATE,
    "startedAfter": DATE,
    "finishedBefore": DATE,
    "finishedAfter": DATE,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
}


class HistoricActivityInstanceDto(JsonAnswer):
    """An element that a token is or was in. `complete_scope`: the token went no further."""

    id: str
    parent_activity_instance_id: str
    activity_id: str
    activity_name: str | None
    activity_type: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    task_id: str | None
    called_process_instance_id: str | None
    called_case_instance_id: str | None
    assignee: str | None
    start_time: str
    end_time: str | None
    duration_in_millis: int | None
    canceled: bool
    complete_scope: bool
    tenant_id: str | None
    removal_time: str | None
    root_process_instance_id: str


def _meant(filters: dict[str, Any]) -> dict[str, Any]:
    if "completeScope" in filters and "canceled" in filters:
        raise engine_error("Already querying for activity instance state <scopeComplete>")
    return filters


_write = row_writer(HistoricActivityInstanceDto, "startTime", "endTime", "removalTime")
ACTIVITIES = HistoryList(HistoricActivityInstanceDto, ACTIVITY_INSTANCES, FILTERS, lambda _: _write, _meant)

add_reads(router, ACTIVITIES)
add_posts(router, ACTIVITIES)


@router.get("/{id}", response_model=HistoricActivityInstanceDto)
async def get_activity_instance(request: Request, id: str) -> Response:
    """One activity instance."""
    activity = await ACTIVITIES.one(request, {"activityInstanceId": id})
    if activity is None:
        raise not_found(f"Historic activity instance with id '{id}' does not exist")
    return JsonResponse(activity)
