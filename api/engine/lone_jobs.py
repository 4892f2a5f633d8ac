"""Jobs that belong to no instance: each has a stream of its own, whose first fact tells what it is for."""

from __future__ import annotations

from collections.abc import Callable

from api.engine.batch import Batch
from api.engine.batch_items import BatchItems
from api.engine.batches import Batches
from api.engine.definition_changes import DefinitionChanges
from api.engine.definitions import Definitions
from api.engine.placing import lone_jobs
from api.engine.starts import Starts
from api.engine.store import Transaction
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.deciding import lone_job
from domain.deciding.job import unknown_job
from domain.facts import BatchJobCreated, Fact, JobCreated, SuspensionScheduled
from domain.job_commands import JobCommand, SetJobRetries
from domain.lone_job import LoneJob
from domain.outcomes import Outcome


class LoneJobs:
    """Decides commands about such jobs, each where it belongs."""

    def __init__(self, definitions: Definitions, now: Callable[[], int], starts: Starts, changes: DefinitionChanges) -> None:
        self._now = now
        self._starts = starts
        self._changes = changes
        self.batches = Batches(BatchItems(definitions, now, self._retries_set), now)

    async def decide(self, connection: EngineConnection, submission: Submission, command: JobCommand) -> tuple[Batch, Transaction, Outcome]:
        """Return what was decided, the transaction that writes it, and the answer. Raises Refusal."""
        job = await _open(connection, command.job_id)
        if isinstance(job.created, BatchJobCreated):
            return await self.batches.decide_job(connection, submission, job, command)
        if isinstance(job.created, SuspensionScheduled):
            return await self._changes.decide_job(connection, submission, job, command)
        return await self._starts.decide(connection, submission, job, command)

    async def _retries_set(self, connection: EngineConnection, job_id: str, command: SetJobRetries) -> list[Fact]:
        job = await _open(connection, job_id)
        if isinstance(job.created, JobCreated):
            return await self._starts.changed(job, command, self._now())
        return lone_job.changed(job, command, self._now())


async def _open(connection: EngineConnection, job_id: str) -> LoneJob:
    job = (await lone_jobs(connection, [job_id])).get(job_id)
    if job is None or job.ended:
        raise unknown_job(job_id)
    return job
