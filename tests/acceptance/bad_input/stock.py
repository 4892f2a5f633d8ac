"""What a database holds, as one value: two that are equal mean that nothing was done in between."""

from __future__ import annotations

import psycopg
from psycopg import sql

# Purpose: the tables that a command writes at once. History follows the facts, which are among them, some moments later;
# who polls is noted whatever else is wrong with the poll.
TABLES = """
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND NOT starts_with(table_name, 'history_') AND table_name NOT IN ('notification_tracking', 'worker_poll') ORDER BY 1
"""
# Purpose: how many rows a table has, and a fingerprint of all of them.
CONTENT = "SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {} t"


def stock(conninfo: str) -> dict[str, tuple[int, str]]:
    """By table its number of rows and their fingerprint."""
    with psycopg.connect(conninfo) as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        return {name: one(connection, sql.SQL(CONTENT).format(sql.Identifier(name))) for name in tables}


def one(connection: psycopg.Connection[tuple[int, str]], query: sql.Composed) -> tuple[int, str]:
    """The only row of a query."""
    (row,) = connection.execute(query)
    return row
