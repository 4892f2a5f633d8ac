"""Many workers that wait in long polls: what memory they take in the server, and how soon one of them hears of a task."""

from __future__ import annotations

import asyncio
import time

import msgspec
import psutil

from tests.benchmarks.connection import Connection, connections
from tests.benchmarks.jobs import HoldPolls, Outcome
from tests.benchmarks.rest import FETCH, LOCK_DURATION, TOPICS, locked, start_path, succeeded
from tests.benchmarks.timing import Timings

POLL_MS = 600_000
LOOK_EVERY = 0.1
LOST_AFTER = 10.0


class Topic(msgspec.Struct):
    """What is read of the topics' statistics."""

    waitingPolls: int


_decode = msgspec.json.Decoder(list[Topic]).decode


async def hold_polls(address: str, job: HoldPolls) -> Outcome:
    """Let polls wait, then start one instance a round on one topic after another."""
    outcome, served = Outcome(Timings()), asyncio.Queue[float]()
    async with connections(address, 1) as (starting,):
        await starting.get(TOPICS)
        before = memory(job.server)
        async with connections(address, job.polls) as polling:
            waiting = [asyncio.create_task(hold(poll, n, job, outcome, served)) for n, poll in enumerate(polling)]
            await all_wait(starting, job.polls)
            outcome.added_memory = memory(job.server) - before
            for number in range(job.rounds):
                await wake_one(starting, job.key, f"{job.key}-{number % job.topics}", outcome, served)
            for task in waiting:
                task.cancel()
    outcome.timings.seconds = sum(outcome.timings.samples)
    return outcome


async def hold(connection: Connection, number: int, job: HoldPolls, outcome: Outcome, served: asyncio.Queue[float]) -> None:
    """Poll for ever."""
    topics = [{"topicName": f"{job.key}-{number % job.topics}", "lockDuration": LOCK_DURATION}]
    poll = {"workerId": f"worker-{number}", "maxTasks": 1, "asyncResponseTimeout": POLL_MS, "topics": topics}
    while True:
        answer = await connection.post(FETCH, poll)
        at = time.perf_counter()
        for _ in locked(outcome, answer):
            served.put_nowait(at)


async def all_wait(connection: Connection, polls: int) -> None:
    """Return when so many polls wait."""
    while sum(topic.waitingPolls for topic in _decode((await connection.get(TOPICS)).body)) < polls:
        await asyncio.sleep(LOOK_EVERY)


async def wake_one(starting: Connection, key: str, topic: str, outcome: Outcome, served: asyncio.Queue[float]) -> None:
    """One wake-up: zero where the worker had the task before its starter had the answer."""
    answer = await starting.post(start_path(key), {"variables": {"topic": {"value": topic, "type": "String"}}})
    began = time.perf_counter()
    if not succeeded(outcome, "start", answer):
        return
    try:
        async with asyncio.timeout(LOST_AFTER):
            outcome.timings.samples.append(max(0.0, await served.get() - began))
    except TimeoutError:
        outcome.lost += 1


def memory(process: int) -> int:
    """The memory of a process, in bytes."""
    size: int = psutil.Process(process).memory_info().rss
    return size
