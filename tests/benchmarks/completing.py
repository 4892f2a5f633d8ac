"""Completing tasks that were fetched before: by one request each, or many by one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from tests.benchmarks.connection import Connection, connections
from tests.benchmarks.gathering import all_of
from tests.benchmarks.jobs import CompleteLocked, Outcome
from tests.benchmarks.models import DONE
from tests.benchmarks.rest import BULK, FETCH, LOCK_DURATION, complete_path, completed, locked, succeeded
from tests.benchmarks.timing import Timings, concurrently

FETCHED_AT_ONCE = 500


async def complete_locked(address: str, job: CompleteLocked) -> Outcome:
    """Let workers fetch their shares, then complete them all at once."""
    outcome = Outcome(Timings())
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(connections(address, job.completing)) for _ in range(job.workers)]
        shares = [await fetched(own[0], f"worker-{n}", job, outcome) for n, own in enumerate(opened)]
        began = time.perf_counter()
        work = (complete(own, f"worker-{n}", share, job, outcome) for n, (own, share) in enumerate(zip(opened, shares, strict=True)))
        await all_of(list(work))
        outcome.timings.seconds = time.perf_counter() - began
    return outcome


async def fetched(connection: Connection, name: str, job: CompleteLocked, outcome: Outcome) -> list[str]:
    """A worker's share of the tasks."""
    share: list[str] = []
    while (rest := job.tasks // job.workers - len(share)) > 0:
        topics = [{"topicName": job.topic, "lockDuration": LOCK_DURATION}]
        fetch = {"workerId": name, "maxTasks": min(rest, FETCHED_AT_ONCE), "topics": topics}
        share += locked(outcome, await connection.post(FETCH, fetch))
    return share


async def complete(own: Sequence[Connection], name: str, share: Sequence[str], job: CompleteLocked, outcome: Outcome) -> None:
    """Complete a worker's share."""

    async def one(connection: Connection, task: str) -> None:
        succeeded(outcome, "complete", await connection.post(complete_path(task), {"workerId": name, "variables": DONE}))

    async def many(connection: Connection, first: int) -> None:
        tasks = [{"id": task, "variables": DONE} for task in share[first : first + job.in_bulk]]
        completed(outcome, await connection.post(BULK, {"workerId": name, "tasks": tasks}))

    if job.in_bulk:
        timings = await concurrently(range(0, len(share), job.in_bulk), own[:1], many)
    else:
        timings = await concurrently(share, own, one)
    outcome.timings.samples += timings.samples
