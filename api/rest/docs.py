"""The API's description for programs, and as pages for people: everything that a browser needs for them is served from here."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from pathlib import Path

import msgspec
from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, Response

from api.rest.engine_path import ROOT
from api.rest.errors import http_error

DOCUMENT = f"{ROOT}/openapi.json"
MEDIA_TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
"""The files of Swagger UI, which the package `fastapi-offline` brings."""

router = APIRouter(include_in_schema=False)


@router.get(DOCUMENT)
async def document(request: Request) -> Response:
    """The description (OpenAPI). It takes a while to make; others are served meanwhile."""
    content = await asyncio.to_thread(lambda: msgspec.json.encode(request.app.openapi()))
    return Response(content, media_type="application/json")


@router.get("/docs")
async def page() -> Response:
    """Swagger UI."""
    files = {name: f"/docs/{name}" for name in MEDIA_TYPES}
    return get_swagger_ui_html(
        openapi_url=DOCUMENT,
        title="gesta",
        swagger_js_url=files["swagger-ui-bundle.js"],
        swagger_css_url=files["swagger-ui.css"],
        swagger_favicon_url=files["favicon.png"],
    )


@router.get("/docs/{name}")
async def file(name: str) -> Response:
    """A file of Swagger UI."""
    if name not in MEDIA_TYPES:
        raise http_error(404)
    return FileResponse(assets() / name, media_type=MEDIA_TYPES[name])


def assets() -> Path:
    """Where the package has them."""
    found = find_spec("fastapi_offline")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "static"
