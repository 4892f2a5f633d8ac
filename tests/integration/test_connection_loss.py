"""Connections that break: the engine makes them again, and what was asked for happens once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import psycopg
import pytest

from api.engine import Engine
from domain.commands import (
    Command,
    CompleteExternalTask,
    CreateDeployment,
    DeleteDeployment,
    ModifyVariables,
    SetExternalTaskRetries,
    StartProcessInstance,
)
from tests.integration.engines import (
    BROKEN_STREAMS,
    change,
    completed,
    deployed,
    differences,
    fetched,
    names,
    opened,
    rows,
    several_started,
    started,
    values,
)
from tests.integration.models import CHAIN, ONE, USER
from tests.integration.wire import wire_to

pytestmark = pytest.mark.anyio
CONNECTIONS = ("gesta write", "gesta fetch 1", "gesta fetch 2", "gesta read", "gesta listen", "gesta notify", "gesta %")
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE %s
    AND pid <> pg_backend_pid()
"""
CUTS = 3
APPEND, FETCH = (b"gesta write", b"INSERT 0 "), (b"gesta fetch", b"SELECT 3")


class Work:
    """Instances that are started and carried to their end, one after another, while somebody watches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.done = 0
        self.step = asyncio.Event()

    async def one_instance(self) -> None:
        instance = await started(self._engine, "chain")
        for topic in ("first", "second", "third"):
            [task] = await fetched(self._engine, topic, most=1, worker=instance)
            await completed(self._engine, task)
            await self._engine.facts(instance)
        self.done += 1
        self.step.set()


async def cut_while_working(database: str, name: str, work: Work) -> None:
    """Break connections of a name again and again, each time after something was done."""
    for _ in range(CUTS):
        work.step.clear()
        await rows(database, TERMINATE, name)
        await work.step.wait()


@pytest.mark.parametrize("name", CONNECTIONS)
async def test_connections_that_break_under_load_lose_and_double_nothing(engine: Engine, database: str, name: str) -> None:
    await deployed(engine, CHAIN)
    work = Work(engine)

    async def lane() -> None:
        while not cutting.done():
            await work.one_instance()

    cutting = asyncio.create_task(cut_while_working(database, name, work))
    await asyncio.gather(*(lane() for _ in range(4)), cutting)

    ended = await rows(database, "SELECT count(*) FROM stored_events WHERE topic = 'ProcessInstanceEnded.1'")
    finished = await rows(database, "SELECT count(*) FROM stored_events WHERE topic = 'ExternalTaskCompleted.1'")
    assert (ended, finished) == ([(work.done,)], [(3 * work.done,)])
    assert await rows(database, "SELECT count(*) FROM external_task") == [(0,)]
    assert await rows(database, BROKEN_STREAMS) == []


Prepare: TypeAlias = Callable[[Engine, str], Awaitable[Command]]
"""Makes a command about what stands in a database, given the id of a deployment."""


async def a_start(engine: Engine, _: str) -> Command:
    return StartProcessInstance(definition_key="one", variables=values(n=1))


async def a_completion(engine: Engine, _: str) -> Command:
    [task] = await fetched(engine, "work", most=1)
    return CompleteExternalTask(task.task.id, "worker", values(done=True))


async def retries_of_all(engine: Engine, _: str) -> Command:
    return SetExternalTaskRetries(tuple(task_id for (task_id,) in await engine.query("SELECT id::text FROM external_task")), 5)


async def a_deployment(engine: Engine, _: str) -> Command:
    return CreateDeployment("more", None, None, (CHAIN,))


async def a_deletion(engine: Engine, deployment_id: str) -> Command:
    return DeleteDeployment(deployment_id, cascade=True)


async def a_change(engine: Engine, _: str) -> Command:
    [(instance,)] = await engine.query("SELECT id::text FROM process_instance ORDER BY id LIMIT 1")
    return ModifyVariables(instance, values(n=2))


@pytest.mark.parametrize("prepare", [a_start, a_completion, retries_of_all, a_deployment, a_deletion, a_change])
async def test_a_commit_whose_answer_was_lost_counts_once(database: str, reachable_folder: Path, prepare: Prepare) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        deployment = await deployed(engine, ONE)
        await several_started(engine, "one", 3)
        command = await prepare(engine, deployment.id)
        [(before,)] = await rows(database, "SELECT max(notification_id) FROM stored_events")
        wire.cut_next = APPEND

        await engine.submit(command)

    appended = "SELECT count(*) > 0, count(DISTINCT xmin::text) FROM stored_events WHERE notification_id > %s"
    assert (wire.cuts, await rows(database, appended, before)) == (1, [(True, 1)])
    assert await rows(database, BROKEN_STREAMS) == []
    assert await differences(database) == []


async def test_a_start_and_a_deployment_whose_answers_were_lost_are_answered_all_the_same(database: str, reachable_folder: Path) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        wire.cut_next = APPEND
        deployment = await deployed(engine, ONE, USER)
        wire.cut_next = APPEND
        instance = await started(engine, "one")

        assert wire.cuts == 2
        assert [definition.key for definition in deployment.definitions] == ["one", "user"]
        assert await rows(database, "SELECT id::text, definition_key FROM process_instance") == [(instance, "one")]


async def test_tasks_locked_by_a_fetch_whose_answer_was_lost_are_not_given_twice(database: str, reachable_folder: Path) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        await deployed(engine, ONE)
        await several_started(engine, "one", 4)
        wire.cut_next = FETCH

        found = await fetched(engine, "work", most=3)

    locked = await rows(database, "SELECT originator_id FROM stored_events WHERE topic = 'ExternalTaskLocked.1'")
    assert (wire.cuts, len(found), len(locked), len(set(locked))) == (1, 1, 4, 4)


async def test_commands_and_reads_wait_while_the_database_is_away(database: str, reachable_folder: Path) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        await deployed(engine, ONE)
        instance = await started(engine, "one")
        wire.break_down()

        waiting = asyncio.gather(started(engine, "one"), fetched(engine, "work"), engine.facts(instance), started(engine, "one"))
        await wire.refused.wait()
        wire.repair()
        first, tasks, facts, second = await waiting

    assert len({instance, first, second}) == 3
    assert {task.task.process_instance_id for task in tasks} <= {instance, first, second}
    assert names(facts)[0] == "ProcessInstanceStarted"
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(3,)]


async def test_a_statement_that_the_server_refuses_is_not_tried_for_ever(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    change(database, FULL)

    with pytest.raises(psycopg.errors.DiskFull):
        await started(engine, "one", n=1)

    await started(engine, "one")
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(1,)]


FULL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON variable FOR EACH ROW EXECUTE FUNCTION refuse()
"""
