"""Statements that are sent together, on a real PostgreSQL: rows of each, all or none of them, and what is left of a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
import pytest
from psycopg import DataError
from psycopg.errors import DivisionByZero, UndefinedTable

from api.engine.store import connect
from api.engine.together import EngineConnection, Flight

pytestmark = pytest.mark.anyio
INSERT = "INSERT INTO kept SELECT * FROM unnest(%b::bigint[])"
KEPT = "SELECT coalesce(array_agg(n ORDER BY n), '{}') FROM kept"
BLOCKED = "SELECT FROM pg_stat_activity WHERE application_name = 'gesta together' AND wait_event_type = 'Lock'"
DIVIDE = "SELECT 1 / %s::bigint"


@pytest.fixture
async def connection(database: str) -> AsyncIterator[EngineConnection]:
    """A connection of the engine's and a table with one column."""
    async with await connect(database, "together") as made:
        await made.execute("CREATE TABLE kept (n bigint PRIMARY KEY)")
        yield made


async def sent(connection: EngineConnection, *statements: tuple[str, list[object]]) -> list[list[tuple[object, ...]]]:
    flight = Flight(connection)
    for sql, parameters in statements:
        flight.add(sql, parameters)
    return await flight.rows()


async def test_every_statement_has_its_own_rows(connection: EngineConnection) -> None:
    rows = await sent(connection, (INSERT, [[1, 2]]), (KEPT, []), ("SELECT %s::uuid, %b::bytea, NULL WHERE false", [UUID(int=1), b"x"]))

    assert rows == [[], [([1, 2],)], []]


async def test_values_come_back_as_they_went(connection: EngineConnection) -> None:
    values = [[1, None, -(2**63)], ["ä", None, ""], [b"\x00", b""], [True, None], [1.5]]

    [row] = await connection.rows("SELECT %b::bigint[], %b::text[], %b::bytea[], %b::boolean[], %b::float8[]", values)

    assert list(row) == values


async def test_of_statements_of_which_one_fails_nothing_stands(connection: EngineConnection) -> None:
    with pytest.raises(DivisionByZero):
        await sent(connection, (INSERT, [[1]]), (DIVIDE, [0]), (INSERT, [[2]]))

    assert await connection.rows(KEPT) == [([],)]


async def test_what_was_prepared_before_a_failure_is_used_again_and_the_rest_prepared_anew(connection: EngineConnection) -> None:
    for _ in range(2):
        with pytest.raises(DivisionByZero):
            await sent(connection, (INSERT, [[1]]), (DIVIDE, [0]), (KEPT, []))

    rows = await sent(connection, (INSERT, [[1]]), (DIVIDE, [1]), (KEPT, []))
    prepared = await connection.rows("SELECT count(*), count(DISTINCT statement) FROM pg_prepared_statements WHERE name LIKE 'gesta%%'")

    assert (rows, prepared) == ([[], [(1,)], [([1],)]], [(4, 4)])


async def test_a_flight_that_never_left_leaves_its_statements_to_be_prepared(connection: EngineConnection) -> None:
    abandoned = Flight(connection)
    abandoned.add(INSERT, [[1]])
    with pytest.raises(DataError):
        abandoned.add(INSERT, [[2**63]])

    assert await sent(connection, (INSERT, [[2]]), (INSERT, [[3]]), (KEPT, [])) == [[], [], [([2, 3],)]]


async def test_a_statement_that_cannot_be_prepared_is_told_and_tried_again(connection: EngineConnection) -> None:
    with pytest.raises(UndefinedTable):
        await connection.rows("SELECT n FROM later")
    await connection.execute("CREATE TABLE later (n bigint)")

    assert await connection.rows("SELECT n FROM later") == []


async def test_a_transaction_that_was_begun_before_decides(connection: EngineConnection) -> None:
    with pytest.raises(KeyError):
        async with connection.transaction():
            await connection.rows(INSERT, [[1]])
            raise KeyError
    async with connection.transaction():
        await connection.rows(INSERT, [[2]])

    assert await connection.rows(KEPT) == [([2],)]


async def test_a_connection_whose_answer_nobody_waited_for_is_closed(connection: EngineConnection, database: str) -> None:
    with psycopg.connect(database) as other:
        other.execute("LOCK kept")
        waiting = asyncio.create_task(sent(connection, (INSERT, [[1]])))
        await _blocked(database)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert connection.closed
    with psycopg.connect(database) as after:
        assert after.execute(KEPT).fetchone() == ([],)


async def _blocked(database: str) -> None:
    """Wait until the connection waits for the lock."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as looking:
        while True:
            cursor = await looking.execute(
                "SELECT FROM pg_stat_activity WHERE application_name = 'gesta together' AND wait_event_type = 'Lock'"
            )
            if cursor.rowcount:
                return
            await asyncio.sleep(0.01)
