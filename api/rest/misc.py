"""/version and /engine (REST contract §10.1)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.json_body import JsonAnswer

CAMUNDA_VERSION = "7.24.0"
"""The version whose API gesta speaks; clients decide by it what they may ask."""

router = APIRouter(tags=["Misc"])


class VersionDto(JsonAnswer):
    version: str


class ProcessEngineDto(JsonAnswer):
    name: str


@router.get("/version", response_model=VersionDto)
async def version() -> Response:
    """The version of the API."""
    return JsonResponse({"version": CAMUNDA_VERSION})


@router.get("/engine", response_model=list[ProcessEngineDto])
async def engines() -> Response:
    """The process engines: one."""
    return JsonResponse([{"name": "default"}])
