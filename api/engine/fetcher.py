"""fetchAndLock: one statement an attempt, and the wait for a first task where a request asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

import psycopg
from psycopg import AsyncConnection

from api.engine.connection import Reconnecting
from api.engine.memory import Memory
from api.engine.polls import LOOK_AGAIN_AFTER, Poll, Polls
from api.engine.writer import DatabaseUnavailable
from domain.facts import Envelope
from domain.fetching import FetchExternalTasks
from projections.external_task.fetch import fetch_statement, locked_task, subscriptions_of
from projections.external_task.row import LockedTask

CONNECTIONS = 2

# Purpose: when the next lock on one of the topics runs out.
NEXT_EXPIRY = """
SELECT min(lock_until) FROM external_task WHERE topic = ANY(%s::text[]) AND lock_until > %s AND lock_until IS NOT NULL
"""


class ShuttingDown(Exception):
    """The server stops; waiting polls are sent away."""


class Fetcher:
    """Gives external tasks to workers."""

    def __init__(
        self, conninfo: str, memory: Memory, polls: Polls, now: Callable[[], int], new_id: Callable[[], str], parked: Callable[[], bool]
    ) -> None:
        self._free: asyncio.LifoQueue[Reconnecting] = asyncio.LifoQueue()
        for number in range(CONNECTIONS):
            self._free.put_nowait(Reconnecting(conninfo, f"fetch {number + 1}"))
        self._memory = memory
        self._polls = polls
        self._now = now
        self._new_id = new_id
        self._parked = parked
        self._stopping = False

    def stop(self) -> None:
        """Send all waiting polls away."""
        self._stopping = True
        self._polls.wake_all()

    async def open(self) -> None:
        """Connect."""
        for connection in list(self._free._queue):  # type: ignore[attr-defined]
            await connection.get()

    async def close(self) -> None:
        while not self._free.empty():
            await self._free.get_nowait().close()

    async def fetch(self, request: FetchExternalTasks, actor: str | None, hung_up: Callable[[], Awaitable[object]]) -> list[LockedTask]:
        """Lock tasks for a worker; with `request.wait`, wait for the first one. Nothing is locked for a client that hung up.

        Raises QueueFull, ShuttingDown, DatabaseUnavailable.
        """
        arrived = asyncio.get_running_loop().time()
        found = await self._attempt(request, actor)
        if found or request.wait is None or request.wait <= 0:
            return found
        return await self._wait(request, actor, Poll(request, arrived + request.wait / 1000), hung_up)

    async def _wait(
        self, request: FetchExternalTasks, actor: str | None, poll: Poll, hung_up: Callable[[], Awaitable[object]]
    ) -> list[LockedTask]:
        loop = asyncio.get_running_loop()
        self._polls.park(poll)
        gone = asyncio.ensure_future(hung_up())
        gone.add_done_callback(lambda _: poll.event.set())
        first_of_process = self._parked()
        filtered = any(s.business_key or s.definition_id or s.definition_key for s in request.subscriptions)
        try:
            poll.look_at = min(poll.deadline, loop.time() + 0.05) if first_of_process else await self._next_look(poll)
            while True:
                woken = await self._sleep(poll)
                if self._stopping:
                    raise ShuttingDown
                if gone.done():
                    return []
                last = loop.time() >= poll.deadline
                found = await self._attempt(request, actor)
                if found or last:
                    return found
                if woken and filtered:
                    self._polls.pass_on(poll)
                poll.look_at = await self._next_look(poll)
        finally:
            gone.cancel()
            self._polls.leave(poll)

    async def _sleep(self, poll: Poll) -> bool:
        """Sleep until the poll should look again; True if somebody woke it."""
        loop = asyncio.get_running_loop()
        while (rest := poll.look_at - loop.time()) > 0:
            poll.event.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(poll.event.wait(), rest)
            if self._stopping:
                return True
        return poll.look_at == 0.0

    async def _next_look(self, poll: Poll) -> float:
        """When the poll looks again although nobody wakes it: at the next expiry of a lock, else after a while."""
        loop, now = asyncio.get_running_loop(), self._now()
        poll.look_at = min(poll.deadline, loop.time() + LOOK_AGAIN_AFTER)
        if not poll.topics:
            return poll.look_at
        connection = await self._free.get()
        try:
            cursor = await (await connection.get()).execute(NEXT_EXPIRY, [list(poll.topics), now])
            row = await cursor.fetchone()
        finally:
            self._free.put_nowait(connection)
        if row is not None and row[0] is not None:
            return min(poll.look_at, loop.time() + (int(row[0]) - now) / 1000 + 0.001)
        return poll.look_at

    async def _attempt(self, request: FetchExternalTasks, actor: str | None) -> list[LockedTask]:
        if not request.subscriptions or request.max_tasks == 0:
            return []
        connection = await self._free.get()
        try:
            rows = await self._claim(connection, request, actor)
        finally:
            self._free.put_nowait(connection)
        subscriptions = subscriptions_of(request)
        found = [locked_task(row, subscriptions) for row in rows]
        self._memory.locked(found)
        for topic, until in {task.task.topic: task.task.lock_until for task in found}.items():
            if until is not None and self._polls.is_awaited(topic):
                self._polls.expires(topic, (until - self._now()) / 1000 + 0.001)
        return found

    async def _claim(self, connection: Reconnecting, request: FetchExternalTasks, actor: str | None) -> list[Any]:
        """Run the statement; once more on a new connection when the old one broke."""
        try:
            return await self._run(await connection.get(), request, actor)
        except psycopg.OperationalError as error:
            if not await connection.heal():
                raise DatabaseUnavailable(f"The database does not answer: {' '.join(str(error).split())}") from error
            return await self._run(await connection.get(), request, actor)

    async def _run(self, connection: AsyncConnection[Any], request: FetchExternalTasks, actor: str | None) -> list[Any]:
        sql, parameters = fetch_statement(request, Envelope(self._now(), self._new_id(), actor))
        cursor = await connection.execute(cast(Any, sql), parameters)
        return await cursor.fetchall()
