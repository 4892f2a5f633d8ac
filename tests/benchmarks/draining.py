"""Workers that fetch tasks and complete them, as many as a job asks for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from tests.benchmarks.connection import Connection, connections
from tests.benchmarks.gathering import all_of
from tests.benchmarks.jobs import DrainTasks, Outcome
from tests.benchmarks.models import DONE
from tests.benchmarks.rest import FETCH, LOCK_DURATION, complete_path, locked, succeeded
from tests.benchmarks.timing import Timings, concurrently

LOOK_AGAIN_AFTER = 0.005
MOST_EMPTY_FETCHES = 2_000
"""In a row, of one worker: nothing is left, whatever was asked for."""

C = TypeVar("C")


class Drain:
    """What workers do together: fetch, complete everything that came, and fetch again until all of them have done enough."""

    def __init__(self, tasks: int) -> None:
        self.outcome = Outcome(Timings())
        self._tasks = tasks
        self._seen: set[str] = set()

    async def work(
        self, fetch: Callable[[], Awaitable[Sequence[str]]], clients: Sequence[C], complete: Callable[[C, str], Awaitable[object]]
    ) -> None:
        """Be one of the workers, with as many completions at a time as there are clients."""
        done, empty = self.outcome.timings.samples, 0
        while len(done) < self._tasks and empty < MOST_EMPTY_FETCHES:
            began = time.perf_counter()
            tasks = await fetch()
            self._fetched(tasks, time.perf_counter() - began)
            if tasks:
                empty = 0
                done += (await concurrently(tasks, clients, complete)).samples
            else:
                empty += 1
                await asyncio.sleep(LOOK_AGAIN_AFTER)

    def _fetched(self, tasks: Sequence[str], seconds: float) -> None:
        self.outcome.fetches.samples.append(seconds)
        self.outcome.fetched_twice += sum(task in self._seen for task in tasks)
        self._seen.update(tasks)

    async def ended(self, workers: Sequence[Coroutine[Any, Any, None]]) -> Outcome:
        """Let all work to the end."""
        began = time.perf_counter()
        await all_of(workers)
        self.outcome.timings.seconds = self.outcome.fetches.seconds = time.perf_counter() - began
        return self.outcome


async def drain_tasks(address: str, job: DrainTasks) -> Outcome:
    """Drain over HTTP."""
    drain = Drain(job.tasks)
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(connections(address, job.completing + 1)) for _ in range(job.workers)]
        workers = [Worker(f"worker-{number}", job, drain.outcome) for number in range(job.workers)]
        return await drain.ended([worker.work(drain, own) for worker, own in zip(workers, opened, strict=True)])


class Worker:
    """A worker on connections of its own."""

    def __init__(self, name: str, job: DrainTasks, outcome: Outcome) -> None:
        self._outcome = outcome
        topics = [{"topicName": topic, "lockDuration": LOCK_DURATION} for topic in job.topics]
        self._fetch = {"workerId": name, "maxTasks": job.max_tasks, "usePriority": True, "topics": topics}
        self._completion = {"workerId": name, "variables": DONE}

    async def work(self, drain: Drain, opened: Sequence[Connection]) -> None:
        fetching, *completing = opened

        async def fetch() -> Sequence[str]:
            return locked(self._outcome, await fetching.post(FETCH, self._fetch))

        await drain.work(fetch, completing, self._complete)

    async def _complete(self, connection: Connection, task: str) -> None:
        succeeded(self._outcome, "complete", await connection.post(complete_path(task), self._completion))
