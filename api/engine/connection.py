"""A database connection that is made again when it breaks."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import psycopg

from api.engine.store import connect
from api.engine.together import EngineConnection

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
GIVE_UP_AFTER = 15.0
"""Seconds without a database after which whoever waits is told."""
TRIES = 5
"""How often a read or a fetch is begun on connections that break under it."""

log = logging.getLogger("gesta.engine")


class Reconnecting:
    """One connection at a time, under one name."""

    def __init__(self, conninfo: str, name: str) -> None:
        self._conninfo = conninfo
        self._name = name
        self._connection: EngineConnection | None = None

    async def get(self) -> EngineConnection:
        """Return the connection, made anew if it is closed. Raises psycopg.OperationalError."""
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._conninfo, self._name)
        return self._connection

    @property
    def is_broken(self) -> bool:
        """Tell whether the connection has to be made; if not, an error came from a server that still listens."""
        return self._connection is None or self._connection.closed

    async def heal(self) -> bool:
        """Make the connection again, trying for a while; False when the database stays away."""
        await self.close()
        loop = asyncio.get_running_loop()
        pause, give_up = FIRST_PAUSE, loop.time() + GIVE_UP_AFTER
        while True:
            try:
                await self.get()
            except psycopg.OperationalError as error:
                log.warning("%s: the database does not answer: %s", self._name, " ".join(str(error).split()))
            else:
                return True
            if loop.time() > give_up:
                return False
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def close(self) -> None:
        """Close the connection; one that is broken already is only dropped."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                await self._connection.close()
            self._connection = None
