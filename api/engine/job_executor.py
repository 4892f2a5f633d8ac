"""Executes due jobs: timers and asynchronous continuations. Every server process may run one; they share the jobs of one database.

A process takes jobs by advisory locks that last as long as its connection: nothing is written for the taking, and the jobs of a process
that dies are free at once. The version of the instance's stream is what decides: a job that two processes execute all the same is
executed once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any

import psycopg

from api.engine.connection import Reconnecting
from api.engine.store import VersionConflict
from api.engine.together import EngineConnection
from api.engine.writer import DatabaseUnavailable
from domain.commands import Command
from domain.job_commands import ExecuteJob, FailJob
from domain.outcomes import Outcome
from domain.refusals import NotFound, Refusal

LOOK_EVERY = 0.5
"""Seconds after which jobs that other processes created are found at the latest."""
MOST_IN_HAND = 256
MOST_OF_BATCHES, BATCH_JOBS_AT_ONCE = 16, 2
"""How many jobs of batches are in hand, and how many of them wait for the writer: whoever works beside a large batch hardly feels it."""
PAUSE_AFTER_CRASH = 5.0
"""Seconds before anything is tried again that failed in a way that no process can be blamed for."""

JOB_LOCK = 0x6A6F6273
"""The first of two keys of the advisory locks on jobs: the word jobs."""

# Purpose: take due jobs that nobody else has taken, the highest priority first among the oldest; then, when the next ones are due.
TAKE = f"""
WITH due AS MATERIALIZED (
    SELECT id, priority, coalesce(due, 0) AS at FROM job
    WHERE coalesce(due, 0) <= %(now)s AND retries > 0 AND NOT suspended AND {{whose}} AND id <> ALL(%(in_hand)s::uuid[])
    ORDER BY coalesce(due, 0) LIMIT 1000
), chosen AS MATERIALIZED (SELECT id FROM due ORDER BY priority DESC, at, id)
SELECT id::text FROM chosen WHERE pg_try_advisory_lock({JOB_LOCK}, hashtext(id::text)) LIMIT %(limit)s
"""
OF_PROCESSES, OF_BATCHES = "batch_id IS NULL", "batch_id IS NOT NULL"
# Purpose: when the next job is due.
NEXT = " UNION ALL ".join(
    f"SELECT min(coalesce(due, 0)) FROM job WHERE coalesce(due, 0) > %(now)s AND retries > 0 AND NOT suspended AND {whose}"
    for whose in (OF_PROCESSES, OF_BATCHES)
)
# Purpose: let jobs go.
RELEASE = f"SELECT pg_advisory_unlock({JOB_LOCK}, hashtext(id)) FROM unnest(%s::text[]) t(id)"

log = logging.getLogger("gesta.jobs")


class JobExecutor:
    """Takes due jobs and submits them. Waiting timers cost nothing here: they stand in the table."""

    def __init__(self, conninfo: str, now: Callable[[], int], submit: Callable[[Command], Awaitable[Outcome]]) -> None:
        self._connection = Reconnecting(conninfo, "jobs")
        self._now = now
        self._submit = submit
        self._in_hand: set[str] = set()
        self._of_batches: set[str] = set()
        """Those of them that are jobs of batches."""
        self._turn_of_batches = asyncio.Semaphore(BATCH_JOBS_AT_ONCE)
        self._done: list[str] = []
        self._working: set[asyncio.Task[None]] = set()
        self._look_at = 0.0
        self._woken = asyncio.Event()

    async def open(self) -> None:
        """Connect."""
        await self._connection.get()

    async def close(self) -> None:
        """Stop; what is in hand is free for others as soon as the connection is closed."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        await self._connection.close()

    def due_at(self, instants: Iterable[int]) -> None:
        """Jobs were created or changed here: look when the first of them is due."""
        loop = asyncio.get_running_loop()
        at = loop.time() + max((min(instants) - self._now()) / 1000, 0.0)
        if at < self._look_at:
            self._look_at = at
            self._woken.set()

    async def run(self) -> None:
        """Take and execute until cancelled."""
        while True:
            try:
                await self._look()
            except psycopg.OperationalError as error:
                log.warning("jobs cannot be taken: %s", " ".join(str(error).split()))
                await self._connection.heal()
            except Exception:
                log.exception("looking for jobs failed")
                await asyncio.sleep(PAUSE_AFTER_CRASH)
            await self._sleep()

    async def _look(self) -> None:
        loop, connection = asyncio.get_running_loop(), await self._connection.get()
        self._look_at = loop.time() + LOOK_EVERY
        await self._release(connection)
        for job_id in await self._take(connection, OF_PROCESSES, MOST_IN_HAND - len(self._in_hand - self._of_batches)):
            self._begin(job_id, self._execute(job_id))
        for job_id in await self._take(connection, OF_BATCHES, MOST_OF_BATCHES - len(self._of_batches)):
            self._of_batches.add(job_id)
            self._begin(job_id, self._execute_in_turn(job_id))
        await self._foresee(connection)

    def _begin(self, job_id: str, work: Coroutine[Any, Any, None]) -> None:
        self._in_hand.add(job_id)
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _release(self, connection: EngineConnection) -> None:
        done, self._done = self._done, []
        if done:
            await connection.rows(RELEASE, [done])
            self._in_hand.difference_update(done)
            self._of_batches.difference_update(done)

    async def _take(self, connection: EngineConnection, whose: str, limit: int) -> Sequence[str]:
        if limit <= 0:
            return ()
        parameters = {"now": self._now(), "in_hand": list(self._in_hand), "limit": limit}
        rows = await connection.rows(TAKE.format(whose=whose), parameters)
        return [job_id for (job_id,) in rows]

    async def _foresee(self, connection: EngineConnection) -> None:
        """Wake up when the next job is due, if that is soon."""
        now = self._now()
        rows = await connection.rows(NEXT, {"now": now})
        due = [at for (at,) in rows if at is not None]
        if due and (min(due) - now) / 1000 < LOOK_EVERY:
            self.due_at(due)

    async def _sleep(self) -> None:
        loop = asyncio.get_running_loop()
        while (rest := self._look_at - loop.time()) > 0:
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._woken.wait()

    async def _execute_in_turn(self, job_id: str) -> None:
        async with self._turn_of_batches:
            await self._execute(job_id)

    async def _execute(self, job_id: str) -> None:
        """Execute one job; whatever comes of it, it is out of hand then, and somebody looks for the next one."""
        try:
            await self._attempt(job_id)
        finally:
            self._done.append(job_id)
            if self._has_room():
                self._look_at = 0.0
                self._woken.set()

    def _has_room(self) -> bool:
        """Tell whether it is time to take more jobs."""
        batch_jobs_done = len(self._of_batches.intersection(self._done))
        return len(self._in_hand) >= MOST_IN_HAND or len(self._done) == len(self._in_hand) or batch_jobs_done > MOST_OF_BATCHES // 2

    async def _attempt(self, job_id: str) -> None:
        try:
            await self._submit(ExecuteJob(job_id))
        except NotFound:
            log.debug("job %s is gone", job_id)
        except Refusal as refusal:
            await self._fail(job_id, refusal.message)
        except (VersionConflict, DatabaseUnavailable) as error:
            log.warning("job %s was not executed: %s", job_id, error)
        except Exception as error:
            log.exception("job %s failed", job_id)
            await self._fail(job_id, f"{type(error).__name__}: {error}")

    async def _fail(self, job_id: str, message: str) -> None:
        """Note a failure that no process can be blamed for; if even that fails, the job waits a while in hand."""
        try:
            await self._submit(FailJob(job_id, message))
        except Exception as error:
            log.warning("the failure of job %s could not be noted: %r", job_id, error)
            await asyncio.sleep(PAUSE_AFTER_CRASH)
