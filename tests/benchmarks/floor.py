"""The raw-SQL floor: what the database alone needs for the facts and rows of a chain of external tasks.

**What it does.** Per instance the same facts as gesta, byte for byte as long (cut from a real instance), and the same row changes in the
same tables with the same indexes: a start inserts the instance, its first task and its variables; a fetch claims up to ten tasks, updates
their rows, appends their `ExternalTaskLocked` facts and reads their variables; a completion deletes the task, upserts the worker's
variables and inserts the successor, or deletes the instance and its variables. Appends take the same ordering lock. Statements are
prepared; a fetch is one statement and one transaction, and so is a batch of whatever starts or completions wait (at most as many as
gesta takes). As many clients as gesta has, on psycopg's async connections with gesta's own options, durable.

**What it does not do.** No HTTP and no JSON, no decision, no encoding of facts, no projection (rows are cut to measure), no check of who
holds the lock, no search for expired locks, no memory of instances.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

from psycopg import AsyncConnection

from api.engine.fetcher import CONNECTIONS
from api.engine.store import connect
from api.engine.writer import LARGEST_BATCH
from domain.facts import ExternalTaskLocked
from domain.ids import ordinal_of
from projections.fact_mapper import topic_of
from projections.recorder import TAKE_ORDERING_LOCK
from projections.rows import columns
from tests.benchmarks.floor_template import WIDTHS, Recording, Step
from tests.benchmarks.template import PREFIX

MAX_TASKS = 10
LOCKED_UNTIL = 2**62

# Purpose: claim tasks, append their facts and read their variables.
FETCH = f"""
WITH {TAKE_ORDERING_LOCK}, free AS (
    SELECT t.* FROM ordering, unnest(%b::text[]) s(topic) CROSS JOIN LATERAL (
        SELECT id, priority, create_time FROM external_task
        WHERE topic = s.topic AND lock_until IS NULL AND NOT suspended AND (retries IS NULL OR retries > 0)
        ORDER BY priority DESC, create_time, id LIMIT {MAX_TASKS} FOR NO KEY UPDATE SKIP LOCKED) t
    ORDER BY priority DESC, create_time, id LIMIT {MAX_TASKS}
), locked AS (
    UPDATE external_task t SET version = t.version + 1, worker_id = %b, lock_until = %b FROM free WHERE t.id = free.id RETURNING t.*
), facts AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT id, version, '{topic_of(ExternalTaskLocked)}', %b::bytea FROM locked
)
SELECT t.id::text, t.topic, t.business_key, v.names, v.payloads FROM locked t CROSS JOIN LATERAL (
    SELECT array_agg(name) AS names, array_agg(payload) AS payloads FROM variable WHERE scope_id = ANY(t.scopes)) v
"""
# Purpose: append the facts of a batch and change its rows.
WRITE = f"""
WITH {TAKE_ORDERING_LOCK}, facts AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT f.* FROM ordering, unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[]) f
), begun AS (
    INSERT INTO process_instance (id, definition_id, definition_key, business_key, start_time)
    SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::bigint[])
), created AS (
    INSERT INTO external_task (id, version, topic, priority, create_time, process_instance_id, execution_id, activity_id,
        activity_instance_id, definition_id, definition_key, business_key, scopes)
    SELECT id, 1, topic, 0, at, instance, execution, activity, activity_instance, definition, key, business_key, scopes::uuid[]
    FROM unnest(%b::uuid[], %b::text[], %b::bigint[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
        %b::text[]) c(id, topic, at, instance, execution, activity, activity_instance, definition, key, business_key, scopes)
), stored AS (
    INSERT INTO variable (scope_id, name, id, type, text_value, long_value, double_value, payload)
    SELECT * FROM unnest(%b::uuid[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::double precision[], %b::bytea[])
    ON CONFLICT (scope_id, name) DO UPDATE SET type = excluded.type, text_value = excluded.text_value, long_value = excluded.long_value,
        double_value = excluded.double_value, payload = excluded.payload
), done AS (
    DELETE FROM external_task WHERE id = ANY(%b::uuid[])
), ended AS (
    DELETE FROM process_instance WHERE id = ANY(%b::uuid[])
), forgotten AS (
    DELETE FROM variable WHERE scope_id = ANY(%b::uuid[])
)
SELECT 1
"""


class Writer:
    """Writes steps: whatever waits goes into one statement."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection
        self._waiting: list[tuple[Step, str | None, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()

    async def write(self, step: Step, task: str | None) -> None:
        """Write a step, and end its task."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((step, task, written))
        self._arrived.set()
        await written

    async def run(self) -> None:
        while True:
            await self._arrived.wait()
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            if not self._waiting:
                self._arrived.clear()
            await self._connection.execute(cast(Any, WRITE), parameters([step for step, _, _ in batch], [task for _, task, _ in batch]))
            for _, _, written in batch:
                written.set_result(None)


def parameters(steps: Sequence[Step], tasks: Sequence[str | None]) -> list[list[Any]]:
    """The arrays of WRITE."""
    arrays: list[list[Any]] = []
    for width, parts in zip(WIDTHS, zip(*(step.rows for step in steps), strict=True), strict=True):
        rows = [row for part in parts for row in part]
        arrays += columns(rows) if rows else [[] for _ in range(width)]
    ended = [step.facts[-1][0] for step in steps if step.ends]
    return [*arrays, [task for task in tasks if task is not None], ended, ended]


class Floor:
    """Starts instances and completes their tasks."""

    def __init__(self, recording: Recording, topics: Sequence[str], writer: Writer, fetching: Sequence[AsyncConnection[Any]]) -> None:
        self._start, *completions = recording.steps
        tasks = [ordinal_of(step.tasks[0][0]) for step in recording.steps if step.tasks]
        self._completion_of = dict(zip(tasks, completions, strict=True))
        self._claim = [list(topics), "worker", LOCKED_UNTIL, recording.locked]
        self._writer = writer
        self._free: asyncio.LifoQueue[AsyncConnection[Any]] = asyncio.LifoQueue()
        for connection in fetching:
            self._free.put_nowait(connection)

    async def start(self, instance_id: str) -> None:
        """Start an instance under this id."""
        await self._writer.write(self._start.written_for(instance_id[:PREFIX]), None)

    async def fetch(self) -> list[str]:
        """Lock tasks; their ids."""
        connection = await self._free.get()
        rows = await (await connection.execute(cast(Any, FETCH), self._claim)).fetchall()
        self._free.put_nowait(connection)
        return [task for task, *_ in rows]

    async def complete(self, task: str) -> None:
        """Complete a locked task."""
        await self._writer.write(self._completion_of[ordinal_of(task)].written_for(task[:PREFIX]), task)


@asynccontextmanager
async def floor_on(conninfo: str, recording: Recording, topics: Sequence[str]) -> AsyncIterator[Floor]:
    """The floor on a database in which the recorded instance ran."""
    async with AsyncExitStack() as stack:
        writing, *fetching = [await stack.enter_async_context(await connect(conninfo, "floor")) for _ in range(1 + CONNECTIONS)]
        writer = Writer(writing)
        running = asyncio.create_task(writer.run())
        stack.callback(running.cancel)
        yield Floor(recording, topics, writer, fetching)
