"""Group commit: whatever commands wait are decided together and written in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from api.engine.batch import Batch, concerns_instance, instances_of, started, unknown_definition
from api.engine.connection import Reconnecting
from api.engine.definitions import Definitions
from api.engine.memory import Memory
from api.engine.solitary import Solitaries
from api.engine.store import Loaded, Transaction, VersionConflict, Wanted, load
from api.engine.submission import Solitary, Submission, Waiting
from domain.commands import StartProcessInstance
from domain.elements import ProcessDefinition
from domain.external_task import ExternalTaskState
from domain.ids import aggregate_id, is_id
from domain.outcomes import Outcome
from domain.refusals import Refusal
from domain.state import InstanceState

LARGEST_BATCH = 64
RETRIES = 10
"""Conflicts with other processes that a command lives through."""
LONG = 200
"""A decision among so many elements, or on so many facts, runs in a thread: the loop keeps answering."""

log = logging.getLogger("gesta.engine")


class DatabaseUnavailable(Exception):
    """The database did not answer in time; whether the command was carried out is not known. Its id makes repeating it safe."""


class Writer:
    """The one that appends this process's facts, fetchAndLock's excepted."""

    def __init__(
        self,
        connection: Reconnecting,
        definitions: Definitions,
        memory: Memory,
        now: Callable[[], int],
        committed: Callable[[Batch, Transaction], None],
        enforce_history_time_to_live: bool,
    ) -> None:
        self._connection = connection
        self._definitions = definitions
        self._memory = memory
        self._now = now
        self._committed = committed
        self._waiting = Waiting()
        self._arrived = asyncio.Event()
        self._solitaries = Solitaries(definitions, now, enforce_history_time_to_live)

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
        except psycopg.OperationalError as error:
            await self._survive(submissions, error)
        except Exception as error:
            self._memory.forget(submissions)
            if len(submissions) > 1:
                for submission in submissions:
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
        if isinstance(submissions[0].command, Solitary):
            await self._alone(submissions[0])
            return
        again = submissions
        for attempt in range(RETRIES + 1):
            again = await self._attempt(again, fresh=attempt > 0)
            if not again:
                return
        log.warning("%s commands met a conflict %s times", len(again), RETRIES)
        for submission in again:
            submission.refuse(VersionConflict("The command met concurrent changes too often"))

    async def _alone(self, submission: Submission) -> None:
        connection = await self._connection.get()
        for _ in range(RETRIES + 1):
            try:
                batch, transaction, outcome = await self._solitaries.decide(connection, submission)
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
        submission.refuse(VersionConflict("The command met concurrent changes too often"))

    async def _attempt(self, submissions: list[Submission], fresh: bool) -> list[Submission]:
        """Decide and write once; returns the commands that have to be decided again on what is stored by then."""
        connection = await self._connection.get()
        known = _Known(submissions, None if fresh else self._memory)
        loaded = await load(connection, known.wanted) if known.incomplete else Loaded()
        submissions = await self._without_repeated(submissions, loaded)
        known.add(loaded)
        starts = _starts(submissions, loaded)
        definitions = await self._definitions_of(known, starts)
        submissions = [s for s in submissions if s.command_id in starts or not isinstance(s.command, StartProcessInstance)]
        batch = Batch(self._now(), known.tasks, known.instances, definitions)
        await _in_thread_if(_is_long(definitions), lambda: batch.decide(submissions, starts))
        if unknown := batch.unknown_tasks():
            batch.learn_versions((await load(connection, Wanted(tasks=unknown))).tasks)
        transaction = await _in_thread_if(_is_long(definitions), batch.transaction)
        try:
            await transaction.commit(connection)
        except VersionConflict:
            self._memory.forget(submissions)
            return submissions
        self._memory.committed(batch)
        self._committed(batch, transaction)
        return self._answer(batch, known)

    def _answer(self, batch: Batch, known: _Known) -> list[Submission]:
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
        """Answer commands whose facts are there already, once more with success."""
        if not loaded.repeated:
            return submissions
        for submission in submissions:
            if submission.command_id in loaded.repeated:
                submission.succeed(await self._outcome_again(submission))
        return [submission for submission in submissions if submission.command_id not in loaded.repeated]

    async def _outcome_again(self, submission: Submission) -> Outcome:
        if not isinstance(submission.command, StartProcessInstance):
            return None
        loaded = await load(await self._connection.get(), Wanted(streams=[submission.stream_id]))
        state = instances_of(loaded.records)[submission.stream_id]
        definition = await self._definitions.get(state.definition_id)
        assert definition is not None
        return started(state, definition, dict(state.variables.get(0, {})))

    async def _definitions_of(self, known: _Known, starts: dict[str, str]) -> dict[str, ProcessDefinition]:
        ids = {*starts.values(), *(s.definition_id for s in known.instances.values()), *(t.definition_id for t in known.tasks.values())}
        found = {}
        for definition_id in ids:
            definition = await self._definitions.get(definition_id)
            assert definition is not None, definition_id
            found[definition_id] = definition
        return found


def _starts(submissions: Sequence[Submission], loaded: Loaded) -> dict[str, str]:
    """The id of the definition that each start is of; a start of nothing is refused."""
    starts = {}
    for submission in submissions:
        command = submission.command
        if not isinstance(command, StartProcessInstance):
            continue
        if command.definition_id is None:
            definition_id = loaded.latest.get((command.definition_key or "", command.tenant_id or ""))
        else:
            definition_id = command.definition_id if command.definition_id in loaded.deployed else None
        if definition_id is None:
            submission.refuse(unknown_definition(command))
        else:
            starts[submission.command_id] = definition_id
    return starts


class _Known:
    """What is known before deciding, and what has to be read first."""

    def __init__(self, submissions: Sequence[Submission], memory: Memory | None) -> None:
        self.tasks: dict[str, ExternalTaskState] = {}
        self.instances: dict[str, InstanceState] = {}
        self._remembered: set[str] = set()
        tasks: list[str] = []
        streams: set[str] = set()
        latest: set[tuple[str, str]] = set()
        deployed: set[str] = set()
        commands: list[tuple[str, str, bytes]] = []
        for submission in submissions:
            command = submission.command
            if submission.maybe_done:
                commands.append((submission.command_id, submission.stream_id, submission.id_as_bytes))
            if isinstance(command, StartProcessInstance):
                if command.definition_id is None:
                    latest.add((command.definition_key or "", command.tenant_id or ""))
                else:
                    deployed.add(command.definition_id)
                continue
            if not is_id(submission.stream_id):
                continue
            if submission.task_id is not None and not self._recall_task(submission, memory):
                tasks.append(submission.task_id)
            if (submission.task_id is None or concerns_instance(command)) and not self._recall_instance(submission, memory):
                streams.add(aggregate_id(submission.stream_id))
        self.wanted = Wanted(tasks, list(streams), list(latest), list(deployed), commands)

    def _recall_task(self, submission: Submission, memory: Memory | None) -> bool:
        task = memory.task_of(submission) if memory is not None else None
        if task is None:
            return False
        self.tasks[task.id] = task
        self._remembered.add(submission.command_id)
        return True

    def _recall_instance(self, submission: Submission, memory: Memory | None) -> bool:
        assert submission.instance_id is not None
        state = memory.instances.get(submission.instance_id) if memory is not None else None
        if state is None:
            return False
        self.instances[state.id] = state
        self._remembered.add(submission.command_id)
        return True

    @property
    def incomplete(self) -> bool:
        wanted = self.wanted
        return bool(wanted.tasks or wanted.streams or wanted.latest or wanted.deployed or wanted.commands)

    def is_remembered(self, submission: Submission) -> bool:
        return submission.command_id in self._remembered

    def add(self, loaded: Loaded) -> None:
        self.tasks.update((task.id, task) for task in loaded.tasks)
        self.instances.update(instances_of(loaded.records))


def _is_long(definitions: dict[str, ProcessDefinition]) -> bool:
    return any(len(definition.elements) > LONG for definition in definitions.values())


async def _in_thread_if(long: bool, work: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(work) if long else work()
