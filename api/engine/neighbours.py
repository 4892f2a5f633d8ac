"""What several gesta processes on one database tell each other: that polls or readers of history wait, and that tasks became available.

Nothing is told while nobody listens elsewhere, and at most one message is sent per interval: a notification in every commit would cost
most of the throughput.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping

import msgspec
import psycopg

from api.engine.connection import Reconnecting

CHANNEL = "gesta"
INTERVAL = 0.005
ANNOUNCE_EVERY, BELIEVE_FOR = 5.0, 12.0
MOST_TOPICS = 50
"""More topics than that in one interval, and everybody looks."""

log = logging.getLogger("gesta.engine")


class _Message(msgspec.Struct, array_like=True):
    sender: str
    polls: int = 0
    tasks: dict[str, int] | None = None
    everything: bool = False
    hurry: bool = False


class Neighbours:
    """Sends and receives messages on two connections of its own."""

    def __init__(
        self,
        conninfo: str,
        own_id: str,
        waiting: Callable[[], int],
        wake: Callable[[Mapping[str, int]], None],
        wake_all: Callable[[], None],
        hurry: Callable[[], None],
    ) -> None:
        self._own_id = own_id
        self._listen = Reconnecting(conninfo, "listen")
        self._notify = Reconnecting(conninfo, "notify")
        self._waiting = waiting
        self._wake = wake
        self._wake_all = wake_all
        self._hurry = hurry
        self._polled_elsewhere_until = 0.0
        self._announced_at = float("-inf")
        self._available: Counter[str] = Counter()
        self._everything = False
        self._announce = False
        self._history_wanted = False
        self._something = asyncio.Event()

    def tasks_available(self, tasks: Mapping[str, int]) -> None:
        """Tell the others, if polls wait there."""
        if asyncio.get_running_loop().time() < self._polled_elsewhere_until:
            self._available.update(tasks)
            self._something.set()

    def everything_changed(self) -> None:
        """Tell the others that any task may be available now."""
        if asyncio.get_running_loop().time() < self._polled_elsewhere_until:
            self._everything = True
            self._something.set()

    def polls_wait(self) -> bool:
        """Tell the others that polls wait here, unless they know; True if they did not."""
        now = asyncio.get_running_loop().time()
        if now < self._announced_at + ANNOUNCE_EVERY:
            return False
        self._announced_at = now
        self._announce = True
        self._something.set()
        return True

    def history_wanted(self) -> None:
        """Ask the one that writes history to hurry."""
        self._history_wanted = True
        self._something.set()

    async def open(self) -> None:
        """Connect, so that a server that is ready also hears the others."""
        await (await self._listen.get()).execute(f"LISTEN {CHANNEL}")
        await self._notify.get()

    async def close(self) -> None:
        await self._listen.close()
        await self._notify.close()

    async def hear(self) -> None:
        """Receive until cancelled."""
        while True:
            try:
                connection = await self._listen.get()
                await connection.execute(f"LISTEN {CHANNEL}")
                self._wake_all()
                async for notification in connection.notifies():
                    self._received(msgspec.json.decode(notification.payload, type=_Message))
            except psycopg.OperationalError as error:
                log.warning("the other servers are not heard: %s", " ".join(str(error).split()))
                await self._listen.heal()

    def _received(self, message: _Message) -> None:
        if message.sender == self._own_id:
            return
        if message.polls:
            self._polled_elsewhere_until = asyncio.get_running_loop().time() + BELIEVE_FOR
        if message.tasks:
            self._wake(message.tasks)
        if message.everything:
            self._wake_all()
        if message.hurry:
            self._hurry()

    async def tell(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                async with asyncio.timeout(ANNOUNCE_EVERY):
                    await self._something.wait()
            except TimeoutError:
                self._announce = self._waiting() > 0
                if not self._announce:
                    continue
                self._announced_at = asyncio.get_running_loop().time()
            self._something.clear()
            try:
                await self._send()
            except psycopg.OperationalError as error:
                log.warning("the other servers are not told: %s", " ".join(str(error).split()))
                await self._notify.heal()
                self._everything = self._announce = True
                self._something.set()
            await asyncio.sleep(INTERVAL)

    async def _send(self) -> None:
        everything = self._everything or len(self._available) > MOST_TOPICS
        polls, tasks = self._waiting() if self._announce else 0, None if everything else dict(self._available)
        message = _Message(self._own_id, polls, tasks, everything, self._history_wanted)
        connection = await self._notify.get()
        self._available, self._everything, self._announce, self._history_wanted = Counter(), False, False, False
        await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, msgspec.json.encode(message).decode()])
