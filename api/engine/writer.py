"""Group commit: whatever commands wait are decided together and written in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import psycopg

from api.engine.batch import Batch
from api.engine.connection import Reconnecting
from api.engine.definitions import Definitions
from api.engine.known import Known, starts_of
from api.engine.long_work import in_thread_if
from api.engine.memory import Memory
from api.engine.repeated import outcome_again
from api.engine.solitary import Solitaries
from api.engine.spreading import Spreading, thrown
from api.engine.store import Loaded, Transaction, VersionConflict, Wanted, in_turn_if, load, undisturbed_if
from api.engine.submission import Submission, Waiting
from api.engine.together import EngineConnection
from domain.commands import CreateDeployment, DeleteDeployment, StartProcessInstance
from domain.elements import ProcessDefinition
from domain.job_commands import ExecuteJob, FailJob
from domain.outcomes import JobAttempted, Outcome
from domain.refusals import ExecutionFailed, Refusal

LARGEST_BATCH = 128
PATIENCE = 3
"""Conflicts with other processes after which nobody else may append until the command is decided and written."""

log = logging.getLogger("gesta.engine")

Deciding: TypeAlias = Callable[[EngineConnection, Submission], Awaitable[tuple[Batch, Transaction, Outcome]]]


class DatabaseUnavailable(Exception):
    """The database did not answer in time; whether the command was carried out is not known. Its id makes repeating it safe."""


class Prepared(NamedTuple):
    """Commands that are left to decide, and what is needed for it."""

    submissions: list[Submission]
    known: Known
    loaded: Loaded
    starts: dict[str, str]
    """The definition that each start is of."""
    definitions: dict[str, ProcessDefinition]


class Writer:
    """The one that appends this process's facts, fetchAndLock's excepted."""

    def __init__(
        self,
        connection: Reconnecting,
        definitions: Definitions,
        memory: Memory,
        now: Callable[[], int],
        committed: Callable[[Batch, Transaction], None],
    ) -> None:
        self._connection = connection
        self._definitions = definitions
        self._memory = memory
        self._now = now
        self._committed = committed
        self._waiting = Waiting()
        self._arrived = asyncio.Event()
        self._solitaries = Solitaries(definitions, now)

    def add(self, submission: Submission) -> None:
        self._waiting.add(submission)
        self._arrived.set()

    async def run(self) -> None:
        """Write batch after batch until cancelled."""
        while True:
            await self._arrived.wait()
            batch = self._waiting.take(LARGEST_BATCH)
            if not batch:
                self._arrived.clear()
                continue
            await self._settle(batch)

    async def _settle(self, submissions: list[Submission]) -> None:
        """Carry out a batch to the end: everybody gets an answer, and a command that cannot be written fails alone."""
        try:
            await self._carry_out(submissions)
        except Exception as error:
            if isinstance(error, psycopg.OperationalError) and self._connection.is_broken:
                await self._survive(submissions, error)
                return
            self._memory.forget(submissions)
            if len(submissions) > 1:
                for submission in submissions:
                    if not submission.outcome.done():
                        await self._settle([submission])
                return
            log.warning("a command failed: %r", error)
            submissions[0].refuse(error)

    async def _survive(self, submissions: Sequence[Submission], error: psycopg.OperationalError) -> None:
        """The connection broke: who waited long enough is told so; the others are tried again, unless they were carried out."""
        self._memory.forget(submissions)
        pending = [submission for submission in submissions if not submission.outcome.done()]
        for submission in pending:
            submission.maybe_done = True
        self._waiting.put_back(pending)
        if not await self._connection.heal():
            for submission in self._waiting.drain():
                submission.refuse(DatabaseUnavailable(f"The database does not answer: {' '.join(str(error).split())}"))

    async def _carry_out(self, submissions: list[Submission]) -> None:
        if submissions[0].solitary:
            await self._alone(submissions[0], self._solitaries.decide)
            return
        again = submissions
        for attempt in range(PATIENCE + 1):
            again = await self._attempt(again, attempt)
            if not again:
                return
        raise VersionConflict("A conflict although nobody else could append")

    async def _alone(self, submission: Submission, decide: Deciding) -> None:
        """Carry out a command in a transaction of its own."""
        connection = await self._connection.get()
        async with in_turn_if(isinstance(submission.command, CreateDeployment | DeleteDeployment), connection):
            for attempt in range(PATIENCE + 1):
                try:
                    async with undisturbed_if(attempt == PATIENCE, connection):
                        batch, transaction, outcome = await decide(connection, submission)
                        transaction.note(submission, self._now())
                        await transaction.commit(connection)
                except VersionConflict:
                    continue
                except Refusal as refusal:
                    submission.refuse(refusal)
                    return
                self._memory.committed(batch)
                self._committed(batch, transaction)
                submission.succeed(outcome)
                return
        raise VersionConflict("A conflict although nobody else could append")

    async def _attempt(self, submissions: list[Submission], attempt: int) -> list[Submission]:
        """Decide and write once; returns the commands that have to be decided again on what is stored by then."""
        connection = await self._connection.get()
        known = Known(submissions, None if attempt else self._memory)
        try:
            async with undisturbed_if(attempt == PATIENCE, connection):
                batch, transaction = await self._write(connection, submissions, known)
        except VersionConflict:
            self._memory.forget(submissions)
            return submissions
        self._memory.committed(batch)
        self._committed(batch, transaction)
        again = self._answer(batch, known)
        for submission in batch.throwing:
            await self._alone(submission, self._decide_throwing)
        return again

    async def _write(self, connection: EngineConnection, submissions: list[Submission], known: Known) -> tuple[Batch, Transaction]:
        """Decide on what is stored, or remembered, and write. Raises VersionConflict."""
        prepared = await self._prepared(connection, submissions, known)
        batch, long = self._batch(prepared), self._is_long(prepared.definitions)
        await in_thread_if(long, lambda: batch.decide(prepared.submissions, prepared.starts))
        if unknown := batch.unknown_tasks():
            batch.learn_versions((await load(connection, Wanted(tasks=unknown))).tasks)
        transaction = await in_thread_if(long, batch.transaction)
        await transaction.commit(connection)
        return batch, transaction

    async def _prepared(self, connection: EngineConnection, submissions: list[Submission], known: Known) -> Prepared:
        """Learn what is needed, and which commands are left to decide: repeated ones and starts of nothing have their answer."""
        loaded = await load(connection, known.wanted) if known.incomplete else Loaded()
        submissions = await self._without_repeated(submissions, loaded)
        known.add(loaded)
        starts = starts_of(submissions, loaded)
        definitions = await self._definitions_of(known, starts)
        submissions = [s for s in submissions if s.command_id in starts or not isinstance(s.command, StartProcessInstance)]
        return Prepared(submissions, known, loaded, starts, definitions)

    def _batch(self, prepared: Prepared) -> Batch:
        batch = Batch(self._now(), prepared.known.tasks, prepared.known.instances, prepared.definitions)
        batch.snapshots += prepared.loaded.snapshots
        return batch

    async def _decide_throwing(self, connection: EngineConnection, submission: Submission) -> tuple[Batch, Transaction, Outcome]:
        """Decide a command that throws signals to other instances, with all that these set off."""
        prepared = await self._prepared(connection, [submission], Known([submission], None))
        if not prepared.submissions:
            return self._batch(prepared), Transaction(), None
        try:
            return await self._spread(connection, submission, prepared)
        except ExecutionFailed as failure:
            if not isinstance(submission.command, ExecuteJob):
                raise
            failed = self._batch(prepared)
            failed.decide_for(submission, FailJob(submission.command.job_id, failure.message), submission.stream_id)
            return failed, failed.transaction(), JobAttempted(failure)

    async def _spread(self, connection: EngineConnection, submission: Submission, prepared: Prepared) -> tuple[Batch, Transaction, Outcome]:
        batch = self._batch(prepared)
        decided = batch.decide_throwing(submission, prepared.starts)
        assert decided.state is not None
        spreading = Spreading(connection, self._definitions, submission, batch)
        spreading.send(thrown(decided.state.id, decided.state.tenant_id, decided.signals))
        await spreading.deliver()
        return batch, await spreading.transaction(), decided.outcome

    def _answer(self, batch: Batch, known: Known) -> list[Submission]:
        """Tell everybody; a refusal that was decided on what was only remembered is decided again before."""
        for decided in batch.decided:
            decided.submission.succeed(decided.outcome)
        again = []
        for submission, refusal in batch.refused:
            if known.is_remembered(submission):
                again.append(submission)
            else:
                submission.refuse(refusal)
        self._memory.forget(again)
        return again

    async def _without_repeated(self, submissions: list[Submission], loaded: Loaded) -> list[Submission]:
        """Answer commands that were carried out once more with success; refuse those under another's id, or that would begin its stream."""
        taken = {s.command_id for s in submissions if s.begins_a_stream} & loaded.late
        taken |= {s.command_id for s in submissions if s.is_other_than(loaded.fingerprints.get(s.command_id))}
        repeated = (loaded.repeated | loaded.fingerprints.keys()) - taken
        for submission in submissions:
            if submission.command_id in repeated:
                submission.succeed(await outcome_again(await self._connection.get(), self._definitions, submission))
            elif submission.command_id in taken:
                submission.refuse(submission.taken())
        return [submission for submission in submissions if submission.command_id not in repeated | taken]

    async def _definitions_of(self, known: Known, starts: dict[str, str]) -> dict[str, ProcessDefinition]:
        ids = {*starts.values(), *(s.definition_id for s in known.instances.values()), *(t.definition_id for t in known.tasks.values())}
        found = {}
        for definition_id in ids:
            definition = await self._definitions.get(definition_id)
            assert definition is not None, definition_id
            found[definition_id] = definition
        return found

    def _is_long(self, definitions: Iterable[str]) -> bool:
        return any(self._definitions.may_take_long(definition_id) for definition_id in definitions)
