"""fetchAndLock on the database: full batches, in order, each task to one worker, and facts that agree with the rows."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest
from psycopg import AsyncConnection

from api.engine import Engine
from api.engine.store import connect
from domain.commands import (
    FailExternalTask,
    LockExternalTask,
    SetExternalTaskRetries,
    SuspendProcessInstance,
    UnlockExternalTask,
)
from domain.facts import Envelope
from domain.fetching import FetchExternalTasks, TopicSubscription
from projections.external_task.fetch import fetch_statement
from tests.integration.engines import deployed, fetched, names, request, rows, several_started, started, stays
from tests.integration.load import Load
from tests.integration.models import ONE, model, scope, task

pytestmark = pytest.mark.anyio
URGENT = model("urgent", scope("start > work > end", task("work", priority="${priority}")))
VERSIONS = """
SELECT t.id FROM external_task t WHERE t.version <> (SELECT max(originator_version) FROM stored_events e WHERE e.originator_id = t.id)
"""


async def claimed(connection: AsyncConnection[Any], engine: Engine, worker: str, most: int) -> list[str]:
    """Lock tasks on a connection of one's own."""
    sql, parameters = fetch_statement(request("work", worker=worker, most=most), Envelope(engine.now(), engine.new_id()))
    return [row[0] for row in await (await connection.execute(cast(Any, sql), parameters)).fetchall()]


async def test_five_at_once_get_full_batches_of_different_tasks(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 100)
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(await connect(database, "fetch")) for _ in range(5)]

        batches = await asyncio.gather(*(claimed(connection, engine, f"w{n}", 20) for n, connection in enumerate(connections)))

    assert [len(batch) for batch in batches] == [20] * 5
    assert len({task_id for batch in batches for task_id in batch}) == 100
    assert await rows(database, "SELECT count(*) FROM stored_events WHERE topic = 'ExternalTaskLocked.1'") == [(100,)]


async def test_five_workers_at_once_get_full_batches_of_expired_tasks_too(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 100)
    await fetched(engine, "work", most=100, duration=0)

    batches = await asyncio.gather(*(fetched(engine, "work", worker=f"w{n}", most=20) for n in range(5)))

    assert [len(batch) for batch in batches] == [20] * 5
    assert len({locked.task.id for batch in batches for locked in batch}) == 100
    assert await rows(database, "SELECT count(*) FROM stored_events WHERE topic = 'ExternalTaskLockExpired.1'") == [(100,)]


async def test_tasks_come_by_priority_then_create_time_then_id(engine: Engine) -> None:
    await deployed(engine, URGENT)
    for priority in (0, 5, 5, 50, 0, 5):
        await several_started(engine, "urgent", 2, priority=priority)

    tasks = [locked.task for locked in await fetched(engine, "work", most=12)]

    keys = [(-task.priority, task.create_time, task.id) for task in tasks]
    assert keys == sorted(keys)
    assert [task.priority for task in tasks] == [50] * 2 + [5] * 6 + [0] * 4


async def test_a_small_batch_takes_the_first_of_the_order_free_or_expired(engine: Engine) -> None:
    await deployed(engine, URGENT)
    first, second, third = [await started(engine, "urgent", priority=priority) for priority in (50, 40, 30)]
    await fetched(engine, "work", most=1, duration=0)

    taken = [[locked.task.process_instance_id for locked in await fetched(engine, "work", most=1)] for _ in range(4)]

    assert taken == [[first], [second], [third], []]


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_tasks_come_by_create_time_where_that_is_asked_for(engine: Engine, order: Any) -> None:
    await deployed(engine, URGENT)
    instances = [await started(engine, "urgent", priority=priority) for priority in (0, 50, 0)]
    subscriptions = (TopicSubscription(topic="work", lock_duration=1000),)

    found = await engine.fetch_and_lock(
        FetchExternalTasks(worker_id="w", max_tasks=3, subscriptions=subscriptions, create_time_order=order), stays
    )

    times = [locked.task.create_time for locked in found]
    assert times == sorted(times, reverse=order == "desc")
    assert {locked.task.process_instance_id for locked in found} == set(instances)


async def test_a_lock_that_ran_out_leaves_a_fact_when_the_task_is_next_taken(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    await fetched(engine, "work", worker="slow", duration=0)

    [locked] = await fetched(engine, "work", worker="quick")

    assert (locked.task.worker_id, locked.task.version) == ("quick", 4)
    assert names(await engine.facts(instance))[-3:] == ["ExternalTaskLocked", "ExternalTaskLockExpired", "ExternalTaskLocked"]


async def test_a_retry_timeout_that_ran_out_is_no_expired_lock(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    [locked] = await fetched(engine, "work")
    await engine.submit(FailExternalTask(locked.task.id, "worker", "boom", retries=1, retry_timeout=0))

    [again] = await fetched(engine, "work")

    assert (again.task.retries, again.task.error_message, again.task.version) == (1, "boom", 4)
    assert names(await engine.facts(instance))[-3:] == ["ExternalTaskLocked", "ExternalTaskFailed", "ExternalTaskLocked"]


async def test_an_unlocked_task_is_free_at_once_and_no_expired_lock(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    [locked] = await fetched(engine, "work")
    await engine.submit(UnlockExternalTask(locked.task.id))

    assert len(await fetched(engine, "work")) == 1

    assert names(await engine.facts(instance))[-3:] == ["ExternalTaskLocked", "ExternalTaskUnlocked", "ExternalTaskLocked"]


async def test_what_is_locked_stuck_or_suspended_is_not_given(engine: Engine) -> None:
    await deployed(engine, ONE)
    locked, stuck, suspended, free = await several_started(engine, "one", 4)
    tasks = {found.task.process_instance_id: found.task.id for found in await fetched(engine, "work", duration=0)}
    await engine.submit(LockExternalTask(tasks[locked], "worker", 60_000))
    await engine.submit(SetExternalTaskRetries((tasks[stuck],), 0))
    await engine.submit(SuspendProcessInstance(suspended, suspended=True))

    found = await fetched(engine, "work")

    assert [given.task.process_instance_id for given in found] == [free]


async def test_facts_and_rows_have_the_same_versions_whatever_happened(engine: Engine, database: str) -> None:
    await Load(engine, seed=2).run(200)

    assert await rows(database, VERSIONS) == []
    assert await rows(database, "SELECT count(*) > 5 FROM external_task") == [(True,)]


async def test_each_topic_has_its_own_lock_and_of_two_for_one_topic_the_last_counts(engine: Engine) -> None:
    await deployed(engine, model("both", scope("start > fork; fork > a > end; fork > b > end", '<parallelGateway id="fork"/>')))
    await started(engine, "both")
    durations = (("a", 5000), ("b", 1000), ("b", 9000), ("nothing", 1))
    subscriptions = tuple(TopicSubscription(topic=topic, lock_duration=duration) for topic, duration in durations)

    found = await engine.fetch_and_lock(FetchExternalTasks(worker_id="w", max_tasks=9, subscriptions=subscriptions), stays)

    until = {locked.task.topic: locked.task.lock_until or 0 for locked in found}
    assert (set(until), until["b"] - until["a"]) == ({"a", "b"}, 4000)


async def test_nothing_is_asked_for_and_nothing_is_locked(engine: Engine) -> None:
    await deployed(engine, ONE)
    await started(engine, "one")

    assert await fetched(engine, "work", most=0) == []
    assert await fetched(engine) == []
    assert len(await fetched(engine, "work")) == 1
