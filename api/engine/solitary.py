"""Commands about many things at once, each a transaction of its own: deployments, their deletion, retries of many tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.engine.batch import Batch
from api.engine.broadcasts import Broadcasts
from api.engine.definition_changes import DefinitionChanges
from api.engine.definitions import Definitions
from api.engine.lone_jobs import LoneJobs
from api.engine.models import models_of
from api.engine.placing import Placed, numbered, stream_versions
from api.engine.starts import Starts
from api.engine.store import FIRST_FACT, Transaction, Wanted, load
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.batch_commands import BatchCommand, CreateBatch
from domain.commands import CreateDeployment, DeleteDeployment, ResourceFile, SetExternalTaskRetries
from domain.deciding.definition import put_off
from domain.deciding.deployment import EarlierDeployment, create, digest, new_files, refuse_same_keys
from domain.definition_commands import DefinitionCommand
from domain.elements import ProcessDefinition
from domain.event_commands import BroadcastSignal, CorrelateMessage
from domain.facts import DeploymentCreated, Envelope, Fact
from domain.ids import aggregate_id, is_id, part_id
from domain.job_commands import JobCommand, SuspendJobDefinitions
from domain.outcomes import Deployed, Outcome

# Purpose: the newest deployment of a name, source and tenant, with its files.
EARLIER = """
SELECT d.id::text, d.deploy_time, r.name, r.sha256 FROM deployment d LEFT JOIN deployment_resource r ON r.deployment_id = d.id
WHERE d.id = (SELECT id FROM deployment WHERE name IS NOT DISTINCT FROM %s AND source IS NOT DISTINCT FROM %s
    AND tenant_id IS NOT DISTINCT FROM %s ORDER BY deploy_time DESC, id DESC LIMIT 1)
"""
# Purpose: the newest version of each process of a tenant.
VERSIONS = "SELECT key, max(version) FROM process_definition WHERE key = ANY(%s) AND tenant_id IS NOT DISTINCT FROM %s GROUP BY key"
# Purpose: a deployment's definitions.
DEFINITIONS = "SELECT d.id FROM process_definition d WHERE d.deployment_id = %s::uuid ORDER BY d.id"


class Solitaries:
    """Decides solitary commands."""

    def __init__(self, definitions: Definitions, now: Callable[[], int]) -> None:
        self._definitions = definitions
        self._now = now
        self._broadcasts = Broadcasts(definitions, now)
        self._starts = Starts(definitions, now)
        self._changes = DefinitionChanges(definitions, now, self._starts)
        self._lone_jobs = LoneJobs(definitions, now, self._starts, self._changes)

    async def decide(self, connection: EngineConnection, submission: Submission) -> tuple[Batch, Transaction, Outcome]:
        """Return what was decided, the transaction that writes it, and the answer. Raises Refusal."""
        carried_out = await self._carried_out(connection, submission)
        match command := submission.command:
            case CreateDeployment():
                return await self._deploy(connection, submission, command)
            case CorrelateMessage() | BroadcastSignal():
                return await self._broadcasts.decide(connection, submission, command)
            case CreateBatch():
                return await self._lone_jobs.batches.decide(connection, submission, command)
        if carried_out or await self._is_repeated(connection, submission):
            return Batch(0, {}, {}, {}), Transaction(), None
        return await self._decide_anew(connection, submission)

    async def _decide_anew(self, connection: EngineConnection, submission: Submission) -> tuple[Batch, Transaction, Outcome]:
        command = submission.command
        if isinstance(command, SetExternalTaskRetries):
            return await self._set_retries(connection, submission, command)
        if isinstance(command, SuspendJobDefinitions):
            return await self._changes.suspend_job_definitions(connection, submission, command)
        if isinstance(command, JobCommand):
            return await self._lone_jobs.decide(connection, submission, command)
        if isinstance(command, BatchCommand):
            return await self._lone_jobs.batches.decide(connection, submission, command)
        if isinstance(command, DefinitionCommand):
            return await self._changes.decide(connection, submission, command)
        assert isinstance(command, DeleteDeployment)
        return await self._changes.delete_deployment(connection, submission, command)

    @staticmethod
    async def _carried_out(connection: EngineConnection, submission: Submission) -> bool:
        """Tell whether the command was carried out under the id that its client gave it. Raises CommandIdTaken if another one was."""
        if submission.fingerprint is None:
            return False
        fingerprint = (await load(connection, Wanted(given=[submission.command_id]))).fingerprints.get(submission.command_id)
        if submission.is_other_than(fingerprint):
            raise submission.taken()
        return fingerprint is not None

    @staticmethod
    async def _is_repeated(connection: EngineConnection, submission: Submission) -> bool:
        """Tell whether the command has left its facts already. Raises CommandIdTaken where they would begin somebody else's stream."""
        loaded = await load(connection, Wanted(commands=submission.repetition))
        if loaded.late and submission.begins_a_stream:
            raise submission.taken()
        return bool(loaded.repeated)

    async def _set_retries(
        self, connection: EngineConnection, submission: Submission, command: SetExternalTaskRetries
    ) -> tuple[Batch, Transaction, Outcome]:
        task_ids = [task_id for task_id in command.task_ids if is_id(task_id)]
        batch = await self._loaded(connection, task_ids, list({aggregate_id(task_id) for task_id in task_ids}))
        batch.decide_retries(submission, command)
        return batch, batch.transaction(), None

    async def _loaded(self, connection: EngineConnection, task_ids: Sequence[str], instance_ids: Sequence[str]) -> Batch:
        loaded = await load(connection, Wanted(tasks=task_ids, streams=instance_ids))
        definitions: dict[str, ProcessDefinition] = {}
        for definition_id in {state.definition_id for state in loaded.instances.values()}:
            definition = await self._definitions.get(definition_id)
            assert definition is not None
            definitions[definition_id] = definition
        return Batch(self._now(), {task.id: task for task in loaded.tasks}, loaded.instances, definitions)

    async def _deploy(
        self, connection: EngineConnection, submission: Submission, command: CreateDeployment
    ) -> tuple[Batch, Transaction, Outcome]:
        done = await self._done_already(connection, submission, command)
        if done is not None:
            return Batch(0, {}, {}, {}), Transaction(), done
        earlier = await self._earlier(connection, command) if command.filter_duplicates or command.changed_only else None
        files = new_files(command, earlier)
        if earlier is not None and not files:
            outcome = Deployed(earlier.id, command.name, command.source, earlier.deploy_time, command.tenant_id, ())
            return Batch(0, {}, {}, {}), Transaction(), outcome
        models = models_of(files, submission.models)
        refuse_same_keys(models)
        rows = await connection.rows(VERSIONS, [[model.key for model in models], command.tenant_id])
        facts, definitions = create(submission.stream_id, command, files, models, dict(rows))
        return await self._created(connection, submission, command, files, (facts, definitions))

    async def _created(
        self,
        connection: EngineConnection,
        submission: Submission,
        command: CreateDeployment,
        files: Sequence[ResourceFile],
        made: tuple[Sequence[tuple[int, Fact]], Sequence[ProcessDefinition]],
    ) -> tuple[Batch, Transaction, Outcome]:
        deployment_id, envelope = submission.stream_id, Envelope(self._now(), submission.command_id, submission.actor)
        placed: Placed = [(part_id(deployment_id, ordinal) if ordinal else deployment_id, fact) for ordinal, fact in made[0]]
        moved = await self._starts.move_to(connection, made[1], deployment_id, envelope.at)
        placed += moved.placed
        placed += put_off(made[1], deployment_id, command.activation, envelope.at)
        transaction = Transaction()
        transaction.add(numbered(envelope, placed, await stream_versions(connection, placed, moved.timers)))
        transaction.blobs.update((digest(file), file.content) for file in files)
        for definition in made[1]:
            self._definitions.add(definition)
        deployed = Deployed(deployment_id, command.name, command.source, envelope.at, command.tenant_id, tuple(made[1]))
        return Batch(envelope.at, {}, {}, {}), transaction, deployed

    async def _done_already(self, connection: EngineConnection, submission: Submission, command: CreateDeployment) -> Deployed | None:
        if not submission.maybe_done:
            return None
        rows = await connection.rows(FIRST_FACT, [submission.stream_id])
        if not rows:
            return None
        record = MAPPER.record(*rows[0])
        if record.envelope.command_id != submission.command_id or not isinstance(record.fact, DeploymentCreated):
            raise submission.taken()
        rows = await connection.rows(DEFINITIONS, [submission.stream_id])
        in_order = sorted((definition_id for (definition_id,) in rows), key=lambda name: name.rsplit(":", 1)[-1])
        found = [await self._definitions.get(definition_id) for definition_id in in_order]
        definitions = tuple(definition for definition in found if definition is not None)
        return Deployed(submission.stream_id, command.name, command.source, record.envelope.at, command.tenant_id, definitions)

    async def _earlier(self, connection: EngineConnection, command: CreateDeployment) -> EarlierDeployment | None:
        rows = await connection.rows(EARLIER, [command.name, command.source, command.tenant_id])
        if not rows:
            return None
        files = {name: bytes(sha256) for _, _, name, sha256 in rows if name is not None}
        return EarlierDeployment(rows[0][0], rows[0][1], files)
