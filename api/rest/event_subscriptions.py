"""/event-subscription (REST contract §10.5)."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import count
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer
from api.rest.openapi import takes_query
from api.rest.query_params import FLAG, ID, LIST, TEXT, Kind, query_of, read_filters, read_page, read_sorting
from api.rest.rows import list_answer, row_writer
from projections.event_subscription.query import SORT_COLUMNS, count_statement, list_statement

KINDS: Mapping[str, Kind] = {
    "eventSubscriptionId": ID,
    "eventName": TEXT,
    "eventType": TEXT,
    "executionId": ID,
    "processInstanceId": ID,
    "activityId": TEXT,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "includeEventSubscriptionsWithoutTenantId": FLAG,
}

router = APIRouter(prefix="/event-subscription", tags=["Event subscription"])


class EventSubscriptionDto(JsonAnswer):
    id: str
    event_type: str
    event_name: str
    execution_id: str | None
    process_instance_id: str | None
    activity_id: str
    created_date: str
    tenant_id: str | None


write_subscription = row_writer(EventSubscriptionDto, "createdDate")


@router.get("", response_model=list[EventSubscriptionDto], openapi_extra=takes_query(KINDS, SORT_COLUMNS))
async def get_subscriptions(request: Request) -> Response:
    """List what waits for messages and signals."""
    params = query_of(request)
    filters, sorting, page = read_filters(params, KINDS), read_sorting(params, SORT_COLUMNS), read_page(params)
    rows = await engine_of(request).query(*list_statement(filters, sorting, page))
    return await list_answer(rows, write_subscription)


@router.get("/count", response_model=CountDto, openapi_extra=takes_query(KINDS))
async def get_count(request: Request) -> Response:
    """Count what waits for messages and signals."""
    params = query_of(request)
    filters = read_filters(params, KINDS)
    read_sorting(params, SORT_COLUMNS)
    rows = await engine_of(request).query(*count_statement(filters))
    return count(rows[0][0])
