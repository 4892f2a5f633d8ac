"""Workers of `gesta_client` against a real server, and what they report, with defaults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar, Unpack

import httpx

from gesta_client import Client, ExternalTaskHandler, TopicOptions, Worker, WorkerOptions
from gesta_client.connections import Connections
from gesta_client.encoding import encoded_variables
from tests.acceptance.shared_server import deploy, post
from tests.integration.models import model, scope, task

PATIENCE = 120
"""Seconds: a test that hangs fails."""
SHORT_POLL = 300
"""ms: so long may the end of a worker take."""

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a test's coroutine to its end."""

    async def within_patience() -> T:
        async with asyncio.timeout(PATIENCE):
            return await work

    return asyncio.run(within_patience())


def started(base: str, key: str, **variables: Any) -> str:
    """Start an instance; its id."""
    instance: str = post(base, f"/process-definition/key/{key}/start", {"variables": encoded_variables(variables)})["id"]
    return instance


def one_task(base: str, key: str) -> None:
    """Deploy a process of one task on the topic `{key}`, and another behind it on `{key}-after`."""
    work, after = task("work", topic=key), task("after", topic=f"{key}-after")
    deploy(base, f"{key}.bpmn", model(key, scope("start > work > after > end", work, after)).content)


class Line(httpx.AsyncBaseTransport):
    """The way to the server; it counts the fetches that are sent, and tells of them."""

    def __init__(self) -> None:
        self._connections = Connections()
        self._sent = asyncio.Condition()
        self.fetches = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/fetchAndLock"):
            async with self._sent:
                self.fetches += 1
                self._sent.notify_all()
        return await self._connections.handle_async_request(request)

    async def aclose(self) -> None:
        await self._connections.aclose()

    async def until(self, fetches: int) -> None:
        """Wait until so many fetches have been sent."""
        async with self._sent:
            await self._sent.wait_for(lambda: self.fetches >= fetches)


class Running:
    """A worker at work; `ended` is done when it has ended."""

    def __init__(self, worker: Worker, line: Line, ended: asyncio.Task[None]) -> None:
        self.worker, self.line, self.ended = worker, line, ended


@asynccontextmanager
async def working(
    base: str, topic: str, handler: ExternalTaskHandler, options: WorkerOptions | None = None, **more: Unpack[TopicOptions]
) -> AsyncIterator[Running]:
    """A worker on one topic; at the end it is stopped in order, unless it has ended already."""
    line = Line()
    async with Client(base, transport=line) as client:
        worker = Worker(client, options or WorkerOptions(worker_id="worker", long_poll=SHORT_POLL))
        worker.subscribe(topic, handler, **more)
        ended = asyncio.create_task(worker.run())
        try:
            yield Running(worker, line, ended)
        finally:
            worker.stop()
            await asyncio.wait([ended])
        if not ended.cancelled():
            await ended
