"""Workers that wait for tasks at an engine."""

from __future__ import annotations

import asyncio

from api.engine import Engine
from projections.external_task.row import LockedTask
from tests.integration.engines import fetched

LONG = 25_000
"""ms: whoever is answered in time was woken."""
IN_TIME = 15


async def waiting(engine: Engine, topic: str = "work", **how: object) -> asyncio.Task[list[LockedTask]]:
    """A worker that waits, not the first one of its engine: it looks again only when it is woken."""
    await fetched(engine, "warm", wait=1)
    before = len(engine._polls)
    poll = asyncio.create_task(fetched(engine, topic, worker="waiting", **{"wait": LONG, **how}))
    while len(engine._polls) == before:
        await asyncio.sleep(0)
    return poll


async def answer(poll: asyncio.Task[list[LockedTask]]) -> list[LockedTask]:
    async with asyncio.timeout(IN_TIME):
        return await poll
