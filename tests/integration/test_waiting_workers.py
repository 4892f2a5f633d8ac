"""Workers that wait: until when, how many, and what becomes of those that are gone when their task comes."""

from __future__ import annotations

import asyncio

import pytest

from api.engine import Engine, QueueFull, ShuttingDown
from tests.integration.engines import change, deployed, fetched, opened, request, rows, started
from tests.integration.models import ONE
from tests.integration.polling import LONG, answer, waiting

pytestmark = pytest.mark.anyio


async def test_the_end_of_the_wait_is_an_empty_answer(engine: Engine) -> None:
    await deployed(engine, ONE)

    assert await fetched(engine, "work", wait=20) == []
    assert await fetched(engine, wait=20) == []
    assert len(engine._polls) == 0


async def test_more_workers_than_may_wait_are_refused(database: str) -> None:
    async with opened(database, poll_capacity=2) as engine:
        polls = [await waiting(engine) for _ in range(2)]

        with pytest.raises(QueueFull):
            await fetched(engine, "work", wait=LONG)

        assert await fetched(engine, "work") == []
        for poll in polls:
            poll.cancel()


async def test_nothing_is_locked_for_a_worker_that_hung_up_and_the_next_one_gets_the_task(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await fetched(engine, "warm", wait=1)
    hung_up = asyncio.Event()
    gone = asyncio.create_task(engine.fetch_and_lock(request("work", worker="gone", wait=LONG), hung_up.wait))
    while len(engine._polls) < 1:
        await asyncio.sleep(0)
    poll = await waiting(engine)

    hung_up.set()
    await started(engine, "one")

    assert [given.task.worker_id for given in await answer(poll)] == ["waiting"]
    assert await answer(gone) == []
    assert await rows(database, "SELECT worker_id FROM external_task") == [("waiting",)]


async def test_a_worker_that_hung_up_waits_no_longer(engine: Engine) -> None:
    await fetched(engine, "warm", wait=1)
    hung_up = asyncio.Event()
    gone = asyncio.create_task(engine.fetch_and_lock(request("work", wait=LONG), hung_up.wait))
    while len(engine._polls) < 1:
        await asyncio.sleep(0)

    hung_up.set()

    assert await answer(gone) == []
    assert len(engine._polls) == 0


async def test_waiting_workers_are_sent_away_when_the_engine_stops(engine: Engine) -> None:
    polls = [await waiting(engine) for _ in range(3)]

    engine.let_go()

    answers = await asyncio.gather(*(answer(poll) for poll in polls), return_exceptions=True)
    assert [type(given) for given in answers] == [ShuttingDown] * 3


async def test_waiting_workers_do_not_notice_that_connections_broke(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    poll = await waiting(engine)
    change(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'gesta fetch%'")

    await started(engine, "one")

    assert len(await answer(poll)) == 1
