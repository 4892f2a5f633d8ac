"""What a benchmark measures: how long many equal pieces of work took, together and each."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from statistics import median
from typing import TypeVar

import msgspec

from tests.benchmarks.gathering import all_of

T = TypeVar("T")
C = TypeVar("C")


class Timings(msgspec.Struct):
    """Everything in seconds."""

    seconds: float = 0.0
    """From the first beginning to the last end."""
    samples: list[float] = []
    """Each piece's own time."""

    @property
    def rate(self) -> float:
        """Pieces per second."""
        return len(self.samples) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """The time in ms that this share of the pieces did not exceed."""
        return 1000 * sorted(self.samples)[int(share * (len(self.samples) - 1))] if self.samples else 0.0


def joined(timings: Sequence[Timings]) -> Timings:
    """Several runs as one."""
    return Timings(sum(t.seconds for t in timings), [sample for t in timings for sample in t.samples])


def computed(work: Callable[[], T], times: int = 1) -> tuple[float, T]:
    """Do work that only computes; the median of its processor times in seconds, and its last result.

    On an idle machine that is the time it takes; on a busy one it still is.
    """
    seconds = []
    for _ in range(times):
        began = time.process_time()
        result = work()
        seconds.append(time.process_time() - began)
    return median(seconds), result


async def concurrently(items: Iterable[T], clients: Sequence[C], work: Callable[[C, T], Awaitable[object]]) -> Timings:
    """Let every client take the next item as soon as it is done with the last one."""
    timings, rest = Timings(), iter(items)

    async def serve(client: C) -> None:
        for item in rest:
            began = time.perf_counter()
            await work(client, item)
            timings.samples.append(time.perf_counter() - began)

    began = time.perf_counter()
    await all_of(serve(client) for client in clients)
    timings.seconds = time.perf_counter() - began
    return timings
