"""Connections that break: the engine makes them again, and what was asked for happens once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from api.engine import Engine
from tests.integration.engines import (
    BROKEN_STREAMS,
    change,
    completed,
    deployed,
    fetched,
    names,
    opened,
    rows,
    started,
)
from tests.integration.models import CHAIN, ONE
from tests.integration.wire import wire_to

pytestmark = pytest.mark.anyio
CONNECTIONS = ("gesta write", "gesta fetch 1", "gesta fetch 2", "gesta read", "gesta listen", "gesta notify", "gesta %")
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE %s
    AND pid <> pg_backend_pid()
"""
CUTS = 3


class Work:
    """Instances that are started and carried to their end, one after another, while somebody watches.

    A task that was locked for nobody, because the answer was lost, is taken again when its lock has run out.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.done = 0
        self.step = asyncio.Event()

    async def one_instance(self) -> None:
        own = self._engine.new_id()
        instance = await started(self._engine, "chain", own)
        for topic in ("first", "second", "third"):
            [task] = await fetched(self._engine, topic, worker=own, business_key=own, duration=300, wait=20_000)
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
