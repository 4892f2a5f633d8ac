"""Who writes history: one at a time, the next one when it goes; and whoever asks hears of everything that was committed before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.engine import Engine, HistoryBehind
from api.engine.follower import FOLLOWING_LOCK, Follower
from domain.commands import DeleteProcessInstance, HideHistory
from domain.refusals import NotFound
from tests.conftest import StartServer
from tests.integration.engines import change, deployed, opened, rows, several_started, started
from tests.integration.models import ONE
from tests.integration.telling import follow, forget, lived, told

pytestmark = pytest.mark.anyio

LEADS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND ((classid::bigint << 32) | objid::bigint) = %s AND granted"
COUNT = "SELECT count(*) FROM history_process_instance"
STATE = "SELECT state FROM history_process_instance WHERE id = %s"


@pytest.fixture
async def other(engine: Engine, database: str) -> AsyncIterator[Engine]:
    """Another engine on the same database, as another server would have it."""
    async with opened(database) as second:
        yield second


async def leader(database: str) -> int:
    """The database's process of whoever leads, as soon as somebody does."""
    while not (found := await rows(database, LEADS, FOLLOWING_LOCK)):
        await asyncio.sleep(0.01)
    return int(found[0][0])


async def test_one_of_several_leads(engine: Engine, other: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 3)
    await several_started(other, "one", 3)

    assert [await one.query_history(COUNT) for one in (engine, other)] == [[(6,)], [(6,)]]
    assert len(await rows(database, LEADS, FOLLOWING_LOCK)) == 1


async def test_every_read_sees_its_own_writes_in_both(engine: Engine, other: Engine) -> None:
    await deployed(engine, ONE)

    for one in (engine, other) * 5:
        instance = await started(one, "one")
        assert await one.query_history(STATE, [instance]) == [("ACTIVE",)]
        await one.submit(DeleteProcessInstance(instance))
        assert await one.query_history(STATE, [instance]) == [("EXTERNALLY_TERMINATED",)]
        await one.submit(HideHistory(instance))
        assert await one.query_history(STATE, [instance]) == []


async def test_when_the_leader_s_connection_breaks_somebody_goes_on(engine: Engine, other: Engine, database: str) -> None:
    await deployed(engine, ONE)
    broken = []
    for _ in range(3):
        await asyncio.gather(several_started(engine, "one", 10), several_started(other, "one", 10))
        broken.append(await leader(database))
        change(database, f"SELECT pg_terminate_backend({broken[-1]})")

    assert [await one.query_history(COUNT) for one in (engine, other)] == [[(60,)], [(60,)]]
    assert await leader(database) not in broken


async def test_what_a_leader_wrote_is_what_one_follower_tells_at_once(database: str) -> None:
    async with opened(database) as engine:
        await lived(engine)
        await engine.query_history(COUNT)
    live = await told(database)
    await forget(database)

    await follow(database, at_once=100_000)

    assert await told(database) == live


async def test_history_that_nobody_writes_is_behind(database: str) -> None:
    async with opened(database, history=False) as engine:
        await deployed(engine, ONE)
        follower = Follower(database, engine.definitions.get, hurry_elsewhere=lambda: None, patience=0)

        with pytest.raises(HistoryBehind, match="History is behind: it tells of the facts up to 0, and 2 are recorded"):
            await follower.caught_up(engine.query)


async def test_only_ended_instances_can_be_hidden_and_only_once(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")

    with pytest.raises(NotFound):
        await engine.submit(HideHistory(instance))
    await engine.submit(DeleteProcessInstance(instance))
    await engine.submit(HideHistory(instance))
    with pytest.raises(NotFound):
        await engine.submit(HideHistory(instance))


def test_a_server_goes_on_where_one_was_killed(server: StartServer) -> None:
    first = server()
    second = server(first.conninfo)
    files = {"data": (ONE.name, ONE.content)}
    httpx.post(f"{first.base}/deployment/create", files=files).raise_for_status()

    def start(base: str) -> Any:
        return httpx.post(f"{base}/process-definition/key/one/start", json={}).raise_for_status().json()["id"]

    started_there = {start(first.base), start(second.base)}
    first.kill()
    started_here = start(second.base)

    told = httpx.get(f"{second.base}/history/process-instance?unfinished=true").raise_for_status().json()
    assert {instance["id"] for instance in told} == {*started_there, started_here}
