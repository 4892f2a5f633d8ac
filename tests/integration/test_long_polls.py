"""Long polls: whatever makes a task available wakes a worker that waits for it, on this engine and on any other of the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeAlias

import pytest

from api.engine import Engine
from domain.commands import (
    CreateDeployment,
    ExtendExternalTaskLock,
    FailExternalTask,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
    UnlockExternalTask,
)
from projections.external_task.row import LockedTask
from tests.integration.engines import completed, deployed, fetched, opened, rows, started, values
from tests.integration.models import CHAIN, ONE
from tests.integration.polling import answer, waiting

pytestmark = pytest.mark.anyio
LOCKED_UNTIL_NEXT_YEAR = 365 * 24 * 3_600_000


@pytest.fixture(params=["same engine", "other engine"])
async def acting(request: pytest.FixtureRequest, engine: Engine, database: str) -> AsyncIterator[Engine]:
    """The engine that makes tasks available: the one that workers wait at, or another."""
    async with AsyncExitStack() as stack:
        yield engine if request.param == "same engine" else await stack.enter_async_context(opened(database))


async def hear_of_polls(engine: Engine, acting: Engine) -> None:
    """Wait until the acting engine knows that polls wait elsewhere."""
    while acting is not engine and not acting._neighbours._polled_elsewhere_until:
        await asyncio.sleep(0)


Act: TypeAlias = Callable[[Engine, list[LockedTask]], Awaitable[object]]


async def start(engine: Engine, _: list[LockedTask]) -> None:
    await started(engine, "one")


async def complete(engine: Engine, locked: list[LockedTask]) -> None:
    await completed(engine, locked[0])


async def unlock(engine: Engine, locked: list[LockedTask]) -> None:
    await engine.submit(UnlockExternalTask(locked[0].task.id))


async def fail(engine: Engine, locked: list[LockedTask]) -> None:
    await engine.submit(FailExternalTask(locked[0].task.id, "worker", retries=1, retry_timeout=0))


async def fail_for_a_moment(engine: Engine, locked: list[LockedTask]) -> None:
    await engine.submit(FailExternalTask(locked[0].task.id, "worker", retries=1, retry_timeout=100))


async def give_retries(engine: Engine, locked: list[LockedTask]) -> None:
    await engine.submit(FailExternalTask(locked[0].task.id, "worker", retries=0))
    await engine.submit(SetExternalTaskRetries((locked[0].task.id,), 1))


async def resume(engine: Engine, locked: list[LockedTask]) -> None:
    instance = locked[0].task.process_instance_id
    await engine.submit(SuspendProcessInstance(instance, suspended=True))
    await engine.submit(UnlockExternalTask(locked[0].task.id))
    await engine.submit(SuspendProcessInstance(instance, suspended=False))


@pytest.mark.parametrize("act", [unlock, fail, fail_for_a_moment, give_retries, resume])
async def test_a_waiting_worker_gets_a_task_that_becomes_free(engine: Engine, acting: Engine, act: Act) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    locked = await fetched(engine, "work", duration=LOCKED_UNTIL_NEXT_YEAR)
    poll = await waiting(engine)
    await hear_of_polls(engine, acting)

    await act(acting, locked)

    assert [given.task.process_instance_id for given in await answer(poll)] == [instance]


@pytest.mark.parametrize(("act", "topic"), [(start, "work"), (complete, "second")])
async def test_a_waiting_worker_gets_a_task_that_is_made(engine: Engine, acting: Engine, act: Act, topic: str) -> None:
    await deployed(engine, ONE, CHAIN)
    await started(engine, "chain")
    locked = await fetched(engine, "first")
    poll = await waiting(engine, topic)
    await hear_of_polls(engine, acting)

    await act(acting, locked)

    assert [given.task.topic for given in await answer(poll)] == [topic]


async def test_a_waiting_worker_gets_a_task_whose_lock_runs_out(engine: Engine, acting: Engine) -> None:
    await deployed(engine, ONE)
    await started(engine, "one")
    await fetched(acting, "work", worker="slow", duration=200)

    poll = await waiting(engine)

    assert [given.task.version for given in await answer(poll)] == [4]


async def test_a_waiting_worker_gets_a_task_whose_lock_was_shortened(engine: Engine) -> None:
    await deployed(engine, ONE)
    await started(engine, "one")
    [locked] = await fetched(engine, "work", duration=LOCKED_UNTIL_NEXT_YEAR)
    poll = await waiting(engine)

    await engine.submit(ExtendExternalTaskLock(locked.task.id, "worker", 100))

    assert len(await answer(poll)) == 1


async def test_workers_of_another_engine_are_told_again_when_the_telling_connection_broke(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    async with opened(database) as acting:
        poll = await waiting(engine)
        await hear_of_polls(engine, acting)
        terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gesta notify' AND datname = %s"
        await rows(database, terminate, database.rsplit("=", 1)[-1])

        await started(acting, "one")

        assert len(await answer(poll)) == 1


async def test_of_several_workers_as_many_are_woken_as_there_are_tasks(engine: Engine) -> None:
    await deployed(engine, ONE)
    polls = [await waiting(engine) for _ in range(3)]

    await started(engine, "one")
    first = await answer(polls[0])
    await started(engine, "one")
    second = await answer(polls[1])

    assert (len(first), len(second), polls[2].done(), len(engine._polls)) == (1, 1, False, 1)
    polls[2].cancel()


async def test_a_worker_that_a_task_does_not_fit_passes_the_news_on(engine: Engine) -> None:
    await deployed(engine, ONE)
    await engine.submit(CreateDeployment("red", None, "red", (ONE,)))
    narrow = [await waiting(engine, tenant_id_in=("red",)), await waiting(engine, process_variables=values(n=1))]
    wide = await waiting(engine)

    await started(engine, "one")

    assert len(await answer(wide)) == 1
    await engine.submit(StartProcessInstance(definition_key="one", tenant_id="red"))
    await started(engine, "one", n=1)
    assert [len(await answer(poll)) for poll in narrow] == [1, 1]
