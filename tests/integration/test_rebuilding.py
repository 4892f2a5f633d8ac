"""Rebuilding models of history while the server runs: the new rows are the live ones, and nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from api.engine.store import connect
from api.rebuilding import REBUILD_LOCK, Rebuilder, RebuildRefused
from projections.history.changes import HISTORY_MODELS, Models
from projections.history.incident.project import Incidents
from tests.integration.engines import change, completed, deployed, fetched, opened, rows, several_started
from tests.integration.models import CHAIN
from tests.integration.telling import follow, forget, lived, told
from tests.server import command_line

pytestmark = pytest.mark.anyio

SHAPE = """
SELECT c.relname, coalesce(array_to_string(c.reloptions, ' '), ''), coalesce(pg_get_indexdef(i.indexrelid), ''), k.conname
FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_constraint k ON k.conindid = c.oid
WHERE c.relname LIKE 'history%%' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
"""The tables of history and their indexes."""
COUNT = "SELECT count(*) FROM history_process_instance"


async def rebuilt(database: str, models: Models = HISTORY_MODELS) -> Sequence[int]:
    """Rebuild; the places that were reached on the way, and the number of facts."""
    places: list[int] = []
    async with await connect(database, "rebuild") as connection, await connect(database, "reads") as reads:
        facts = await Rebuilder(connection, reads, models).rebuild(lambda reached, _: places.append(reached))
    return [*places, facts]


async def test_a_rebuilt_model_equals_the_live_one_row_by_row(database: str) -> None:
    async with opened(database) as engine:
        await lived(engine)
        await engine.query_history(COUNT)
        live, shape = await told(database), await rows(database, SHAPE)

        places = await rebuilt(database)

        assert await told(database) == live
        assert await rows(database, SHAPE) == shape
        assert places == [live["reached"][0][0]] * 2
        assert await rows(database, "SELECT 1 FROM pg_namespace WHERE nspname = 'history_rebuild'") == []


async def test_a_rebuild_sets_right_what_was_wrong_in_its_own_model_only(database: str) -> None:
    async with opened(database) as engine:
        await lived(engine)
        await engine.query_history(COUNT)
    live = await told(database)
    change(database, "UPDATE history_incident SET message = 'wrong'; DELETE FROM history_external_task_log")

    await rebuilt(database, [Incidents])

    assert await told(database) == {**live, "history_external_task_log": []}


async def test_servers_write_and_answer_all_the_while(database: str) -> None:
    counts = []
    async with opened(database) as engine:
        await deployed(engine, CHAIN)
        rebuilding = asyncio.create_task(_several_rebuilds(database))
        while not rebuilding.done():
            await several_started(engine, "chain", 5)
            for task in await fetched(engine, "first", "second", "third", most=20):
                await completed(engine, task, n=1)
            counts.append((await engine.query_history(COUNT))[0][0])
        await rebuilding
        await engine.query_history(COUNT)
    live = await told(database)
    await forget(database)
    await follow(database, at_once=100_000)

    assert counts == [5 * (number + 1) for number in range(len(counts))]
    assert await told(database) == live


async def _several_rebuilds(database: str) -> None:
    for _ in range(3):
        await rebuilt(database)


async def test_two_rebuilds_at_a_time_are_refused(database: str) -> None:
    async with await connect(database, "other") as other:
        await other.execute("SELECT pg_advisory_lock(%s)", [REBUILD_LOCK])

        with pytest.raises(RebuildRefused, match="another rebuild is under way"):
            await rebuilt(database)


async def test_the_command_says_what_it_did(database: str) -> None:
    async with opened(database) as engine:
        await lived(engine)
        await engine.query_history(COUNT)
    live = await told(database)

    done = await asyncio.to_thread(command_line, "rebuild", "incident", "external-task-log", DATABASE_URL=database)

    assert (done.returncode, done.stderr, done.stdout.partition(" in ")[0]) == (
        0,
        "",
        f"incident, external-task-log rebuilt from {live['reached'][0][0]} facts",
    )
    assert await told(database) == live
