"""/gesta/topic: what is open on the topics of external tasks, who asks for it, and how often locks ran out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.dates import format_optional_date
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer
from api.rest.openapi import takes_parameters
from api.rest.query_params import query_of
from projections.topic.query import expiries_statement, open_statement, workers_statement

_NAMES = {"topicNameIn": {"type": "array", "items": {"type": "string"}, "example": ["aTopic"]}}

router = APIRouter(prefix="/gesta/topic", tags=["gesta"])


class TopicWorkerDto(JsonAnswer):
    worker_id: str
    last_poll: str


class TopicDto(JsonAnswer):
    """Of the open tasks, `locked` are those whose lock holds, a pause after a failure included; `expired` those whose lock ran out and
    that nobody has taken since. `oldest` is when the oldest open task was created. `workers` are those that asked last, at most 100;
    `workersSeen` counts all that asked in the last week. `waitingPolls` are the long polls that wait in the process that answers.
    `lockExpiries` counts locks that ran out before their worker was done, noticed when the next one got the task.
    """

    topic_name: str
    open: int
    locked: int
    expired: int
    suspended: int
    without_retries: int
    oldest: str | None
    last_poll: str | None
    waiting_polls: int
    workers_seen: int
    workers: list[TopicWorkerDto]
    lock_expiries: int
    last_lock_expiry: str | None


@router.get("", response_model=list[TopicDto], openapi_extra=takes_parameters(_NAMES))
async def get_topics(request: Request) -> Response:
    """Every topic that has open tasks, was asked for in the last week, or on which locks ran out; or those that are named."""
    engine, names = engine_of(request), query_of(request).get("topicNameIn")
    topics = names.split(",") if names else None
    waiting = await engine.waiting_polls()
    found = {row[0]: row for row in await engine.query(*open_statement(topics, engine.now()))}
    workers = {row[0]: row for row in await engine.query(*workers_statement(topics))}
    expiries = {row[0]: row for row in await engine.query_history(*expiries_statement(topics))}
    known = sorted(found.keys() | workers.keys() | expiries.keys())
    return JsonResponse([{**_open(found.get(t), t), **_seen(workers.get(t), waiting, t), **_expired(expiries.get(t))} for t in known])


def _open(row: Sequence[Any] | None, topic: str) -> dict[str, Any]:
    _, tasks, locked, expired, suspended, without_retries, oldest = row or (topic, 0, 0, 0, 0, 0, None)
    return {
        "topicName": topic,
        "open": tasks,
        "locked": locked,
        "expired": expired,
        "suspended": suspended,
        "withoutRetries": without_retries,
        "oldest": format_optional_date(oldest),
    }


def _seen(row: Sequence[Any] | None, waiting: Mapping[str, int], topic: str) -> dict[str, Any]:
    _, seen, workers, polls = row or (topic, 0, [], [])
    return {
        "lastPoll": format_optional_date(polls[0] if polls else None),
        "waitingPolls": waiting.get(topic, 0),
        "workersSeen": seen,
        "workers": [{"workerId": worker, "lastPoll": format_optional_date(at)} for worker, at in zip(workers, polls, strict=True)],
    }


def _expired(row: Sequence[Any] | None) -> dict[str, Any]:
    _, count, last = row or (None, 0, None)
    return {"lockExpiries": count, "lastLockExpiry": format_optional_date(last)}
