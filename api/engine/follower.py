"""The follower: one process at a time writes history behind the hot path, and whoever reads history waits until it has caught up.

Which process it is, an advisory lock says. It is held by the very connection that reads and writes, so that who loses the lock can
write no more; when the process ends, however it ends, another one gets it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias, cast

import psycopg
from psycopg import AsyncConnection

from api.engine.connection import Reconnecting
from projections.following import TRACKED, AnotherFollows, Definitions, Following
from projections.history.log import NEWEST

FOLLOWING_LOCK = 0x666F6C6C6F77
"""Key of the advisory lock that the follower holds: the word follow."""
# Purpose: become the follower, if nobody is.
TRY_TO_LEAD = "SELECT pg_try_advisory_lock(%s)"
# Purpose: the newest fact, and how far the models are.
HOW_FAR = f"SELECT ({NEWEST}), ({TRACKED})"

LEAD_AGAIN_AFTER = 0.5
LOOK_EVERY = 0.1
PACE = 0.3
"""Facts pile up for so many seconds while nobody waits for them: fewer, larger batches disturb the hot path least."""
WAIT_AT_MOST = 10.0
ASK_EVERY, CHECK_EVERY = 0.5, 0.02
TROUBLED_PAUSE = 5.0

Query: TypeAlias = Callable[[str], Awaitable[list[Any]]]

log = logging.getLogger("gesta.engine")


class HistoryBehind(Exception):
    """History did not catch up in time with what had been committed when it was asked."""


class Follower:
    """Leads, or waits to lead; and lets reads of history wait. `hurry_elsewhere` asks the process that leads."""

    def __init__(
        self, conninfo: str, definitions: Definitions, hurry_elsewhere: Callable[[], None], patience: float = WAIT_AT_MOST
    ) -> None:
        """`patience`: how many seconds a read of history waits."""
        self._connection = Reconnecting(conninfo, "follow")
        self._definitions = definitions
        self._hurry_elsewhere = hurry_elsewhere
        self._patience = patience
        self._following: Following | None = None
        """While this process leads."""
        self._something = asyncio.Event()
        self._committed = False
        self._hurried = False
        self._rests_until = 0.0
        self._advanced = asyncio.Event()

    def committed(self) -> None:
        """This process has appended facts."""
        self._committed = True
        self._something.set()

    def hurry(self) -> None:
        """Somebody waits for the models to be where the log ends now."""
        self._hurried = True
        self._something.set()

    async def close(self) -> None:
        await self._connection.close()

    async def run(self) -> None:
        """Lead whenever nobody else does, until cancelled."""
        while True:
            try:
                connection = await self._connection.get()
                connection.prepare_threshold = 0
                if await _value(connection, TRY_TO_LEAD, [FOLLOWING_LOCK]):
                    await self._lead(connection)
                await asyncio.sleep(LEAD_AGAIN_AFTER)
            except (psycopg.OperationalError, AnotherFollows) as error:
                log.warning("history is not written here for a moment: %r", error)
                await self._stop_leading(LEAD_AGAIN_AFTER)
            except Exception:
                log.exception("history cannot be written")
                await self._stop_leading(TROUBLED_PAUSE)

    async def _stop_leading(self, pause: float) -> None:
        """Give up the lock with its connection, and what is remembered with both."""
        self._following = None
        await self._connection.close()
        await asyncio.sleep(pause)

    async def _lead(self, connection: AsyncConnection[Any]) -> None:
        self._following = following = Following(self._definitions, await _value(connection, TRACKED))
        while True:
            await self._until_due()
            urgent = self._hurried
            self._committed = self._hurried = False
            self._rests_until = asyncio.get_running_loop().time() + PACE
            await self._catch_up(connection, following, urgent)

    async def _until_due(self) -> None:
        """Wait until there is something to look for: at once when a read waits, soon after a commit here, else after a while."""
        loop = asyncio.get_running_loop()
        look_at = max(loop.time() + LOOK_EVERY, self._rests_until)
        while not self._hurried:
            rest = (self._rests_until if self._committed else look_at) - loop.time()
            if rest <= 0:
                return
            self._something.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._something.wait()

    async def _catch_up(self, connection: AsyncConnection[Any], following: Following, urgent: bool) -> None:
        """Write everything that is committed now; where that is much, and nobody waits, rest as long as it takes."""
        loop = asyncio.get_running_loop()
        newest = await _value(connection, NEWEST)
        while following.position < newest:
            began = loop.time()
            await following.write(connection, await following.next(connection, newest))
            self._advanced.set()
            at_once = urgent or self._hurried or following.position == newest
            await asyncio.sleep(0 if at_once else loop.time() - began)

    async def caught_up(self, query: Query) -> None:
        """Wait until the models tell of everything that is committed now. Raises HistoryBehind."""
        loop = asyncio.get_running_loop()
        [(newest, reached)] = await query(HOW_FAR)
        ask_at, deadline = loop.time(), loop.time() + self._patience
        while reached < newest:
            if loop.time() > deadline:
                message = f"History is behind: it tells of the facts up to {reached}, and {newest} are recorded. Please try again later."
                raise HistoryBehind(message)
            if loop.time() >= ask_at:
                self._ask()
                ask_at = loop.time() + ASK_EVERY
            reached = await self._progress(newest, query)

    def _ask(self) -> None:
        """Let whoever leads hurry."""
        if self._following is None:
            self._hurry_elsewhere()
        else:
            self.hurry()

    async def _progress(self, newest: int, query: Query) -> int:
        """Wait a moment, or for the next batch where that is still due, and return how far the models are."""
        if self._following is None:
            await asyncio.sleep(CHECK_EVERY)
            [(reached,)] = await query(TRACKED)
            return int(reached)
        if self._following.position < newest:
            self._advanced.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_EVERY):
                    await self._advanced.wait()
        return self._following.position if self._following else 0


async def _value(connection: AsyncConnection[Any], sql: str, parameters: Sequence[object] = ()) -> Any:
    row = await (await connection.execute(cast(Any, sql), parameters)).fetchone()
    assert row is not None
    return row[0]
