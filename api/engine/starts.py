"""Messages, signals and timers that start instances: the latest version of each process has them, and timers fire (BPMN page §8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from api.engine.batch import Batch
from api.engine.definitions import Definitions
from api.engine.placing import Placed, envelope_of, lone_jobs, numbered, written_alone
from api.engine.spreading import Spreading
from api.engine.store import Transaction
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.commands import StartProcessInstance
from domain.deciding.job import JobChange
from domain.deciding.lone_job import executed, removed
from domain.deciding.start_timer import changed, failed, following
from domain.deciding.starts import open_starts, refuse_claimed_messages, start_messages
from domain.elements import ProcessDefinition
from domain.facts import Fact, StartSubscriptionClosed
from domain.ids import derived_id, stream_of_definition
from domain.job_commands import ExecuteJob, JobCommand
from domain.lone_job import LoneJob
from domain.outcomes import JobAttempted
from domain.refusals import ExecutionFailed

# Purpose: which process has each of some start messages of a tenant.
CLAIMED = """
SELECT s.event_name, d.key FROM event_subscription s JOIN process_definition d ON d.id = s.definition_id
WHERE s.event_name = ANY(%s::text[]) AND s.event_type = 'message' AND s.execution_id IS NULL AND d.tenant_id IS NOT DISTINCT FROM %s
"""
# Purpose: the newest version of each process of a tenant, some definitions excepted.
LATEST_WITHOUT = """
SELECT DISTINCT ON (d.key) d.id FROM process_definition d
WHERE d.key = ANY(%s::text[]) AND d.tenant_id IS NOT DISTINCT FROM %s AND d.id <> ALL(%s::text[]) ORDER BY d.key, d.version DESC
"""
# Purpose: the start events of definitions that wait for a message or signal.
OPEN_SUBSCRIPTIONS = """
SELECT s.definition_id, s.activity_id FROM event_subscription s WHERE s.definition_id = ANY(%s::text[]) AND s.execution_id IS NULL
ORDER BY s.definition_id, s.id
"""
# Purpose: the start timers of definitions.
OPEN_TIMERS = "SELECT j.id::text FROM job j WHERE j.definition_id = ANY(%s::text[]) AND j.process_instance_id IS NULL ORDER BY j.id"
# Purpose: whether a definition is suspended: then its timers start nothing.
SUSPENDED = "SELECT FROM process_definition d WHERE d.id = %s AND d.suspended"


class Moved(msgspec.Struct):
    """The facts that give what starts instances to other versions, and the timers as they were seen for it."""

    placed: Placed = []
    timers: Sequence[LoneJob] = ()


class Starts:
    """Moves what starts instances from version to version, and fires start timers."""

    def __init__(self, definitions: Definitions, now: Callable[[], int]) -> None:
        self._definitions = definitions
        self._now = now

    async def move_to(self, connection: EngineConnection, definitions: Sequence[ProcessDefinition], deployment_id: str, now: int) -> Moved:
        """Give what starts instances to new versions, and take it from the versions before. Raises ExecutionFailed."""
        if not definitions:
            return Moved()
        keys, tenant = [definition.key for definition in definitions], definitions[0].tenant_id
        names = [name for definition in definitions for name in start_messages(definition)]
        if names:
            claimed = await connection.rows(CLAIMED, [names, tenant])
            refuse_claimed_messages(definitions, {name: key for name, key in claimed})
        before = await connection.rows(LATEST_WITHOUT, [keys, tenant, [definition.id for definition in definitions]])
        moved = await self._closed(connection, [definition_id for (definition_id,) in before])
        for definition in definitions:
            moved.placed += open_starts(definition, deployment_id, now)
        return moved

    async def move_back(self, connection: EngineConnection, definition_ids: Sequence[str], command_id: str, now: int) -> Moved:
        """Take what starts instances from definitions that are deleted, and give it back to the versions before."""
        deleted = [await self._definition(definition_id) for definition_id in definition_ids]
        moved = await self._closed(connection, definition_ids)
        for tenant in {definition.tenant_id for definition in deleted}:
            rows = await connection.rows(LATEST_WITHOUT, [[d.key for d in deleted], tenant, list(definition_ids)])
            for (definition_id,) in rows:
                definition = await self._definition(definition_id)
                if any(d.key == definition.key and d.version > definition.version for d in deleted):
                    moved.placed += open_starts(definition, command_id, now)
        return moved

    async def _closed(self, connection: EngineConnection, definition_ids: Sequence[str]) -> Moved:
        """Take from definitions what starts them."""
        if not definition_ids:
            return Moved()
        subscriptions = await connection.rows(OPEN_SUBSCRIPTIONS, [list(definition_ids)])
        placed: Placed = [(stream_of_definition(id), StartSubscriptionClosed(element_id)) for id, element_id in subscriptions]
        timer_ids = [timer_id for (timer_id,) in await connection.rows(OPEN_TIMERS, [list(definition_ids)])]
        timers = [*(await lone_jobs(connection, timer_ids)).values()]
        return Moved(placed + [(timer.id, fact) for timer in timers for fact in removed(timer)], timers)

    async def decide(
        self, connection: EngineConnection, submission: Submission, timer: LoneJob, command: JobCommand
    ) -> tuple[Batch, Transaction, JobAttempted | None]:
        """Decide a command about a start timer. Raises Refusal."""
        if isinstance(command, ExecuteJob):
            return await self._fire(connection, submission, timer)
        envelope = envelope_of(submission, self._now())
        facts = await self.changed(timer, command, envelope.at)
        return *written_alone(envelope, [(timer.id, fact) for fact in facts], {timer.id: timer.version}), None

    async def changed(self, timer: LoneJob, command: JobChange, now: int) -> list[Fact]:
        """The facts of a command that starts nothing. Raises Refusal."""
        return changed(await self._definition(timer.definition_id), timer, command, now)

    async def _fire(self, connection: EngineConnection, submission: Submission, timer: LoneJob) -> tuple[Batch, Transaction, JobAttempted]:
        envelope = envelope_of(submission, self._now())
        definition = await self._definition(timer.definition_id)
        spreading = Spreading(connection, self._definitions, submission, Batch(envelope.at, {}, {}, {}))
        outcome = JobAttempted()
        try:
            if not await connection.rows(SUSPENDED, [timer.definition_id]):
                await spreading.start(StartProcessInstance(timer.definition_id, start=timer.job.element_id))
                await spreading.deliver()
            facts = executed(timer)
        except ExecutionFailed as failure:
            spreading = Spreading(connection, self._definitions, submission, Batch(envelope.at, {}, {}, {}))
            outcome, facts = JobAttempted(failure), failed(definition, timer, failure.message, envelope.at)
        placed: Placed = [(timer.id, fact) for fact in facts]
        again = following(definition, timer, envelope.at)
        if again is not None:
            placed.append((derived_id(submission.command_id, f"{timer.id}/next"), again))
        transaction = await spreading.transaction()
        transaction.add(numbered(envelope, placed, {timer.id: timer.version}))
        return spreading.batch, transaction, outcome

    async def _definition(self, definition_id: str) -> ProcessDefinition:
        definition = await self._definitions.get(definition_id)
        assert definition is not None, definition_id
        return definition
