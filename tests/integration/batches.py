"""Batches and how far they are, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from api.engine import Engine
from domain.batch_commands import CreateBatch
from domain.operations import Operation
from domain.outcomes import BatchBegun


async def begun(engine: Engine, operation: Operation, items: Sequence[str], command_id: str | None = None) -> BatchBegun:
    """Begin a batch."""
    outcome = await engine.submit(CreateBatch(operation, tuple(items)), command_id=command_id)
    assert isinstance(outcome, BatchBegun)
    return outcome


async def until(engine: Engine, sql: str, *parameters: object) -> None:
    """Look until a query finds true: executors work on, and the test's own time limit ends a vain wait."""
    while True:
        [(found,)] = await engine.query(sql, parameters)
        if found:
            return


async def ended(engine: Engine, batch: BatchBegun) -> None:
    await until(engine, "SELECT NOT EXISTS (SELECT FROM batch WHERE id = %s::uuid)", batch.id)


async def failed(engine: Engine, batch: BatchBegun, jobs: int = 1) -> None:
    """Wait until so many jobs of the batch are not tried any more."""
    await until(engine, "SELECT count(*) = %s FROM job WHERE batch_id = %s::uuid AND retries = 0", jobs, batch.id)


async def jobs_of(engine: Engine, batch: BatchBegun, kind: str = "batch-execution") -> list[str]:
    """The open jobs of a batch."""
    rows = await engine.query("SELECT id::text FROM job WHERE batch_id = %s::uuid AND kind = %s ORDER BY id", [batch.id, kind])
    return [job_id for (job_id,) in rows]
