"""Messages, signals and timers that start instances: the latest version of each process has them, and timers fire (BPMN page §8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from api.engine.batch import Batch
from api.engine.definitions import Definitions
from api.engine.spreading import Spreading
from api.engine.store import Transaction
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.commands import StartProcessInstance
from domain.deciding.job import unknown_job
from domain.deciding.start_timer import changed, failed, fired, following, removed
from domain.deciding.starts import open_starts, refuse_claimed_messages, start_messages
from domain.elements import ProcessDefinition
from domain.facts import Envelope, Fact, Recorded, StartSubscriptionClosed
from domain.ids import derived_id, stream_of_definition
from domain.job_commands import ExecuteJob, JobCommand
from domain.outcomes import JobAttempted
from domain.refusals import ExecutionFailed
from domain.start_timer import StartTimer, fold

# Purpose: which process has each of some start messages of a tenant.
CLAIMED = """
SELECT s.event_name, d.key FROM event_subscription s JOIN process_definition d ON d.id = s.definition_id
WHERE s.event_name = ANY(%s::text[]) AND s.event_type = 'message' AND s.execution_id IS NULL AND d.tenant_id IS NOT DISTINCT FROM %s
"""
# Purpose: the newest version of each process of a tenant, those of some deployment excepted.
LATEST_WITHOUT = """
SELECT DISTINCT ON (d.key) d.id FROM process_definition d
WHERE d.key = ANY(%s::text[]) AND d.tenant_id IS NOT DISTINCT FROM %s AND d.deployment_id <> %s::uuid ORDER BY d.key, d.version DESC
"""
# Purpose: the start events of definitions that wait for a message or signal.
OPEN_SUBSCRIPTIONS = """
SELECT s.definition_id, s.activity_id FROM event_subscription s WHERE s.definition_id = ANY(%s::text[]) AND s.execution_id IS NULL
ORDER BY s.definition_id, s.id
"""
# Purpose: the start timers of definitions.
OPEN_TIMERS = "SELECT j.id::text FROM job j WHERE j.definition_id = ANY(%s::text[]) AND j.process_instance_id IS NULL ORDER BY j.id"
# Purpose: whole streams of start timers.
TIMERS = """
SELECT originator_id::text, originator_version, topic, state FROM stored_events WHERE originator_id = ANY(%s::uuid[])
ORDER BY originator_id, originator_version
"""
# Purpose: the versions of streams.
STREAM_VERSIONS = """
SELECT originator_id::text, max(originator_version) FROM stored_events WHERE originator_id = ANY(%s::uuid[]) GROUP BY originator_id
"""

Placed = list[tuple[str, Fact]]
"""Facts with the ids of their streams."""


class Starts:
    """Moves what starts instances from version to version, and fires start timers."""

    def __init__(self, definitions: Definitions, now: Callable[[], int]) -> None:
        self._definitions = definitions
        self._now = now

    async def move_to(self, connection: EngineConnection, definitions: Sequence[ProcessDefinition], deployment_id: str, now: int) -> Placed:
        """Give what starts instances to new versions, and take it from the versions before. Raises ExecutionFailed."""
        if not definitions:
            return []
        keys, tenant = [definition.key for definition in definitions], definitions[0].tenant_id
        names = [name for definition in definitions for name in start_messages(definition)]
        if names:
            claimed = await connection.rows(CLAIMED, [names, tenant])
            refuse_claimed_messages(definitions, {name: key for name, key in claimed})
        before = await connection.rows(LATEST_WITHOUT, [keys, tenant, deployment_id])
        closed = await self.closed(connection, [definition_id for (definition_id,) in before])
        return closed + [placed for definition in definitions for placed in open_starts(definition, deployment_id, now)]

    async def move_back(self, connection: EngineConnection, definition_ids: Sequence[str], command_id: str, now: int) -> Placed:
        """Take what starts instances from definitions that are deleted, and give it back to the versions before."""
        deleted = [await self._definition(definition_id) for definition_id in definition_ids]
        placed = await self.closed(connection, definition_ids)
        for tenant, deployment_id in {(d.tenant_id, d.deployment_id) for d in deleted}:
            rows = await connection.rows(LATEST_WITHOUT, [[d.key for d in deleted], tenant, deployment_id])
            for (definition_id,) in rows:
                definition = await self._definition(definition_id)
                if any(d.key == definition.key and d.version > definition.version for d in deleted):
                    placed += open_starts(definition, command_id, now)
        return placed

    async def closed(self, connection: EngineConnection, definition_ids: Sequence[str]) -> Placed:
        """The facts that take from definitions what starts them."""
        if not definition_ids:
            return []
        subscriptions = await connection.rows(OPEN_SUBSCRIPTIONS, [list(definition_ids)])
        placed: Placed = [(stream_of_definition(id), StartSubscriptionClosed(element_id)) for id, element_id in subscriptions]
        timer_ids = [timer_id for (timer_id,) in await connection.rows(OPEN_TIMERS, [list(definition_ids)])]
        for timer in (await _timers(connection, timer_ids)).values():
            placed += [(timer.id, fact) for fact in removed(timer)]
        return placed

    async def decide(
        self, connection: EngineConnection, submission: Submission, command: JobCommand
    ) -> tuple[Batch, Transaction, JobAttempted | None]:
        """Decide a command about a start timer. Raises Refusal."""
        timer = (await _timers(connection, [command.job_id])).get(command.job_id)
        if timer is None or timer.ended:
            raise unknown_job(command.job_id)
        if isinstance(command, ExecuteJob):
            return await self._fire(connection, submission, timer)
        envelope = Envelope(self._now(), submission.command_id, submission.actor)
        facts = changed(await self._definition(timer.definition_id), timer, command, envelope.at)
        batch, transaction = Batch(envelope.at, {}, {}, {}), Transaction()
        transaction.add(numbered(envelope, [(timer.id, fact) for fact in facts], {timer.id: timer.version}))
        return batch, transaction, None

    async def _fire(
        self, connection: EngineConnection, submission: Submission, timer: StartTimer
    ) -> tuple[Batch, Transaction, JobAttempted]:
        envelope = Envelope(self._now(), submission.command_id, submission.actor)
        definition = await self._definition(timer.definition_id)
        spreading = Spreading(connection, self._definitions, submission, Batch(envelope.at, {}, {}, {}))
        outcome = JobAttempted()
        try:
            await spreading.start(StartProcessInstance(timer.definition_id, start=timer.job.element_id))
            await spreading.deliver()
            facts = fired(timer)
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


def numbered(envelope: Envelope, placed: Iterable[tuple[str, Fact]], versions: Mapping[str, int]) -> list[Recorded]:
    """Number facts in their streams behind what these hold already."""
    last, records = dict(versions), []
    for stream_id, fact in placed:
        last[stream_id] = version = last.get(stream_id, 0) + 1
        records.append(Recorded(stream_id, version, envelope, fact))
    return records


async def stream_versions(connection: EngineConnection, placed: Iterable[tuple[str, Fact]]) -> dict[str, int]:
    """The versions of the streams that facts go to, as far as these exist."""
    return dict(await connection.rows(STREAM_VERSIONS, [list({stream_id for stream_id, _ in placed})]))


async def _timers(connection: EngineConnection, timer_ids: Sequence[str]) -> dict[str, StartTimer]:
    if not timer_ids:
        return {}
    streams: dict[str, list[Recorded]] = {}
    for row in await connection.rows(TIMERS, [list(timer_ids)]):
        record = MAPPER.record(*row)
        streams.setdefault(record.originator_id, []).append(record)
    return {timer_id: timer for timer_id, records in streams.items() if (timer := fold(records)) is not None}
