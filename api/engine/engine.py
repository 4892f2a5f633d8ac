"""The engine shell: takes commands in, keeps the connections, and answers live reads from the facts."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from api.engine.batch import Batch
from api.engine.connection import GIVE_UP_AFTER, TRIES, Reconnecting
from api.engine.definitions import Definitions
from api.engine.fetcher import Fetcher
from api.engine.fingerprints import fingerprint_of, kind_of
from api.engine.follower import Follower
from api.engine.job_executor import JobExecutor
from api.engine.memory import Memory
from api.engine.models import ModelReader
from api.engine.neighbours import Neighbours
from api.engine.poll_log import PollLog
from api.engine.polls import Polls
from api.engine.store import CARRIED_OUT_AS, CLAIM, INSTANCE_LOG, LATEST_DEFINITION, Transaction, log_range
from api.engine.streams import MAPPER, STREAMS, folded
from api.engine.submission import CommandIdTaken, Submission
from api.engine.writer import DatabaseUnavailable, Writer
from domain.commands import Command, CreateDeployment, TaskCommand
from domain.elements import ProcessDefinition
from domain.facts import Recorded
from domain.fetching import FetchExternalTasks
from domain.ids import aggregate_id, is_id, make_id
from domain.outcomes import Outcome
from domain.state import InstanceState
from projections.external_task.row import LockedTask
from projections.large_values import restored

LOOK_EVERY = 1.0
"""Seconds that a read waits for a connection before it looks again."""


class Engine:
    """One per server process. `open` before anything else, `close` at the end."""

    def __init__(
        self,
        conninfo: str,
        *,
        pool_size: int = 4,
        poll_capacity: int = 200,
        enforce_history_time_to_live: bool = False,
        job_executor: bool = True,
        history: bool = True,
    ) -> None:
        """`job_executor`: this process fires timers; `history`: it may be the one that writes history."""
        self._reads: AsyncConnectionPool[Any] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=pool_size,
            open=False,
            reconnect_timeout=LOOK_EVERY / 2,
            kwargs={"autocommit": True, "application_name": "gesta read"},
            name="reads",
        )
        self.definitions = Definitions(self.query)
        self._memory = Memory()
        self._polls = Polls(poll_capacity)
        self._poll_log = PollLog(self.query, self.now)
        self._write = Reconnecting(conninfo, "write")
        self._writer = Writer(self._write, self.definitions, self._memory, self.now, self._committed)
        self._models = ModelReader(enforce_history_time_to_live)
        self._fetcher = Fetcher(conninfo, self._memory, self._polls, self.now, self.new_id, self._parked)
        self._jobs = JobExecutor(conninfo, self.now, self.submit) if job_executor else None
        self._follower = Follower(conninfo, self.definitions.get, lambda: self._neighbours.history_wanted())
        self._may_follow = history
        self._neighbours = Neighbours(
            conninfo, secrets.token_hex(8), self._polls.__len__, self._polls.wake, self._polls.wake_all, self._follower.hurry
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect and begin to work."""
        await self._reads.open(wait=True)
        await self._write.get()
        await self._fetcher.open()
        await self._neighbours.open()
        running = [self._writer.run(), self._neighbours.hear(), self._neighbours.tell(), self._poll_log.run()]
        if self._jobs is not None:
            await self._jobs.open()
            running.append(self._jobs.run())
        if self._may_follow:
            running.append(self._follower.run())
        self._tasks = [asyncio.create_task(coroutine) for coroutine in running]

    def let_go(self) -> None:
        """Answer the waiting polls: the server is about to stop."""
        self._fetcher.stop()

    async def close(self) -> None:
        """Stop working and disconnect."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._jobs is not None:
            await self._jobs.close()
        await self._follower.close()
        await self._neighbours.close()
        await self._fetcher.close()
        await self._write.close()
        await self._reads.close()

    @staticmethod
    def now() -> int:
        """Epoch ms, UTC."""
        return time.time_ns() // 1_000_000

    def new_id(self) -> str:
        """An id for a command."""
        return make_id(self.now(), secrets.randbits(74))

    async def submit(self, command: Command, *, command_id: str | None = None, actor: str | None = None, asked: object = None) -> Outcome:
        """Carry out a command. One that was carried out before under the same `command_id` answers success once more.

        `asked`: what the client asked for, where the command holds what queries selected: sent again, they may select something else.
        Raises Refusal; DatabaseUnavailable when the database stays away.
        """
        submission = self._submission(command, command_id, actor, asked)
        if isinstance(command, CreateDeployment):
            submission.models = await self._models.read(command.files)
        self._writer.add(submission)
        return await submission.outcome

    async def submit_all(self, commands: Sequence[tuple[TaskCommand, str | None]]) -> list[Outcome | BaseException]:
        """Carry out commands in order, each with its id if it has one, in as few transactions as they fit into: outcomes and refusals."""
        submissions = [self._submission(command, command_id, None, None) for command, command_id in commands]
        for submission in submissions:
            self._writer.add(submission)
        return list(await asyncio.gather(*(submission.outcome for submission in submissions), return_exceptions=True))

    def _submission(self, command: Command, command_id: str | None, actor: str | None, asked: object) -> Submission:
        fingerprint = None if command_id is None else fingerprint_of(kind_of(command), command if asked is None else asked)
        return Submission(command, command_id or self.new_id(), actor, command_id is not None, fingerprint)

    async def claim(self, command_id: str, kind: str, asked: object) -> None:
        """Take a client's id for a request that becomes several commands. Raises CommandIdTaken when it is another's."""
        fingerprint = fingerprint_of(kind, asked)
        taken = await self.query(CLAIM, {"id": command_id, "kind": kind, "fingerprint": fingerprint, "at": self.now()})
        if taken and bytes(taken[0][0]) != fingerprint:
            raise CommandIdTaken(command_id)

    async def carried_out(self, command_id: str, kind: type[Command]) -> bool:
        """Tell whether a command of a kind was carried out under a client's id."""
        return bool(await self.query(CARRIED_OUT_AS, [command_id, kind.__name__]))

    async def fetch_and_lock(
        self, request: FetchExternalTasks, hung_up: Callable[[], Awaitable[object]], *, actor: str | None = None
    ) -> list[LockedTask]:
        """Lock tasks for a worker (REST contract §5). `hung_up` ends when the client is gone."""
        self._poll_log.note(request)
        return await self._fetcher.fetch(request, actor, hung_up)

    async def waiting_polls(self) -> dict[str, int]:
        """How many long polls wait in this process, by topic; what is known of earlier ones is written down meanwhile."""
        await self._poll_log.write()
        return self._polls.waiting()

    async def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Read; on another connection when one broke. Raises DatabaseUnavailable."""
        for _ in range(TRIES):
            try:
                return await self._query(sql, parameters)
            except PoolTimeout as error:
                raise DatabaseUnavailable(f"The database does not answer: {error}") from error
            except psycopg.OperationalError:
                await self._reads.check()
        return await self._query(sql, parameters)

    async def _query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        connection = await self._connection()
        try:
            rows: list[Any] = await (await connection.execute(sql, parameters)).fetchall()
            return rows
        finally:
            await self._reads.putconn(connection)

    async def _connection(self) -> Any:
        """Return a connection that is free. While the database is away every look tries it anew; the pool's own pauses would get longer."""
        for _ in range(int(GIVE_UP_AFTER / LOOK_EVERY) - 1):
            with suppress(PoolTimeout):
                return await self._reads.getconn(LOOK_EVERY)
        return await self._reads.getconn(LOOK_EVERY)

    async def query_history(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Read history, as soon as it tells of everything that was committed before. Raises HistoryBehind."""
        await self._follower.caught_up(self.query)
        return await self.query(sql, parameters)

    async def definition(self, definition_id: str) -> ProcessDefinition | None:
        return await self.definitions.get(definition_id)

    async def latest_definition(self, key: str, tenant_id: str | None) -> str | None:
        """The id of the latest version of a process."""
        rows = await self.query(LATEST_DEFINITION, [key, tenant_id or ""])
        return rows[0][0] if rows else None

    async def live_state(self, instance_id: str) -> InstanceState | None:
        """An instance as its facts make it now; None when it is unknown or has ended."""
        if not is_id(instance_id):
            return None
        rows = await self.query(STREAMS, [[instance_id]])
        state = (await folded(rows, self.query)).states.get(instance_id)
        return None if state is None or state.ended is not None else state

    async def facts(self, instance_id: str) -> list[Recorded]:
        """Everything that happened in an instance, its tasks included, in the order of the log."""
        if not is_id(instance_id):
            return []
        rows = await self.query(INSTANCE_LOG, log_range(aggregate_id(instance_id)))
        return [*await restored([MAPPER.record(*row) for row in rows], self.query)]

    def _parked(self) -> bool:
        """A poll begins to wait; True if the other servers did not know yet that polls wait here."""
        return self._neighbours.polls_wait()

    def _committed(self, batch: Batch, transaction: Transaction) -> None:
        """Wake whoever waits for what was just written."""
        if self._jobs is not None and transaction.changes.jobs.due:
            self._jobs.due_at(transaction.changes.jobs.due)
        self._follower.committed()
        tasks = transaction.changes.external_tasks
        available = tasks.created_topics + _topics(batch, tasks.freed_tasks)
        if available:
            self._polls.wake(available)
        if elsewhere := available + _topics(batch, tasks.failed_tasks):
            self._neighbours.tasks_available(elsewhere)
        if tasks.others_may_be_free:
            self._polls.wake_all()
            self._neighbours.everything_changed()
        for task_id, until in tasks.lock_ends if len(self._polls) else ():
            self._polls.expires(batch.tasks[task_id].topic, (until - self.now()) / 1000 + 0.001)


def _topics(batch: Batch, task_ids: Iterable[str]) -> Counter[str]:
    """The topics of tasks, and how many there are of each."""
    return Counter(topic for task_id in task_ids if (topic := batch.tasks[task_id].topic) is not None)
