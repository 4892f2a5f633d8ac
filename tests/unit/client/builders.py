"""A server in the client's own process, and tasks with defaults, so that each test shows only what matters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx

from gesta_client import BackOff, Client

BASE = "http://engine.test/engine-rest"
AT_ONCE = BackOff(first=0)
# Seconds: a test that hangs fails.
PATIENCE = 10

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a test's coroutine to its end."""

    async def within_patience() -> T:
        async with asyncio.timeout(PATIENCE):
            return await work

    return asyncio.run(within_patience())


async def let_others_run() -> None:
    """Let every task go on as far as it can without the clock."""
    for _ in range(50):
        await asyncio.sleep(0)


def locked_task(id: str = "task-1", topic: str = "charge-card", **changes: Any) -> dict[str, Any]:
    """A LockedExternalTaskDto."""
    return {
        "activityId": "chargeCard",
        "activityInstanceId": "chargeCard:1",
        "errorMessage": None,
        "errorDetails": None,
        "executionId": "execution-1",
        "id": id,
        "lockExpirationTime": "2015-10-06T16:34:42.000+0200",
        "createTime": "2015-10-06T16:33:42.123+0200",
        "processDefinitionId": "order:1:abc",
        "processDefinitionKey": "order",
        "processDefinitionVersionTag": None,
        "processInstanceId": "instance-1",
        "tenantId": None,
        "retries": None,
        "suspended": False,
        "workerId": "worker-1",
        "priority": 0,
        "topicName": topic,
        "businessKey": None,
        "variables": {},
        "extensionProperties": {},
    } | changes


def error_answer(status: int, message: str, type: str = "RestException", code: int | None = 0) -> httpx.Response:
    """An answer with Camunda's error body."""
    return httpx.Response(status, json={"type": type, "message": message, "code": code})


Answer = httpx.Response | Exception | list[dict[str, Any]]


class FakeServer:
    """Answers fetches, then commands, from two lists; a fetch without an answer left waits as a long poll does
    until `polls_over` is set, a command without one gets 204.
    """

    def __init__(self, fetches: list[Answer] | None = None, commands: list[Answer] | None = None) -> None:
        self.fetches = fetches or []
        self.commands = commands or []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.received = asyncio.Event()
        self.polls_over = asyncio.Event()

    def client(self) -> Client:
        """A client of this server that repeats without waiting."""
        return Client(BASE, transport=httpx.MockTransport(self._answer), back_off=AT_ONCE, attempts=3)

    def bodies(self, ending: str) -> list[dict[str, Any]]:
        """The bodies of the requests whose path ends so."""
        return [body for path, body in self.requests if path.endswith(ending)]

    async def until(self, ending: str, number: int = 1) -> None:
        """Wait until so many requests have come."""
        while len(self.bodies(ending)) < number:
            self.received.clear()
            await self.received.wait()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        self.requests.append((request.url.path.removeprefix("/engine-rest"), body))
        self.received.set()
        if not request.url.path.endswith("/fetchAndLock"):
            return said(self.commands.pop(0)) if self.commands else httpx.Response(204)
        if not self.fetches:
            await self.polls_over.wait()
        return said(self.fetches.pop(0) if self.fetches else [])


def said(answer: Answer) -> httpx.Response:
    """The answer, or the error that takes its place."""
    if isinstance(answer, Exception):
        raise answer
    return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
