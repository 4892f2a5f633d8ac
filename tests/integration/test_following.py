"""Following the log: whatever the batches, and whoever goes on after whom, every fact is told of exactly once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest

from api.engine.store import connect
from projections.following import AnotherFollows, Following
from tests.integration.engines import opened
from tests.integration.telling import follow, forget, lived, told

pytestmark = pytest.mark.anyio


@pytest.fixture
async def recorded(database: str) -> AsyncIterator[str]:
    """A database with facts that nobody has told of yet."""
    async with opened(database, history=False) as engine:
        await lived(engine)
        yield database


async def no_definition(_: str) -> None:
    raise AssertionError("no instance begins here")


async def test_small_batches_by_ever_new_followers_tell_the_same_as_one(recorded: str) -> None:
    await follow(recorded, at_once=100_000)
    at_once = await told(recorded)
    await forget(recorded)

    await follow(recorded, at_once=2, forgetful=True)

    assert await told(recorded) == at_once
    assert all(at_once.values())


async def test_of_two_who_go_on_from_the_same_place_one_writes(recorded: str) -> None:
    async with opened(recorded, history=False) as engine, await connect(recorded, "follow") as connection:
        followers = [Following(engine.definitions.get, 0) for _ in range(2)]
        first, second = [await follower.next(connection, until=10_000) for follower in followers]
        await followers[0].write(connection, first)
        written = await told(recorded)

        with pytest.raises(AnotherFollows):
            await followers[1].write(connection, second)

    assert await told(recorded) == written


async def test_what_cannot_be_written_is_taken_back_with_its_place(recorded: str) -> None:
    await follow(recorded, at_once=100_000)
    async with await psycopg.AsyncConnection.connect(recorded, autocommit=True) as connection:
        await connection.execute("UPDATE notification_tracking SET notification_id = 0 WHERE application_name = 'history'")
    before = await told(recorded)

    with pytest.raises(psycopg.errors.UniqueViolation):
        await follow(recorded, at_once=100_000)

    assert await told(recorded) == before


async def test_facts_that_nothing_tells_of_only_move_the_place(recorded: str) -> None:
    await follow(recorded, at_once=100_000)
    before = await told(recorded)
    async with await connect(recorded, "follow") as connection:
        following = Following(no_definition, before["reached"][0][0])

        await following.write(connection, await following.next(connection, following.position + 5))

    assert await told(recorded) == {**before, "reached": [(before["reached"][0][0] + 5,)]}
