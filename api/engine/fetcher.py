"""fetchAndLock: one statement an attempt, and the wait for a first task where a request asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg

from api.engine.connection import TRIES, Reconnecting
from api.engine.memory import Memory
from api.engine.polls import Poll, Polls
from api.engine.writer import DatabaseUnavailable
from domain.facts import Envelope
from domain.fetching import FetchExternalTasks
from projections.external_task.fetch import fetch_statement, locked_task, subscriptions_of
from projections.external_task.row import LockedTask

CONNECTIONS = 2
LOOK_ONCE_MORE_AFTER = 0.05
"""Seconds that it takes until the other servers surely know that polls wait here."""

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
        arrived, news = asyncio.get_running_loop().time(), self._polls.news
        found = await self._attempt(request, actor)
        if found or request.wait is None or request.wait <= 0:
            return found
        poll = Poll(request, arrived + request.wait / 1000)
        self._polls.park(poll, news)
        return await self._wait(request, actor, poll, hung_up)

    async def _wait(
        self, request: FetchExternalTasks, actor: str | None, poll: Poll, hung_up: Callable[[], Awaitable[object]]
    ) -> list[LockedTask]:
        gone = asyncio.ensure_future(hung_up())
        gone.add_done_callback(lambda _: poll.event.set())
        try:
            if self._parked():
                poll.look_before(LOOK_ONCE_MORE_AFTER)
            await self._note_next_expiry(poll)
            while True:
                await self._sleep(poll, gone)
                if self._stopping:
                    raise ShuttingDown
                if gone.done():
                    return []
                woken, last = poll.begin_to_look()
                found = await self._attempt(request, actor)
                if found or last:
                    return found
                if woken and poll.is_narrow:
                    self._polls.pass_on(poll)
                await self._note_next_expiry(poll)
        finally:
            gone.cancel()
            self._polls.leave(poll)

    async def _sleep(self, poll: Poll, gone: asyncio.Future[object]) -> None:
        """Sleep until the poll should look again, or nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        while (rest := poll.look_at - loop.time()) > 0 and not gone.done() and not self._stopping:
            poll.event.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await poll.event.wait()

    async def _note_next_expiry(self, poll: Poll) -> None:
        """Let the poll look when the next lock runs out, although nobody may wake it."""
        if not poll.topics:
            return
        now = self._now()
        [(expiry,)] = await self._ask(lambda: (NEXT_EXPIRY, [list(poll.topics), now]))
        if expiry is not None:
            poll.look_before((expiry - now) / 1000 + 0.001)

    async def _attempt(self, request: FetchExternalTasks, actor: str | None) -> list[LockedTask]:
        if not request.subscriptions or request.max_tasks == 0:
            return []
        rows = await self._ask(lambda: fetch_statement(request, Envelope(self._now(), self._new_id(), actor)))
        subscriptions = subscriptions_of(request)
        found = [locked_task(row, subscriptions) for row in rows]
        self._memory.locked(found)
        for topic, until in {task.task.topic: task.task.lock_until for task in found}.items():
            if until is not None and self._polls.is_awaited(topic):
                self._polls.expires(topic, (until - self._now()) / 1000 + 0.001)
        return found

    async def _ask(self, statement: Callable[[], tuple[str, Any]]) -> list[Any]:
        """Run a statement on whichever connection is free; a new one is made where one breaks, and a new statement for it."""
        connection = await self._free.get()
        try:
            for _ in range(TRIES):
                try:
                    sql, parameters = statement()
                    return await (await connection.get()).rows(sql, parameters)
                except psycopg.OperationalError as error:
                    await self._survive(connection, error)
            raise DatabaseUnavailable("The database's connections break again and again")
        finally:
            self._free.put_nowait(connection)

    @staticmethod
    async def _survive(connection: Reconnecting, error: psycopg.OperationalError) -> None:
        if not connection.is_broken:
            raise error
        if not await connection.heal():
            raise DatabaseUnavailable(f"The database does not answer: {' '.join(str(error).split())}") from error
