"""Replay of the whole event store by several processes, each with a range of the instances: deciding is Python, and takes a core."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from typing import TypeAlias

import psycopg

from api.replaying import EVERYTHING, Range, Replayer, reading
from domain.ids import aggregate_id
from domain.replay import Difference

Counted: TypeAlias = tuple[int, int, list[Difference]]
"""How many instances and facts, and where they differ."""

LARGE = 50_000
"""Facts: below, a second process takes longer to start than it saves."""
SAMPLE = 20_000
"""Facts that tell well enough where to divide the event store."""
# Purpose: where to divide the event store, from some of its pages.
BOUNDARIES = """
SELECT percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY originator_id)::text[] FROM stored_events TABLESAMPLE SYSTEM (%s)
"""


class Replaying:
    """A replay of everything."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._done = get_context("spawn").Value("q", 0)

    @property
    def facts(self) -> int:
        """How many facts were replayed so far."""
        return int(self._done.value)

    async def run(self, facts: int) -> Counted:
        """Replay a store of so many facts. Raises ReplayRefused."""
        ranges = divided(self._conninfo, os.cpu_count() or 1, facts) if facts >= LARGE else [EVERYTHING]
        if len(ranges) == 1:
            return await replayed_range(self._conninfo, EVERYTHING, self._done)
        context, loop = get_context("spawn"), asyncio.get_running_loop()
        with ProcessPoolExecutor(len(ranges), context, initializer=_begin, initargs=(self._done,)) as processes:
            found = await asyncio.gather(*(loop.run_in_executor(processes, _replay, self._conninfo, range) for range in ranges))
        return sum(i for i, _, _ in found), sum(f for _, f, _ in found), [difference for *_, some in found for difference in some]


def divided(conninfo: str, parts: int, facts: int) -> Sequence[Range]:
    """Ranges that hold about as many facts each, and no instance in two of them."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(BOUNDARIES, [[part / parts for part in range(1, parts)], min(100, 100 * SAMPLE / facts)]).fetchone()
    between = sorted({aggregate_id(id) for id in (row[0] if row and row[0] else ())})
    return list(pairwise([EVERYTHING[0], *between, EVERYTHING[1]]))


async def replayed_range(conninfo: str, range: Range, done: Synchronized[int]) -> Counted:
    """Replay the instances of a range; `done` counts their facts."""
    instances, facts, differences = 0, 0, list[Difference]()
    async with await reading(conninfo) as streaming, await reading(conninfo) as reads:
        async for found in Replayer(streaming, reads).instances(range):
            instances, facts = instances + 1, facts + found.facts
            differences += found.differences
            with done.get_lock():
                done.value += found.facts
    return instances, facts, differences


_done: Synchronized[int]
"""In each of the processes: what they count together."""


def _begin(done: Synchronized[int]) -> None:
    """Set a process up. Ctrl-C ends it without a word: the command itself has the last one."""
    global _done
    _done = done
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _replay(conninfo: str, range: Range) -> Counted:
    return asyncio.run(replayed_range(conninfo, range, _done))
