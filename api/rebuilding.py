"""Rebuilding: models of history are made again from the facts beside the live ones, while the server runs, and take their place.

The new tables have the names of the live ones in a schema of their own, so that the very same statements fill them. At the end the
follower is held up for a moment: the new tables catch up with it and move over, each by itself, for a reader may hold two of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from psycopg import AsyncConnection, sql
from psycopg.errors import LockNotAvailable

from api.engine.definitions import Definitions
from projections.following import TRACKED, Batch, Following
from projections.history.changes import Models

SCHEMA = "history_rebuild"
REBUILD_LOCK = 0x72656275696C64
"""Key of the advisory lock that a rebuild holds: the word rebuild."""
FACTS_AT_ONCE, INSTANCES_REMEMBERED = 20_000, 50_000
NEAR = 20_000
"""So near to the live models, the rest is read while these are held up."""
LONGEST_WAIT = 1000
"""ms that a table is waited for at a time: those who come behind wait as long."""

# Purpose: be the only one that rebuilds, and learn where the live tables are.
BEGIN = "SELECT pg_try_advisory_lock(%s), current_schema(), quote_ident(current_schema())"
# Purpose: what a table is besides its columns.
OPTIONS = "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = %s::regclass"
# Purpose: the indexes of a table, that of the primary key first.
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass ORDER BY i.indisprimary DESC, c.relname
"""
Progress = Callable[[int, int], None]
"""Is told how far the new tables are, and how far the live ones."""


class RebuildRefused(Exception):
    """Models cannot be rebuilt now; the message says why."""


class Rebuilder:
    """Rebuilds models in one database. All of them are made in one pass through the log."""

    def __init__(self, connection: AsyncConnection[Any], reads: AsyncConnection[Any], models: Models) -> None:
        """`reads` reads the log, and holds the live models up at the end."""
        self._connection = connection
        self._reads = reads
        self._models = models
        self._home = self._home_quoted = "public"
        self._following = Following(Definitions(self._query).get, 0, models, FACTS_AT_ONCE, INSTANCES_REMEMBERED)

    async def rebuild(self, progress: Progress) -> int:
        """Make the models again and put them in place; how many facts the log had. Raises RebuildRefused."""
        [(alone, self._home, self._home_quoted)] = await self._query(BEGIN, [REBUILD_LOCK])
        if not alone:
            raise RebuildRefused("another rebuild is under way in this database")
        await self._begin()
        await self._approach(progress)
        for model in self._models:
            await self._index(model.table)
        await self._approach(progress)
        async with self._reads.transaction():
            [(live,)] = await self._query(f"{TRACKED} FOR UPDATE", ())
            await self._advance(live, progress)
            for model in self._models:
                await self._replace(model.table)
        await self._run("DROP SCHEMA {schema}")
        return self._following.position

    async def _begin(self) -> None:
        await self._run("SET client_min_messages = warning")
        await self._run("DROP SCHEMA IF EXISTS {schema} CASCADE")
        await self._run("CREATE SCHEMA {schema}")
        for model in self._models:
            await self._copy_shape(model.table)
        await self._run("SET search_path = {schema}, {home}")
        await self._run("SET synchronous_commit = off")

    async def _copy_shape(self, table: str) -> None:
        """Make a table like a live one, with its primary key: rows are changed on the way."""
        await self._run("CREATE TABLE {new} (LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)", table)
        [(options,)] = await self._query(OPTIONS, [table])
        if options:
            await self._run(f"ALTER TABLE {{new}} SET ({options})", table)
        [(name, definition, _), *_] = await self._query(INDEXES, [table])
        await self._make_index(table, definition)
        await self._run("ALTER TABLE {new} ADD PRIMARY KEY USING INDEX {index}", table, index=name)

    async def _index(self, table: str) -> None:
        """Make the other indexes, under the names that they have."""
        for _, definition, is_primary in await self._query(INDEXES, [table]):
            if not is_primary:
                await self._make_index(table, definition)
        await self._run("ANALYZE {new}", table)

    async def _make_index(self, table: str, definition: str) -> None:
        await self._connection.execute(definition.replace(f" ON {self._home_quoted}.{table} ", f" ON {SCHEMA}.{table} ", 1).encode())

    async def _approach(self, progress: Progress) -> None:
        """Follow the log until the live models are near."""
        while True:
            [(live,)] = await self._query(TRACKED, ())
            if live - self._following.position < NEAR:
                return
            await self._advance(live, progress)

    async def _advance(self, live: int, progress: Progress) -> None:
        """Follow it to a place: while one batch is written, the next one is read and projected."""
        batch = await self._next(live)
        while batch is not None:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._write(batch))
                coming = both.create_task(self._next(live))
            progress(batch.position, live)
            batch = coming.result()

    async def _next(self, live: int) -> Batch | None:
        if self._following.position >= live:
            return None
        batch = await self._following.next(self._reads, live)
        self._following.position = batch.position
        return batch

    async def _write(self, batch: Batch) -> None:
        async with self._connection.transaction():
            await batch.changes.write(self._connection)

    async def _replace(self, table: str) -> None:
        """Let the new table take the place of the live one, which nobody writes now. Readers never wait long for it."""
        await self._run(f"SET lock_timeout = {LONGEST_WAIT}")
        while True:
            try:
                async with self._connection.transaction():
                    await self._run("DROP TABLE {old}", table)
                    await self._run("ALTER TABLE {new} SET SCHEMA {home}", table)
            except LockNotAvailable:
                await asyncio.sleep(LONGEST_WAIT / 1000)
            else:
                return

    async def _run(self, statement: str, table: str = "", index: str = "") -> None:
        names = {"schema": sql.Identifier(SCHEMA), "home": sql.Identifier(self._home), "index": sql.Identifier(index)}
        names |= {"new": sql.Identifier(SCHEMA, table), "old": sql.Identifier(self._home, table)}
        await self._connection.execute(sql.SQL(statement).format(**names), prepare=False)

    async def _query(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        return await (await self._reads.execute(statement.encode(), parameters)).fetchall()
