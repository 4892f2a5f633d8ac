"""What answers about batches look like, and how one is begun (REST contract §8, §10.10)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from fastapi import Request
from starlette.responses import Response

from api.rest.answers import JsonResponse
from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from api.rest.json_body import JsonAnswer
from api.rest.rows import row_writer
from domain.batch import EXECUTION, MONITOR, SEED, batch_job_definition_id
from domain.batch_commands import CreateBatch
from domain.operations import Operation
from domain.outcomes import BatchBegun


class BatchDto(JsonAnswer):
    """A batch that has not ended. One job works on one item; `jobs_created` are there, or were."""

    id: str
    type: str
    total_jobs: int
    jobs_created: int
    batch_jobs_per_seed: int
    invocations_per_batch_job: int
    seed_job_definition_id: str
    monitor_job_definition_id: str
    batch_job_definition_id: str
    suspended: bool
    tenant_id: str | None
    create_user_id: str | None
    start_time: str
    execution_start_time: str | None


class BatchStatisticsDto(BatchDto):
    """How far a batch is. A failed job is one that is not tried again; it remains as well."""

    remaining_jobs: int
    completed_jobs: int
    failed_jobs: int


write_batch = row_writer(BatchDto, "startTime", "executionStartTime")
write_statistics = row_writer(BatchStatisticsDto, "startTime", "executionStartTime")


async def begin_batch(request: Request, operation: Operation, asked: object, select: Callable[[], Awaitable[Iterable[str]]]) -> Response:
    """Begin a batch and answer it as it stands before any of its jobs. A request that is repeated selects no items again."""
    engine, command_id = engine_of(request), command_id_of(request)
    again = command_id is not None and await engine.carried_out(command_id, CreateBatch)
    items = () if again else await select()
    command = CreateBatch(operation, tuple(dict.fromkeys(items)))
    begun = await engine.submit(command, command_id=command_id, asked=(type(operation).__name__, asked))
    assert isinstance(begun, BatchBegun)
    definitions = (batch_job_definition_id(begun.id, role) for role in (SEED, MONITOR, EXECUTION))
    row = begun.id, begun.type, begun.items, 0, begun.jobs_per_seed, 1, *definitions
    return JsonResponse(write_batch((*row, False, begun.tenant_id, begun.create_user, begun.start_time, None)))
