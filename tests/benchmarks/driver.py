"""The load driver: a process of its own that sends HTTP requests to one server and measures its answers.

`python -m tests.benchmarks.driver http://host:port` reads one job per line from stdin and writes its outcome as a line to stdout.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from typing import assert_never

import msgspec

from tests.benchmarks.completing import complete_locked
from tests.benchmarks.connection import Connection, connections
from tests.benchmarks.draining import drain_tasks
from tests.benchmarks.gathering import run
from tests.benchmarks.holding import hold_polls
from tests.benchmarks.jobs import Ask, CompleteLocked, DrainTasks, HoldPolls, Job, Outcome, StartInstances, WakePolls, Watched
from tests.benchmarks.models import order
from tests.benchmarks.rest import SIGN_OF_LIFE, start_path, succeeded
from tests.benchmarks.timing import Timings, concurrently
from tests.benchmarks.waking import wake_polls

WATCH_EVERY = 0.005


async def do(address: str, job: Job) -> Outcome:
    """Do one job."""
    match job:
        case StartInstances():
            return await start_instances(address, job)
        case DrainTasks():
            return await drain_tasks(address, job)
        case CompleteLocked():
            return await complete_locked(address, job)
        case WakePolls():
            return await wake_polls(address, job)
        case HoldPolls():
            return await hold_polls(address, job)
        case Ask():
            return await ask(address, job)
        case Watched(inner):
            return await watched(address, inner)
        case _:
            assert_never(job)


async def start_instances(address: str, job: StartInstances) -> Outcome:
    outcome, path = Outcome(Timings()), start_path(job.key)

    async def start(connection: Connection, number: int) -> None:
        succeeded(outcome, "start", await connection.post(path, order(number)))

    async with connections(address, job.clients) as clients:
        outcome.timings = await concurrently(range(job.instances), clients, start)
    return outcome


async def ask(address: str, job: Ask) -> Outcome:
    outcome = Outcome(Timings())

    async def get(connection: Connection, _: int) -> None:
        succeeded(outcome, job.path, await connection.get(job.path))

    async with connections(address, 1) as clients:
        outcome.timings = await concurrently(range(job.times), clients, get)
    return outcome


async def watched(address: str, job: StartInstances | DrainTasks) -> Outcome:
    """Do the job; the longest time without a sign of life goes into its outcome."""
    longest = 0.0

    async def watch(connection: Connection) -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await connection.get(SIGN_OF_LIFE)
            took = time.perf_counter() - began
            longest = max(longest, took)
            await asyncio.sleep(max(0.0, WATCH_EVERY - took))

    async with connections(address, 1) as (connection,):
        watching = asyncio.create_task(watch(connection))
        outcome = await do(address, job)
        watching.cancel()
    outcome.longest_silence = longest
    return outcome


def main() -> None:
    """Do jobs until stdin ends. Collecting garbage would only add pauses of the driver's own to what it measures."""
    gc.disable()
    read: msgspec.json.Decoder[Job] = msgspec.json.Decoder(Job)
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(msgspec.json.encode(run(do(sys.argv[1], read.decode(line)))) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
