"""Commands about many things at once, each a transaction of its own: deployments, their deletion, retries of many tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import AsyncConnection

from api.engine.batch import Batch
from api.engine.broadcasts import Broadcasts
from api.engine.definitions import Definitions
from api.engine.models import models_of
from api.engine.starts import Placed, Starts, numbered, stream_versions
from api.engine.store import FIRST_FACT, Transaction, Wanted, load
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from domain.commands import CreateDeployment, DeleteDeployment, DeleteProcessInstance, ResourceFile, SetExternalTaskRetries
from domain.deciding.deployment import (
    DeployedDefinition,
    EarlierDeployment,
    create,
    delete,
    digest,
    new_files,
    refuse_same_keys,
    unknown_deployment,
)
from domain.elements import ProcessDefinition
from domain.event_commands import Broadcast
from domain.facts import DeploymentCreated, Envelope, Fact, JobDefinitionsSuspended
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
# Purpose: a deployment's definitions and how many instances run on them.
DEFINITIONS = """
SELECT d.id, (SELECT count(*) FROM process_instance i WHERE i.definition_id = d.id) FROM process_definition d
WHERE d.deployment_id = %s ORDER BY d.id
"""
# Purpose: the running instances of a deployment.
INSTANCES = """
SELECT i.id::text FROM process_instance i JOIN process_definition d ON d.id = i.definition_id WHERE d.deployment_id = %s ORDER BY i.id
"""
# Purpose: whether the deployment is there, and which version its stream has.
DEPLOYMENT = """
SELECT (SELECT max(originator_version) FROM stored_events WHERE originator_id = d.id) FROM deployment d WHERE d.id = %s
"""


class Solitaries:
    """Decides solitary commands."""

    def __init__(self, definitions: Definitions, now: Callable[[], int]) -> None:
        self._definitions = definitions
        self._now = now
        self._broadcasts = Broadcasts(definitions, now)
        self._starts = Starts(definitions, now)

    async def decide(self, connection: AsyncConnection[Any], submission: Submission) -> tuple[Batch, Transaction, Outcome]:
        """Return what was decided, the transaction that writes it, and the answer. Raises Refusal."""
        command = submission.command
        carried_out = await self._carried_out(connection, submission)
        if isinstance(command, CreateDeployment):
            return await self._deploy(connection, submission, command)
        if isinstance(command, Broadcast):
            return await self._broadcasts.decide(connection, submission, command)
        if carried_out or await self._is_repeated(connection, submission):
            return Batch(0, {}, {}, {}), Transaction(), None
        if isinstance(command, SetExternalTaskRetries):
            return await self._set_retries(connection, submission, command)
        if isinstance(command, SuspendJobDefinitions):
            return self._suspend_jobs(submission, command)
        if isinstance(command, JobCommand):
            return await self._starts.decide(connection, submission, command)
        assert isinstance(command, DeleteDeployment)
        return await self._delete(connection, submission, command)

    @staticmethod
    async def _carried_out(connection: AsyncConnection[Any], submission: Submission) -> bool:
        """Tell whether the command was carried out under the id that its client gave it. Raises CommandIdTaken if another one was."""
        if submission.fingerprint is None:
            return False
        fingerprint = (await load(connection, Wanted(given=[submission.command_id]))).fingerprints.get(submission.command_id)
        if submission.is_other_than(fingerprint):
            raise submission.taken()
        return fingerprint is not None

    @staticmethod
    async def _is_repeated(connection: AsyncConnection[Any], submission: Submission) -> bool:
        """Tell whether the command has left its facts already."""
        return bool((await load(connection, Wanted(commands=submission.repetition))).repeated)

    async def _set_retries(
        self, connection: AsyncConnection[Any], submission: Submission, command: SetExternalTaskRetries
    ) -> tuple[Batch, Transaction, Outcome]:
        task_ids = [task_id for task_id in command.task_ids if is_id(task_id)]
        batch = await self._loaded(connection, task_ids, list({aggregate_id(task_id) for task_id in task_ids}))
        batch.decide_retries(submission, command)
        return batch, batch.transaction(), None

    async def _loaded(self, connection: AsyncConnection[Any], task_ids: Sequence[str], instance_ids: Sequence[str]) -> Batch:
        loaded = await load(connection, Wanted(tasks=task_ids, streams=instance_ids))
        definitions: dict[str, ProcessDefinition] = {}
        for definition_id in {state.definition_id for state in loaded.instances.values()}:
            definition = await self._definitions.get(definition_id)
            assert definition is not None
            definitions[definition_id] = definition
        return Batch(self._now(), {task.id: task for task in loaded.tasks}, loaded.instances, definitions)

    async def _deploy(
        self, connection: AsyncConnection[Any], submission: Submission, command: CreateDeployment
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
        rows = await (await connection.execute(VERSIONS, [[model.key for model in models], command.tenant_id])).fetchall()
        facts, definitions = create(submission.stream_id, command, files, models, dict(rows))
        return await self._created(connection, submission, command, files, (facts, definitions))

    async def _created(
        self,
        connection: AsyncConnection[Any],
        submission: Submission,
        command: CreateDeployment,
        files: Sequence[ResourceFile],
        made: tuple[Sequence[tuple[int, Fact]], Sequence[ProcessDefinition]],
    ) -> tuple[Batch, Transaction, Outcome]:
        deployment_id, envelope = submission.stream_id, Envelope(self._now(), submission.command_id, submission.actor)
        placed: Placed = [(part_id(deployment_id, ordinal) if ordinal else deployment_id, fact) for ordinal, fact in made[0]]
        placed += await self._starts.move_to(connection, made[1], deployment_id, envelope.at)
        transaction = Transaction()
        transaction.add(numbered(envelope, placed, await stream_versions(connection, placed)))
        transaction.blobs += [(digest(file), file.content) for file in files]
        for definition in made[1]:
            self._definitions.add(definition)
        deployed = Deployed(deployment_id, command.name, command.source, envelope.at, command.tenant_id, tuple(made[1]))
        return Batch(envelope.at, {}, {}, {}), transaction, deployed

    def _suspend_jobs(self, submission: Submission, command: SuspendJobDefinitions) -> tuple[Batch, Transaction, Outcome]:
        envelope = Envelope(self._now(), submission.command_id, submission.actor)
        suspended = JobDefinitionsSuspended(command.job_definition_ids, command.suspended, command.include_jobs)
        transaction = Transaction()
        transaction.add(numbered(envelope, [(submission.stream_id, suspended)], {}))
        return Batch(envelope.at, {}, {}, {}), transaction, None

    async def _done_already(self, connection: AsyncConnection[Any], submission: Submission, command: CreateDeployment) -> Deployed | None:
        if not submission.maybe_done:
            return None
        rows = await (await connection.execute(FIRST_FACT, [submission.stream_id])).fetchall()
        if not rows:
            return None
        record = MAPPER.record(*rows[0])
        if record.envelope.command_id != submission.command_id or not isinstance(record.fact, DeploymentCreated):
            raise submission.taken()
        rows = await (await connection.execute(DEFINITIONS, [submission.stream_id])).fetchall()
        in_order = sorted((definition_id for definition_id, _ in rows), key=lambda name: name.rsplit(":", 1)[-1])
        found = [await self._definitions.get(definition_id) for definition_id in in_order]
        definitions = tuple(definition for definition in found if definition is not None)
        return Deployed(submission.stream_id, command.name, command.source, record.envelope.at, command.tenant_id, definitions)

    async def _earlier(self, connection: AsyncConnection[Any], command: CreateDeployment) -> EarlierDeployment | None:
        rows = await (await connection.execute(EARLIER, [command.name, command.source, command.tenant_id])).fetchall()
        if not rows:
            return None
        files = {name: bytes(sha256) for _, _, name, sha256 in rows if name is not None}
        return EarlierDeployment(rows[0][0], rows[0][1], files)

    async def _delete(
        self, connection: AsyncConnection[Any], submission: Submission, command: DeleteDeployment
    ) -> tuple[Batch, Transaction, Outcome]:
        known = is_id(command.deployment_id)
        rows = await (await connection.execute(DEPLOYMENT, [command.deployment_id])).fetchall() if known else []
        if not rows:
            raise unknown_deployment(command.deployment_id)
        definitions = await (await connection.execute(DEFINITIONS, [command.deployment_id])).fetchall()
        deployed = [DeployedDefinition(name, name.rsplit(":", 1)[-1], count) for name, count in definitions]
        placed: Placed = [(stream_id or command.deployment_id, fact) for stream_id, fact in delete(deployed, command.cascade)]
        envelope = Envelope(self._now(), submission.command_id, submission.actor)
        placed += await self._starts.move_back(connection, [definition.id for definition in deployed], submission.command_id, envelope.at)
        batch = await self._without_instances(connection, submission, command)
        transaction = batch.transaction()
        transaction.add(numbered(envelope, placed, await stream_versions(connection, placed)))
        return batch, transaction, None

    async def _without_instances(self, connection: AsyncConnection[Any], submission: Submission, command: DeleteDeployment) -> Batch:
        rows = await (await connection.execute(INSTANCES, [command.deployment_id])).fetchall()
        instance_ids = [instance_id for (instance_id,) in rows]
        batch = await self._loaded(connection, (), instance_ids)
        for instance_id in instance_ids:
            batch.decide_for(submission, DeleteProcessInstance("", "deployment deleted", command.skip_io_mappings), instance_id)
        batch.learn_versions((await load(connection, Wanted(tasks=batch.unknown_tasks()))).tasks)
        return batch
