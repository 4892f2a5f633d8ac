"""What happens to process definitions after their deployment, and to what belongs to them: suspension, deletion, time to live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from api.engine.batch import Batch
from api.engine.definitions import Definitions
from api.engine.placing import Placed, envelope_of, lone_jobs, numbered, stream_versions, written_alone
from api.engine.spreading import Spreading
from api.engine.starts import Starts
from api.engine.store import Transaction
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.commands import DeleteDeployment, DeleteProcessInstance, SuspendProcessInstance
from domain.deciding import definition as deciding
from domain.deciding import lone_job
from domain.deciding.definition import DeployedDefinition
from domain.deciding.deployment import deleted, unknown_deployment
from domain.definition_commands import DefinitionCommand, DeleteProcessDefinitions, SetHistoryTimeToLive, SuspendProcessDefinitions
from domain.facts import JobDefinitionsSuspended, SuspensionScheduled
from domain.ids import derived_id, is_id
from domain.job_commands import ExecuteJob, JobCommand, SuspendJobDefinitions
from domain.lone_job import LoneJob
from domain.outcomes import JobAttempted, Outcome

# Purpose: definitions by their ids, and how many instances run on each.
DEFINITIONS = """
SELECT d.id, (SELECT count(*) FROM process_instance i WHERE i.definition_id = d.id) FROM process_definition d
WHERE d.id = ANY(%s::text[]) ORDER BY d.id
"""
# Purpose: the definitions of a deployment.
OF_DEPLOYMENT = "SELECT d.id FROM process_definition d WHERE d.deployment_id = %s::uuid ORDER BY d.id"
# Purpose: all versions of a process.
OF_KEY = "SELECT d.id FROM process_definition d WHERE d.key = %s ORDER BY d.id"
# Purpose: whether a deployment is there.
DEPLOYMENT = "SELECT FROM deployment d WHERE d.id = %s::uuid"
# Purpose: the running instances of definitions.
INSTANCES = "SELECT i.id::text FROM process_instance i WHERE i.definition_id = ANY(%s::text[]) ORDER BY i.id"
# Purpose: the job definitions of definitions.
JOB_DEFINITIONS = "SELECT j.id::text FROM job_definition j WHERE j.definition_id = ANY(%s::text[]) ORDER BY j.id"
# Purpose: the start timers of definitions.
START_TIMERS = "SELECT j.id::text FROM job j WHERE j.definition_id = ANY(%s::text[]) AND j.process_instance_id IS NULL ORDER BY j.id"

Decided = tuple[Batch, Transaction, Outcome]


class DefinitionChanges:
    """Decides commands about definitions that are deployed."""

    def __init__(self, definitions: Definitions, now: Callable[[], int], starts: Starts) -> None:
        self._definitions = definitions
        self._now = now
        self._starts = starts

    async def decide(self, connection: EngineConnection, submission: Submission, command: DefinitionCommand) -> Decided:
        """Return what was decided, the transaction that writes it, and the answer. Raises Refusal."""
        match command:
            case SuspendProcessDefinitions():
                return await self._suspend(connection, submission, command)
            case SetHistoryTimeToLive(definition_id, days):
                await _known(connection, [definition_id])
                return await self._write(connection, submission, deciding.set_time_to_live(definition_id, days))
            case DeleteProcessDefinitions(ids, cascade, skip_io_mappings):
                return await self._delete(connection, submission, ids, cascade, skip_io_mappings)

    async def _suspend(self, connection: EngineConnection, submission: Submission, command: SuspendProcessDefinitions) -> Decided:
        if command.due is not None:
            scheduled = SuspensionScheduled(command.due, command.suspended, command.ids, command.key, include=command.include_instances)
            return await self._write(connection, submission, [(submission.stream_id, scheduled)])
        return await self._together(connection, submission, *await self._suspended(connection, submission, command))

    async def suspend_job_definitions(
        self, connection: EngineConnection, submission: Submission, command: SuspendJobDefinitions
    ) -> Decided:
        """Suspend or resume job definitions, now or later."""
        ids, suspended, include = command.job_definition_ids, command.suspended, command.include_jobs
        fact = (
            JobDefinitionsSuspended(ids, suspended, include)
            if command.due is None
            else SuspensionScheduled(command.due, suspended, ids, job_definitions=True, include=include)
        )
        return await self._write(connection, submission, [(submission.stream_id, fact)])

    async def decide_job(self, connection: EngineConnection, submission: Submission, job: LoneJob, command: JobCommand) -> Decided:
        """Decide a command about a job that suspends something later."""
        assert isinstance(job.created, SuspensionScheduled)
        if isinstance(command, ExecuteJob):
            return await self._execute(connection, submission, job, job.created)
        return await self._write(connection, submission, [(job.id, fact) for fact in lone_job.changed(job, command, self._now())], [job])

    async def _execute(self, connection: EngineConnection, submission: Submission, job: LoneJob, scheduled: SuspensionScheduled) -> Decided:
        placed: Placed = [(job.id, fact) for fact in lone_job.executed(job)]
        if scheduled.job_definitions:
            suspended = JobDefinitionsSuspended(scheduled.ids, scheduled.suspended, scheduled.include)
            placed.append((derived_id(submission.command_id, "suspension"), suspended))
            return (*(await self._write(connection, submission, placed, [job]))[:2], JobAttempted())
        command = SuspendProcessDefinitions(scheduled.suspended, scheduled.ids, scheduled.key, scheduled.include)
        spreading, facts, timers = await self._suspended(connection, submission, command)
        return (*(await self._together(connection, submission, spreading, [*facts, *placed], [job, *timers]))[:2], JobAttempted())

    async def _suspended(
        self, connection: EngineConnection, submission: Submission, command: SuspendProcessDefinitions
    ) -> tuple[Spreading, Placed, Sequence[LoneJob]]:
        """What is decided about definitions and instances, and the start timers that it is about as well."""
        wanted = command.ids if command.key is None else await _ids(connection, OF_KEY, [command.key])
        ids, now = [d.id for d in await _deployed(connection, wanted)], self._now()
        job_definitions = await _ids(connection, JOB_DEFINITIONS, [ids])
        timers = [*(await lone_jobs(connection, await _ids(connection, START_TIMERS, [ids]))).values()]
        placed = deciding.suspend(ids, command.suspended, command.include_instances)
        stream_id = derived_id(submission.command_id, "job definitions")
        placed += deciding.suspend_job_definitions(stream_id, job_definitions, command.suspended, command.include_instances)
        placed += deciding.suspend_start_timers(timers, command.suspended, now)
        spreading = Spreading(connection, self._definitions, submission, Batch(now, {}, {}, {}))
        for instance_id in await self._instances(connection, spreading, ids) if command.include_instances else ():
            spreading.decide(SuspendProcessInstance(instance_id, command.suspended), instance_id)
        return spreading, placed, timers

    async def delete_deployment(self, connection: EngineConnection, submission: Submission, command: DeleteDeployment) -> Decided:
        """Delete a deployment with its definitions."""
        deployment_id = command.deployment_id
        if not is_id(deployment_id) or not await connection.rows(DEPLOYMENT, [deployment_id]):
            raise unknown_deployment(deployment_id)
        ids = await _ids(connection, OF_DEPLOYMENT, [deployment_id])
        first = [(deployment_id, deleted(command.cascade))]
        return await self._delete(connection, submission, ids, command.cascade, command.skip_io_mappings, first)

    async def _delete(
        self,
        connection: EngineConnection,
        submission: Submission,
        ids: Sequence[str],
        cascade: bool,
        skip_io_mappings: bool,
        first: Sequence[tuple[str, Any]] = (),
    ) -> Decided:
        placed = [*first, *deciding.delete(await _known(connection, ids), cascade)]
        now = self._now()
        moved = await self._starts.move_back(connection, ids, submission.command_id, now)
        spreading = Spreading(connection, self._definitions, submission, Batch(now, {}, {}, {}))
        for instance_id in await self._instances(connection, spreading, ids):
            spreading.decide(DeleteProcessInstance("", "deployment deleted", skip_io_mappings), instance_id)
        return await self._together(connection, submission, spreading, placed + moved.placed, moved.timers)

    @staticmethod
    async def _instances(connection: EngineConnection, spreading: Spreading, definition_ids: Sequence[str]) -> list[str]:
        """The running instances of definitions, loaded."""
        instance_ids = await _ids(connection, INSTANCES, [list(definition_ids)])
        await spreading.load(instance_ids)
        return instance_ids

    async def _together(
        self, connection: EngineConnection, submission: Submission, spreading: Spreading, placed: Placed, seen: Sequence[LoneJob] = ()
    ) -> Decided:
        """Write what was decided about instances together with other facts."""
        transaction = await spreading.transaction()
        if placed:
            versions = await stream_versions(connection, placed, seen)
            transaction.add(numbered(envelope_of(submission, spreading.batch.at), placed, versions))
        return spreading.batch, transaction, None

    async def _write(self, connection: EngineConnection, submission: Submission, placed: Placed, seen: Sequence[LoneJob] = ()) -> Decided:
        versions = await stream_versions(connection, placed, seen)
        return *written_alone(envelope_of(submission, self._now()), placed, versions), None


async def _ids(connection: EngineConnection, sql: str, parameters: Sequence[Any]) -> list[str]:
    return [id for (id,) in await connection.rows(sql, parameters)]


async def _deployed(connection: EngineConnection, ids: Sequence[str]) -> list[DeployedDefinition]:
    return [DeployedDefinition(id, count) for id, count in await connection.rows(DEFINITIONS, [list(ids)])]


async def _known(connection: EngineConnection, ids: Sequence[str]) -> list[DeployedDefinition]:
    """Definitions that all have to be there."""
    found = await _deployed(connection, ids)
    missing = set(ids) - {definition.id for definition in found}
    if missing:
        raise deciding.unknown_definition(min(missing))
    return found
