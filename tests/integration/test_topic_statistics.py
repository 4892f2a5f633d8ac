"""What is told of topics: open tasks by what they wait for, workers by when they asked last, locks that ran out."""

from __future__ import annotations

from typing import Any

import pytest

from api.engine import Engine
from domain.commands import FailExternalTask, SuspendProcessInstance
from projections.topic.query import FORGET, MOST_WORKERS, SEEN, expiries_statement, open_statement, workers_statement
from tests.integration.engines import deployed, fetched, opened, several_started, started
from tests.integration.models import CHAIN, ONE

pytestmark = pytest.mark.anyio
NOW = Engine.now()


async def seen(engine: Engine, *polls: tuple[str, str, int]) -> None:
    """Let workers have asked."""
    await engine.query(SEEN, [list(column) for column in zip(*polls, strict=True)])


async def workers(engine: Engine, *topics: str) -> list[Any]:
    return await engine.query(*workers_statement(topics or None))


async def test_open_tasks_are_told_by_topic(engine: Engine) -> None:
    await deployed(engine, ONE, CHAIN)
    instances = await several_started(engine, "one", 5)
    await started(engine, "chain")
    locked = await fetched(engine, "work", most=3)
    await engine.submit(FailExternalTask(locked[0].task.id, "worker", retries=0))
    await engine.submit(SuspendProcessInstance(instances[-1], suspended=True))
    oldest = min([locked[0].task.create_time])

    then = await engine.query(*open_statement(["work", "none"], engine.now()))
    later = await engine.query(*open_statement(["work"], engine.now() + 3_600_000))
    every = await engine.query(*open_statement(None, engine.now()))

    [(topic, tasks, held, expired, suspended, without_retries, since)] = then
    assert (topic, tasks, held, expired, suspended, without_retries) == ("work", 5, 2, 0, 1, 1)
    assert since <= oldest
    assert [row[:4] for row in later] == [("work", 5, 0, 2)]
    assert {row[0]: row[1] for row in every} == {"work": 5, "first": 1}


async def test_workers_are_told_by_when_they_asked_last(engine: Engine) -> None:
    await seen(engine, ("a", "anna", NOW), ("a", "bert", NOW + 5), ("b", "anna", NOW + 7))
    await seen(engine, ("a", "anna", NOW + 9), ("a", "bert", NOW + 1))

    assert sorted(await workers(engine)) == [("a", 2, ["anna", "bert"], [NOW + 9, NOW + 5]), ("b", 1, ["anna"], [NOW + 7])]
    assert await workers(engine, "b") == [("b", 1, ["anna"], [NOW + 7])]


async def test_of_many_workers_those_are_told_that_asked_last(engine: Engine) -> None:
    polls = [("a", f"worker-{number:04}", NOW + number) for number in range(MOST_WORKERS + 20)]
    await seen(engine, *polls)

    [(_, count, told, _)] = await workers(engine)

    assert count == MOST_WORKERS + 20
    assert told == [worker for _, worker, _ in reversed(polls)][:MOST_WORKERS]


async def test_workers_that_have_not_asked_for_long_are_forgotten(engine: Engine) -> None:
    await seen(engine, ("a", "anna", NOW), ("a", "bert", NOW + 5))

    forgotten = await engine.query(FORGET, [NOW + 5])

    assert forgotten == [(1,)]
    assert await workers(engine) == [("a", 1, ["bert"], [NOW + 5])]


async def test_a_fetch_is_seen_by_every_process(engine: Engine, database: str) -> None:
    await fetched(engine, "a", "b", worker="anna")
    await engine.waiting_polls()

    async with opened(database) as other:
        told = sorted(await workers(other))

    assert [(topic, names) for topic, _, names, _ in told] == [("a", ["anna"]), ("b", ["anna"])]


async def test_a_lock_that_ran_out_is_counted_when_the_next_worker_gets_the_task(engine: Engine) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 3)
    await fetched(engine, "work", most=2, duration=1)

    taken: list[Any] = []
    while len(taken) < 2:
        taken += [task for task in await fetched(engine, "work", worker="next", wait=1000) if task.task.version > 2]

    [(topic, count, last)] = await engine.query_history(*expiries_statement(["work"]))
    assert (topic, count) == ("work", 2)
    assert 0 <= engine.now() - last < 30_000
