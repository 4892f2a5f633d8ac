"""Who asks for tasks of which topic: remembered here, and written down once a second for all processes to see."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import psycopg

from api.engine.writer import DatabaseUnavailable
from domain.fetching import FetchExternalTasks
from projections.topic.query import FORGET, SEEN

WRITE_EVERY = 1.0
FORGET_EVERY, FORGOTTEN_AFTER = 3600.0, 7 * 24 * 3_600_000
"""Seconds, and ms: workers that have not asked for a week, mostly because the next one has another name."""
LONGEST = 500
"""Characters of topic and worker together: longer ones are no names, and do not fit into an index."""
MOST = 20_000
"""Pairs of topic and worker between two writes; further ones are not noted."""

Query: TypeAlias = Callable[[str, Sequence[Any]], Awaitable[list[Any]]]

log = logging.getLogger("gesta.engine")


class PollLog:
    """Notes polls, and writes them."""

    def __init__(self, query: Query, now: Callable[[], int]) -> None:
        self._query = query
        self._now = now
        self._seen: dict[tuple[str, str], int] = {}

    def note(self, request: FetchExternalTasks) -> None:
        """A worker asked."""
        at = self._now()
        for subscription in request.subscriptions:
            pair = subscription.topic, request.worker_id
            if len(pair[0]) + len(pair[1]) <= LONGEST and (pair in self._seen or len(self._seen) < MOST):
                self._seen[pair] = at

    async def run(self) -> None:
        """Write until cancelled."""
        loop, forget_at = asyncio.get_running_loop(), 0.0
        while True:
            await asyncio.sleep(WRITE_EVERY)
            try:
                await self.write()
                if loop.time() >= forget_at:
                    await self._query(FORGET, [self._now() - FORGOTTEN_AFTER])
                    forget_at = loop.time() + FORGET_EVERY
            except (psycopg.Error, DatabaseUnavailable) as error:
                log.warning("polls of workers are not written down: %s", " ".join(str(error).split()))

    async def write(self) -> None:
        """Write down what was noted since the last time; what cannot be written is kept."""
        if not self._seen:
            return
        seen, self._seen = self._seen, {}
        rows = sorted((topic, worker, at) for (topic, worker), at in seen.items())
        try:
            await self._query(SEEN, [list(column) for column in zip(*rows, strict=True)])
        except BaseException:
            self._seen = seen | self._seen
            raise
