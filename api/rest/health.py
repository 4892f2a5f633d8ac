"""/gesta/health: whether the server lives, and whether it can work."""

from __future__ import annotations

import asyncio
import logging
from typing import Literal

import psycopg
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.engine import DatabaseUnavailable
from api.rest.answers import JsonResponse
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer

log = logging.getLogger("gesta.rest")
health_routes = APIRouter(prefix="/health")
"""Part of /gesta."""
ANSWERS_WITHIN = 3.0
"""Seconds that the database has for an answer: whoever asks for health is told soon, while other requests go on waiting for it."""


class HealthDto(JsonAnswer):
    status: Literal["UP", "DOWN"]
    checks: dict[str, Literal["UP", "DOWN"]]


@health_routes.get("/live", response_model=HealthDto)
async def live() -> Response:
    """The process answers."""
    return JsonResponse({"status": "UP", "checks": {}})


@health_routes.get("/ready", response_model=HealthDto, responses={503: {"model": HealthDto}})
async def ready(request: Request) -> Response:
    """The database answers, so requests can be served."""
    return await _checked(request)


@health_routes.get("", response_model=HealthDto, responses={503: {"model": HealthDto}})
async def health(request: Request) -> Response:
    """Everything together."""
    return await _checked(request)


async def _checked(request: Request) -> Response:
    status = "UP" if await _database_answers(request) else "DOWN"
    return JsonResponse({"status": status, "checks": {"database": status}}, 200 if status == "UP" else 503)


async def _database_answers(request: Request) -> bool:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await engine_of(request).query("SELECT 1")
    except (psycopg.Error, DatabaseUnavailable, TimeoutError) as error:
        log.warning("health: the database does not answer: %r", error)
        return False
    return True
