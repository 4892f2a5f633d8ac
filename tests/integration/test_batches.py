"""Batches on a real database: whoever executes their jobs, every item is worked on once, and the batch ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.engine import CommandIdTaken, Engine
from domain.batch_commands import DeleteBatch, DeleteBatchHistory, SuspendBatch
from domain.facts import VariablesModified
from domain.job_commands import DeleteJob, ExecuteJob, SetJobRetries
from domain.operations import DeleteInstances, Operation, SetRetriesOfJobs, SetRetriesOfTasks, SetVariablesOfInstances, SuspendInstances
from domain.outcomes import JobAttempted
from domain.refusals import NotFound, Rejected
from tests.integration.batches import begun, ended, failed, jobs_of, until
from tests.integration.engines import BROKEN_STREAMS, deployed, fetched, opened, rows, several_started, started, values
from tests.integration.models import ONE
from tests.integration.polling import answer, waiting

pytestmark = pytest.mark.anyio

COUNT = "SELECT count(*) FROM stored_events WHERE topic = %s"
NOTHING_LEFT = "SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM job_definition WHERE deployment_id IS NULL), count(*) FROM batch"


@pytest.fixture
async def idle(database: str) -> AsyncIterator[Engine]:
    """An engine that executes no jobs by itself."""
    async with opened(database, job_executor=False) as running:
        yield running
    assert await rows(database, BROKEN_STREAMS) == []


async def seeded(engine: Engine, operation: Operation, items: list[str]) -> list[str]:
    """The jobs of a batch, which are all there."""
    batch = await begun(engine, operation, items)
    while seeds := await jobs_of(engine, batch, "batch-seed"):
        await engine.submit(ExecuteJob(seeds[0]))
    return await jobs_of(engine, batch)


async def test_two_engines_share_a_batch_and_work_on_every_item_once(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    instances = await several_started(engine, "one", 250)

    async with opened(database):
        batch = await begun(engine, SetVariablesOfInstances(values(n=1)), instances)
        await ended(engine, batch)

    for instance in instances[::50]:
        assert sum(isinstance(record.fact, VariablesModified) for record in await engine.facts(instance)) == 1
    assert await rows(database, COUNT, "VariablesModified.1") == [(250,)]
    assert await rows(database, COUNT, "BatchStarted.1") == [(1,)]
    assert await rows(database, COUNT, "BatchCompleted.1") == [(1,)]
    assert await rows(database, COUNT, "BatchSeeded.1") == [(3,)]
    assert await rows(database, NOTHING_LEFT) == [(0, 0, 0)]
    assert await rows(database, BROKEN_STREAMS) == []


async def test_jobs_that_two_execute_at_once_are_executed_once(idle: Engine, database: str) -> None:
    await deployed(idle, ONE)
    instances = await several_started(idle, "one", 20)
    jobs = await seeded(idle, SuspendInstances(True), instances)

    async with opened(database, job_executor=False) as other:
        answers = await asyncio.gather(*(e.submit(ExecuteJob(job)) for job in jobs for e in (idle, other)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in answers) == ["JobAttempted"] * 20 + ["NotFound"] * 20
    assert await rows(database, COUNT, "ProcessInstanceSuspended.1") == [(20,)]
    assert await rows(database, COUNT, "BatchStarted.1") == [(1,)]


async def test_a_batch_that_is_begun_again_under_its_id_is_the_same_one(idle: Engine, database: str) -> None:
    command_id, operation = idle.new_id(), DeleteInstances()

    together = [await begun(idle, operation, ["a", "b"], command_id) for _ in range(3)]

    assert together == [together[0]] * 3
    assert await rows(database, "SELECT count(*) FROM stored_events") == [(2,)]


async def test_a_batch_is_not_begun_under_the_id_of_something_else(idle: Engine) -> None:
    await deployed(idle, ONE)
    instance = await started(idle, "one")

    with pytest.raises(CommandIdTaken):
        await begun(idle, DeleteInstances(), ["a"], instance)


async def test_a_failed_job_leaves_nothing_of_its_attempt_and_the_batch_as_it_is(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 2)
    tasks = [task for (task,) in await rows(database, "SELECT id::text FROM external_task ORDER BY id")]

    batch = await begun(engine, SetRetriesOfTasks(5), [tasks[0], "ghost", tasks[1]])
    await failed(engine, batch)

    [job] = await jobs_of(engine, batch)
    assert await rows(database, "SELECT retries FROM external_task") == [(5,), (5,)]
    assert await rows(database, "SELECT exception_message, retries FROM job WHERE id = %s::uuid", job) == [
        ("Cannot find external task with id ghost: externalTask is null", 0)
    ]
    assert await rows(database, "SELECT incident_type, configuration, activity_id, definition_id FROM incident") == [
        ("failedJob", job, None, None)
    ]


async def test_with_its_last_job_deleted_a_batch_ends(engine: Engine, database: str) -> None:
    batch = await begun(engine, SetRetriesOfTasks(5), ["ghost"])
    await failed(engine, batch)
    [job] = await jobs_of(engine, batch)

    await engine.submit(DeleteJob(job))
    await ended(engine, batch)

    assert await rows(database, "SELECT count(*) FROM incident") == [(0,)]


async def test_a_job_that_is_tried_again_and_succeeds_ends_the_batch(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await started(engine, "one")
    batch = await begun(engine, SetRetriesOfJobs(3), ["ghost", "ghost too"])
    await failed(engine, batch, jobs=2)
    again = await begun(engine, SetRetriesOfJobs(1), await jobs_of(engine, batch))
    await ended(engine, again)
    await failed(engine, batch, jobs=2)

    for job in await jobs_of(engine, batch):
        await engine.submit(DeleteJob(job))
    await ended(engine, batch)

    assert await rows(database, NOTHING_LEFT) == [(0, 0, 0)]


async def test_jobs_of_a_suspended_batch_wait_and_those_to_come_too(engine: Engine, idle: Engine, database: str) -> None:
    await deployed(engine, ONE)
    instances = await several_started(engine, "one", 150)
    await engine.close()
    batch = await begun(idle, DeleteInstances(), instances)
    await idle.submit(SuspendBatch(batch.id, True))

    [seed] = await jobs_of(idle, batch, "batch-seed")
    await idle.submit(ExecuteJob(seed))
    born_suspended = await rows(database, "SELECT DISTINCT suspended FROM job")
    async with opened(database) as executor:
        await idle.submit(SuspendBatch(batch.id, False))
        await ended(executor, batch)

    assert born_suspended == [(True,)]
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(0,)]


async def test_a_deleted_batch_is_given_up_with_its_jobs(idle: Engine, database: str) -> None:
    await deployed(idle, ONE)
    instances = await several_started(idle, "one", 3)
    jobs = await seeded(idle, DeleteInstances(), instances)
    await idle.submit(ExecuteJob(jobs[0]))

    [(batch_id,)] = await rows(database, "SELECT id::text FROM batch")
    await idle.submit(DeleteBatch(batch_id))

    for job in jobs:
        with pytest.raises(NotFound):
            await idle.submit(ExecuteJob(job))
    with pytest.raises(Rejected):
        await idle.submit(DeleteBatch(batch_id))
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(2,)]
    assert await rows(database, NOTHING_LEFT) == [(0, 0, 0)]


async def test_history_tells_of_a_batch_until_it_is_deleted_there(engine: Engine) -> None:
    await deployed(engine, ONE)
    batch = await begun(engine, DeleteInstances("because"), [await started(engine, "one")])
    await ended(engine, batch)
    told = "SELECT type, total_jobs, start_time, execution_start_time >= start_time, end_time >= execution_start_time FROM history_batch"

    first = await engine.query_history(told)
    await engine.submit(DeleteBatchHistory(batch.id))

    assert first == [("instance-deletion", 1, batch.start_time, True, True)]
    assert await engine.query_history(told) == []


async def test_a_batch_wakes_workers_that_wait(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    suspended = await begun(engine, SuspendInstances(True), [instance])
    await ended(engine, suspended)
    poll = await waiting(engine)

    resumed = await begun(engine, SuspendInstances(False), [instance])

    assert len(await answer(poll)) == 1
    await ended(engine, resumed)


async def test_retries_of_a_batchs_own_jobs_are_set_one_by_one(idle: Engine, database: str) -> None:
    [job] = await seeded(idle, SetRetriesOfTasks(1), ["ghost"])

    attempts = [await idle.submit(ExecuteJob(job)) for _ in range(3)]
    stuck = await rows(database, "SELECT retries, (SELECT count(*) FROM incident) FROM job WHERE id = %s::uuid", job)
    await idle.submit(SetJobRetries(job, 2))

    assert all(isinstance(attempt, JobAttempted) and attempt.failure is not None for attempt in attempts)
    assert stuck == [(0, 1)]
    assert await rows(database, "SELECT retries, (SELECT count(*) FROM incident) FROM job WHERE id = %s::uuid", job) == [(2, 0)]


async def test_a_task_that_the_batch_set_is_fetched_again(engine: Engine) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 3)
    tasks = [locked.task.id for locked in await fetched(engine, "work", duration=1)]
    batch = await begun(engine, SetRetriesOfTasks(0), tasks)
    await ended(engine, batch)
    await until(engine, "SELECT count(*) = 3 FROM incident")

    again = await begun(engine, SetRetriesOfTasks(2), tasks)
    await ended(engine, again)

    assert len(await fetched(engine, "work")) == 3
