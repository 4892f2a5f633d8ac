"""`/engine-rest/engine/default/…` is `/engine-rest/…` once more (REST contract §1); no other engine exists."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from api.rest.errors import error_response, invalid_request

ROOT = "/engine-rest"
NAMED = f"{ROOT}/engine/"
DEFAULT = "default"


class EnginePath:
    """Takes the engine's name out of paths."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(NAMED):
            engine, slash, rest = scope["path"].removeprefix(NAMED).partition("/")
            if engine != DEFAULT and slash and rest != "version":
                await error_response(invalid_request("No process engine available"))(scope, receive, send)
                return
            if slash:
                scope = {**scope, "path": f"{ROOT}/{rest}", "rest_base": f"{NAMED}{engine}"}
        await self._app(scope, receive, send)
