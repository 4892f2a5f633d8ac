"""The short way to the hot endpoints: one layer of ASGI in front of FastAPI's, which cost a request more than its own work."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from api.rest.engine_path import ROOT
from api.rest.hot import HOT, Endpoint

METHOD = "POST"

Handler: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]


class HotPath(NamedTuple):
    pattern: re.Pattern[str]
    endpoint: Endpoint


def _by_last_word() -> dict[str, list[HotPath]]:
    found: dict[str, list[HotPath]] = {}
    for path, endpoint in HOT.items():
        pattern, _, _ = compile_path(ROOT + path)
        found.setdefault(path.rpartition("/")[2], []).append(HotPath(pattern, endpoint))
    return found


_BY_LAST_WORD = _by_last_word()


def hot_endpoint(path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """Find the endpoint of a path, and what stands in the path's placeholders."""
    for pattern, endpoint in _BY_LAST_WORD.get(path.rpartition("/")[2], ()):
        if found := pattern.match(path):
            return endpoint, found.groupdict()
    return None


def may_be_hot(scope: Scope) -> bool:
    """Tell, at a glance, whether it is worth looking."""
    return scope["type"] == "http" and scope["method"] == METHOD and scope["path"].rpartition("/")[2] in _BY_LAST_WORD


class HotPaths:
    """Answers requests of hot paths, errors included, and passes all others on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if may_be_hot(scope) and (found := hot_endpoint(scope["path"])):
            endpoint, scope["path_params"] = found
            response = await _answer(endpoint, Request(scope, receive, send))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _answer(endpoint: Endpoint, request: Request) -> Response:
    """Call an endpoint; its errors are answered by the same handlers as everybody's."""
    try:
        return await endpoint(request)
    except Exception as error:
        handlers: Mapping[type[Exception], Handler] = request.app.exception_handlers
        handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
        if handler is None:
            raise
        return await handler(request, error)
