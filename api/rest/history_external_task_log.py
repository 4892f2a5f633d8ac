"""/history/external-task-log: what became of external tasks (REST contract §7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest import history_kinds
from api.rest.answers import JsonResponse, no_content
from api.rest.error_dto import Responses
from api.rest.errors import not_found
from api.rest.history_kinds import not_valid
from api.rest.history_lists import HistoryList, add_posts, add_reads
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer
from api.rest.query_params import ANY_OF, FLAG, ID, LIST, LONG, TEXT, Kind, refusing
from api.rest.rows import row_writer
from projections.history.external_task_log.entries import position_of
from projections.history.external_task_log.query import ERROR_DETAILS, EXTERNAL_TASK_LOG

_DETAILS: Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, 204: {"description": "There are none"}}

router = APIRouter(prefix="/history/external-task-log", tags=["Historic external task log"])


def _without_empty(words: str) -> Kind:
    """A list of texts in which neither a null nor an empty text may be."""
    return refusing(history_kinds.texts("activityIds", not_valid), "", partial(not_valid, f"{words} contains empty string"), in_query=True)


_KINDS = ("creationLog", "failureLog", "successLog", "deletionLog")
FILTERS: Mapping[str, Kind] = {
    "logId": TEXT,
    "externalTaskId": ID,
    "topicName": TEXT,
    "workerId": TEXT,
    "errorMessage": TEXT,
    "activityIdIn": _without_empty("activityIds"),
    "activityInstanceIdIn": _without_empty("activityInstanceIds"),
    "executionIdIn": _without_empty("executionIds"),
    "processInstanceId": ID,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "priorityHigherThanOrEquals": LONG,
    "priorityLowerThanOrEquals": LONG,
    "tenantIdIn": LIST._replace(from_query=ANY_OF.from_query),
    "withoutTenantId": FLAG,
    **dict.fromkeys(_KINDS, FLAG),
}


class HistoricExternalTaskLogDto(JsonAnswer):
    """One entry. Retries are those before the failure or the end."""

    id: str
    timestamp: str
    removal_time: str | None
    external_task_id: str
    topic_name: str | None
    worker_id: str | None
    priority: int
    retries: int | None
    error_message: str | None
    activity_id: str
    activity_instance_id: str
    execution_id: str
    process_instance_id: str
    process_definition_id: str
    process_definition_key: str
    tenant_id: str | None
    root_process_instance_id: str
    creation_log: bool
    failure_log: bool
    success_log: bool
    deletion_log: bool


def _meant(filters: dict[str, Any]) -> dict[str, Any]:
    """Of several kinds of entries the last one counts."""
    for kind, flag in enumerate(_KINDS):
        if filters.pop(flag, False):
            filters["kind"] = kind
    return filters


_write = row_writer(HistoricExternalTaskLogDto, "timestamp", "removalTime")
LOG = HistoryList(HistoricExternalTaskLogDto, EXTERNAL_TASK_LOG, FILTERS, lambda _: _write, _meant)

add_reads(router, LOG)
add_posts(router, LOG)


@router.get("/{id}", response_model=HistoricExternalTaskLogDto)
async def get_entry(request: Request, id: str) -> Response:
    """One entry."""
    entry = await LOG.by_id(request, "logId", id)
    if entry is None:
        raise not_found(f"Historic external task log with id {id} does not exist")
    return JsonResponse(entry)


@router.get("/{id}/error-details", response_class=Response, responses=_DETAILS)
async def get_error_details(request: Request, id: str) -> Response:
    """The details of a failure."""
    rows = await engine_of(request).query_history(ERROR_DETAILS, [position_of(id)])
    if not rows:
        raise not_found(f"No historic external task log found with id {id}: historicExternalTaskLog is null")
    details: str | None = rows[0][0]
    return no_content() if details is None else Response(details.encode(), headers={"content-type": "text/plain"})
