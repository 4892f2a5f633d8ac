"""The application: the engine's life, the REST API around it, and what both share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.engine import Engine
from api.rest import ROOT_ROUTERS, ROUTERS, engine_errors, errors, hot_description
from api.rest.description import DescribedApp
from api.rest.engine_path import ROOT, EnginePath
from api.rest.error_dto import REFUSED
from api.rest.hot_paths import HotPaths, may_be_hot
from api.rest.middleware import RestMiddleware
from api.rest.verbs import guards
from api.settings import Settings


class Application(DescribedApp):
    """FastAPI's application, and a way past all of its layers for hot paths."""

    short_way: ASGIApp
    """The same layers of gesta's own around the hot paths."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if may_be_hot(scope):
            scope["app"] = self
            await self.short_way(scope, receive, send)
        else:
            await self.long_way(scope, receive, send)

    async def long_way(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)


def create_app(settings: Settings, conninfo: str) -> FastAPI:
    """Build the application on a migrated database."""
    engine = Engine(
        conninfo,
        pool_size=settings.database_pool_size,
        poll_capacity=settings.fetch_queue_capacity,
        enforce_history_time_to_live=settings.enforce_history_time_to_live,
        job_executor=settings.job_executor,
        history=settings.history,
    )

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        await engine.open()
        await make_routes_ready(app)
        try:
            yield
        finally:
            await engine.close()

    app = Application(
        title="gesta",
        version="7.24.0",
        lifespan=alive,
        openapi_url=None,
        redirect_slashes=False,
        responses=REFUSED,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.engine, app.state.settings, app.state.let_go = engine, settings, engine.let_go
    add_routes(app)
    app.add_middleware(HotPaths)
    app.add_middleware(EnginePath)
    errors.install(app)
    engine_errors.install(app)
    app.add_middleware(RestMiddleware, max_body_bytes=settings.max_body_bytes)
    app.short_way = RestMiddleware(EnginePath(HotPaths(app.long_way)), settings.max_body_bytes)
    return app


def add_routes(app: FastAPI) -> None:
    """Mount what is behind the hot paths: fixed paths' guards, then what describes the hot paths, then one router per resource."""
    routers = [hot_description.router, *map(_router, ROUTERS)]
    app.router.routes.extend(guards(ROOT, [route for router in routers for route in router.routes]))
    for router in routers:
        app.include_router(router, prefix=ROOT)
    for name in ROOT_ROUTERS:
        app.include_router(_router(name))


async def make_routes_ready(app: FastAPI) -> None:
    """Ask for what nobody serves: FastAPI makes its routes at the first request that passes them all, and no client shall wait for that."""

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        """Nobody reads the answer."""

    nowhere = {"method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "scheme": "http"}
    await app({"type": "http", "http_version": "1.1", **nowhere}, receive, send)


def _router(name: str) -> APIRouter:
    router: APIRouter = import_module(f"api.rest.{name}").router
    return router
