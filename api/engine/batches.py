"""Batches: created, suspended, deleted, and moved on by their jobs (REST contract §8, §10.10).

A job's work and the fact that it is done are one transaction, so that no item is worked on twice whoever executes the job, and however
that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from api.engine.batch import Batch
from api.engine.batch_items import BatchItems
from api.engine.cache import Cache
from api.engine.placing import Placed, envelope_of, lone_jobs, numbered, stream_versions, whole_streams, written_alone
from api.engine.store import FIRST_FACT, Transaction, VersionConflict
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain import batch as batches
from domain.batch import EXECUTION, MONITOR, SEED, BatchState, batch_job_definition_id
from domain.batch_commands import BatchCommand, CreateBatch, DeleteBatch, DeleteBatchHistory, SuspendBatch
from domain.deciding import batch as deciding
from domain.deciding import lone_job
from domain.facts import BatchCreated, BatchJobCreated
from domain.ids import is_id
from domain.job_commands import DeleteJob, ExecuteJob, JobCommand
from domain.lone_job import LoneJob
from domain.operations import Operation, type_of
from domain.outcomes import BatchBegun, JobAttempted, Outcome
from domain.refusals import ExecutionFailed, Refusal

# Purpose: the open jobs of a batch.
OPEN_JOBS = "SELECT id::text FROM job WHERE batch_id = %s::uuid ORDER BY id"
# Purpose: whether any item of a batch still has its job.
JOBS_LEFT = "SELECT EXISTS (SELECT FROM job WHERE job_definition_id = %s::uuid)"
# Purpose: how many jobs, but not more than a few, are left beside one that may still do their work; the monitor job; and whether any item
# was worked on.
PROGRESS = """
SELECT (SELECT count(*) FROM (
        SELECT FROM job WHERE job_definition_id = %(execution)s::uuid AND id <> %(job)s::uuid AND retries > 0 LIMIT %(few)s) left_over),
    (SELECT id::text FROM job WHERE job_definition_id = %(monitor)s::uuid),
    EXISTS (SELECT FROM batch WHERE id = %(batch)s::uuid AND execution_start_time IS NULL)
"""
FEW = 8
"""So few jobs are left that those which are executed right now may be all of them: each then lets the monitor job look."""
OPERATIONS_REMEMBERED = 64


class Progress(msgspec.Struct, frozen=True):
    """How far a batch is when one of its jobs ends."""

    is_first: bool
    hurried: Placed = []
    """What wakes the monitor job, if this may be the last job."""
    monitor: tuple[LoneJob, ...] = ()
    """That job as it was seen: if it is executed meanwhile, that is a conflict, and not a wake-up that nobody hears."""


class Batches:
    """Decides commands about batches and about their jobs."""

    def __init__(self, items: BatchItems, now: Callable[[], int]) -> None:
        self._items = items
        self._now = now
        self._operations: Cache[Operation] = Cache(OPERATIONS_REMEMBERED)

    async def decide(
        self, connection: EngineConnection, submission: Submission, command: BatchCommand
    ) -> tuple[Batch, Transaction, Outcome]:
        """Return what was decided, the transaction that writes it, and the answer. Raises Refusal."""
        if isinstance(command, CreateBatch):
            return await self._create(connection, submission, command)
        batch = await _batch(connection, command.batch_id)
        jobs = await _open_jobs(connection, batch) if isinstance(command, DeleteBatch) else ()
        placed = _changes(batch, jobs, command)
        versions = await stream_versions(connection, placed, [*jobs, *filter(None, [batch])])
        return *written_alone(envelope_of(submission, self._now()), placed, versions), None

    async def _create(
        self, connection: EngineConnection, submission: Submission, command: CreateBatch
    ) -> tuple[Batch, Transaction, BatchBegun]:
        if submission.maybe_done and (begun := await _begun_before(connection, submission)) is not None:
            return Batch(0, {}, {}, {}), Transaction(), begun
        envelope = envelope_of(submission, self._now())
        created, placed = deciding.create(submission.stream_id, command)
        begun = _begun(submission.stream_id, created, envelope.at, envelope.actor)
        return *written_alone(envelope, placed, {}), begun

    async def decide_job(
        self, connection: EngineConnection, submission: Submission, job: LoneJob, command: JobCommand
    ) -> tuple[Batch, Transaction, Outcome]:
        """Decide a command about a job of a batch. Raises Refusal."""
        if isinstance(command, ExecuteJob):
            return await self._execute(connection, submission, job)
        envelope = envelope_of(submission, self._now())
        placed = [(job.id, fact) for fact in lone_job.changed(job, command, envelope.at)]
        if isinstance(command, DeleteJob):
            progress = await self._progress(connection, job)
            placed, seen = placed + progress.hurried, (job, *progress.monitor)
            return *written_alone(envelope, placed, await stream_versions(connection, placed, seen)), None
        return *written_alone(envelope, placed, {job.id: job.version}), None

    async def _execute(self, connection: EngineConnection, submission: Submission, job: LoneJob) -> tuple[Batch, Transaction, JobAttempted]:
        assert isinstance(job.created, BatchJobCreated)
        try:
            if job.created.role == EXECUTION:
                return await self._work(connection, submission, job, job.created)
            return await self._move_on(connection, submission, job, job.created)
        except Refusal as refusal:
            envelope = envelope_of(submission, self._now())
            placed = [(job.id, fact) for fact in lone_job.failed(job, refusal.message, envelope.at)]
            failure = refusal if isinstance(refusal, ExecutionFailed) else ExecutionFailed(refusal.message)
            return *written_alone(envelope, placed, {job.id: job.version}), JobAttempted(failure)

    async def _move_on(
        self, connection: EngineConnection, submission: Submission, job: LoneJob, created: BatchJobCreated
    ) -> tuple[Batch, Transaction, JobAttempted]:
        envelope = envelope_of(submission, self._now())
        batch = await _batch(connection, created.batch_id)
        assert batch is not None
        if created.role == SEED:
            placed = deciding.seed(batch, job)
        else:
            [(jobs_left,)] = await connection.rows(JOBS_LEFT, [batch_job_definition_id(batch.id, EXECUTION)])
            placed = deciding.monitor(batch, job, jobs_left, envelope.at)
        return *written_alone(envelope, placed, {job.id: job.version, batch.id: batch.version}), JobAttempted()

    async def _work(
        self, connection: EngineConnection, submission: Submission, job: LoneJob, created: BatchJobCreated
    ) -> tuple[Batch, Transaction, JobAttempted]:
        operation = await self._operation(connection, created.batch_id)
        done = await self._items.work(connection, submission, operation, created.item or "")
        progress = await self._progress(connection, job)
        placed = [*done.placed, *deciding.executed_for(created.batch_id, job, progress.is_first), *progress.hurried]
        versions = await stream_versions(connection, placed, (job, *progress.monitor))
        done.transaction.add(numbered(envelope_of(submission, done.batch.at), placed, versions))
        return done.batch, done.transaction, JobAttempted()

    async def _progress(self, connection: EngineConnection, job: LoneJob) -> Progress:
        """Tell whether a job that ends is the batch's first; and wake the monitor job if it may be the last."""
        assert isinstance(job.created, BatchJobCreated)
        batch_id = job.created.batch_id
        ids = {"batch": batch_id, "job": job.id, **{role: batch_job_definition_id(batch_id, role) for role in (EXECUTION, MONITOR)}}
        [(left, monitor_id, is_first)] = await connection.rows(PROGRESS, {**ids, "few": FEW})
        if left == FEW or monitor_id is None or monitor_id == job.id:
            return Progress(is_first)
        monitor = (await lone_jobs(connection, [monitor_id]))[monitor_id]
        if monitor.ended:
            raise VersionConflict(f"The monitor job {monitor_id} was executed meanwhile")
        return Progress(is_first, deciding.hurried(monitor_id, self._now()), (monitor,))

    async def _operation(self, connection: EngineConnection, batch_id: str) -> Operation:
        found = self._operations.get(batch_id)
        if found is None:
            rows = await connection.rows(FIRST_FACT, [batch_id])
            created = MAPPER.record(*rows[0]).fact
            assert isinstance(created, BatchCreated)
            found = created.operation
            self._operations.put(batch_id, found)
        return found


async def _batch(connection: EngineConnection, batch_id: str) -> BatchState | None:
    streams = await whole_streams(connection, [batch_id]) if is_id(batch_id) else {}
    return batches.fold(streams.get(batch_id, ()))


def _changes(batch: BatchState | None, jobs: Sequence[LoneJob], command: SuspendBatch | DeleteBatch | DeleteBatchHistory) -> Placed:
    match command:
        case SuspendBatch(batch_id, suspended):
            return deciding.suspend(batch, batch_id, suspended)
        case DeleteBatch(batch_id, cascade):
            return deciding.delete(batch, batch_id, jobs, cascade)
        case DeleteBatchHistory(batch_id):
            return deciding.delete_history(batch, batch_id)


async def _open_jobs(connection: EngineConnection, batch: BatchState | None) -> Sequence[LoneJob]:
    if batch is None:
        return ()
    ids = [job_id for (job_id,) in await connection.rows(OPEN_JOBS, [batch.id])]
    found = await lone_jobs(connection, ids)
    return [found[job_id] for job_id in ids]


def _begun(batch_id: str, created: BatchCreated, at: int, actor: str | None) -> BatchBegun:
    return BatchBegun(batch_id, type_of(created.operation), len(created.items), created.jobs_per_seed, at, created.tenant_id, actor)


async def _begun_before(connection: EngineConnection, submission: Submission) -> BatchBegun | None:
    rows = await connection.rows(FIRST_FACT, [submission.stream_id])
    if not rows:
        return None
    record = MAPPER.record(*rows[0])
    if record.envelope.command_id != submission.command_id or not isinstance(record.fact, BatchCreated):
        raise submission.taken()
    return _begun(submission.stream_id, record.fact, record.envelope.at, record.envelope.actor)
