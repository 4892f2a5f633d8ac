"""/gesta: what Camunda does not have. Every fact of an instance or a task, and an instance as it stood at any of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.errors import invalid_request, not_found
from api.rest.facts import FactDto, workers_of, write_fact
from api.rest.health import health_routes
from api.rest.hot import engine_of
from api.rest.instance_states import InstanceStateDto, write_state
from api.rest.openapi import takes_parameters
from api.rest.query_params import date, long, query_of
from domain.facts import ExternalTaskCreated, ProcessInstanceStarted, Recorded
from domain.ids import aggregate_id

_MOMENT = {"fact": {"type": "integer", "format": "int64"}, "at": {"type": "string", "example": "2015-10-06T16:34:42.000+0200"}}

router = APIRouter(prefix="/gesta", tags=["gesta"])
router.include_router(health_routes)


async def _instance(request: Request, id: str) -> list[Recorded]:
    records = await engine_of(request).facts(id)
    if not records or id != aggregate_id(id) or not isinstance(records[0].fact, ProcessInstanceStarted):
        raise not_found(f"No facts of a process instance with id {id} are recorded")
    return records


@router.get("/process-instance/{id}/facts", response_model=list[FactDto])
async def get_instance_facts(request: Request, id: str) -> Response:
    """Everything that happened in a process instance, its external tasks included, in the order of the log."""
    records = await _instance(request, id)
    return JsonResponse(await asyncio.to_thread(_written, records, workers_of(records)))


@router.get("/external-task/{id}/facts", response_model=list[FactDto])
async def get_task_facts(request: Request, id: str) -> Response:
    """Everything that happened to an external task, in order."""
    of_instance = await engine_of(request).facts(id)
    records = [record for record in of_instance if record.originator_id == id]
    if not records or not isinstance(records[0].fact, ExternalTaskCreated):
        raise not_found(f"No facts of an external task with id {id} are recorded")
    return JsonResponse(_written(records, workers_of(of_instance)))


def _written(records: Sequence[Recorded], workers: Mapping[str, str]) -> list[dict[str, Any]]:
    return [write_fact(record, workers) for record in records]


@router.get("/process-instance/{id}", response_model=InstanceStateDto, openapi_extra=takes_parameters(_MOMENT))
async def get_instance(request: Request, id: str) -> Response:
    """A process instance now, after the fact at the position `fact`, or at the instant `at`."""
    params = query_of(request)
    position = long("fact", params["fact"]) if "fact" in params else None
    instant = date("at", params["at"]) if "at" in params else None
    if position is not None and instant is not None:
        raise invalid_request("Only one of the query parameters 'fact' and 'at' can be set")
    records = until(await _instance(request, id), position, instant)
    if not records:
        raise not_found(f"Process instance {id} had not been started then")
    moment = _moment(records, position, instant, engine_of(request).now())
    return JsonResponse(await asyncio.to_thread(write_state, records, moment))


def until(records: Sequence[Recorded], position: int | None, instant: int | None) -> Sequence[Recorded]:
    """The facts up to a position in the log, up to an instant, or all. The log's order counts: clocks may differ a little."""
    if position is not None:
        return [record for record in records if record.notification_id <= position]
    if instant is not None:
        late = next((n for n, record in enumerate(records) if record.envelope.at > instant), len(records))
        return records[:late]
    return records


def _moment(records: Sequence[Recorded], position: int | None, instant: int | None, now: int) -> int:
    if instant is not None:
        return instant
    return now if position is None else records[-1].envelope.at
