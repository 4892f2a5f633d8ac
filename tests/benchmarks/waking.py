"""Workers that wait in long polls, and how soon they hear of a task."""

from __future__ import annotations

import asyncio
import time

from tests.benchmarks.connection import Connection, connections
from tests.benchmarks.jobs import Outcome, WakePolls
from tests.benchmarks.rest import FETCH, LOCK_DURATION, complete_path, locked, start_path, succeeded
from tests.benchmarks.timing import Timings

POLL_MS = 3_000
SETTLE = 0.5
PAUSE = 0.06
"""Seconds between rounds: the worker that was served waits again by then."""
LOST_AFTER = 10.0


async def wake_polls(address: str, job: WakePolls) -> Outcome:
    """Start one instance a round and wait for the worker that gets its task."""
    outcome, served = Outcome(Timings()), asyncio.Queue[float]()
    async with connections(address, 1) as (starting,), connections(job.polled_at or address, job.workers) as polling:
        waiting = [asyncio.create_task(wait(connection, f"waiter-{n}", job.topic, outcome, served)) for n, connection in enumerate(polling)]
        await asyncio.sleep(SETTLE)
        for _ in range(job.rounds):
            await round_of(starting, job.key, outcome, served)
            await asyncio.sleep(PAUSE)
        for task in waiting:
            task.cancel()
    outcome.timings.seconds = sum(outcome.timings.samples)
    return outcome


async def wait(connection: Connection, name: str, topic: str, outcome: Outcome, served: asyncio.Queue[float]) -> None:
    """Poll for ever; complete what comes."""
    topics = [{"topicName": topic, "lockDuration": LOCK_DURATION}]
    poll = {"workerId": name, "maxTasks": 1, "asyncResponseTimeout": POLL_MS, "topics": topics}
    while True:
        answer = await connection.post(FETCH, poll)
        at = time.perf_counter()
        for task in locked(outcome, answer):
            served.put_nowait(at)
            succeeded(outcome, "complete", await connection.post(complete_path(task), {"workerId": name}))


async def round_of(starting: Connection, key: str, outcome: Outcome, served: asyncio.Queue[float]) -> None:
    """One wake-up: zero where the worker had the task before its starter had the answer."""
    answer = await starting.post(start_path(key), {})
    began = time.perf_counter()
    if not succeeded(outcome, "start", answer):
        return
    try:
        async with asyncio.timeout(LOST_AFTER):
            outcome.timings.samples.append(max(0.0, await served.get() - began))
    except TimeoutError:
        outcome.lost += 1
