"""Where the bytes of a finished instance of three tasks go: the event store's table and indexes, and its facts by their kind."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import psycopg

from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import deploy, engine_on, run_through
from tests.benchmarks.models import chain
from tests.benchmarks.report import Report

INSTANCES, WARM_UP = 4_000, 200
MODEL = chain("stored")
FACTS = "stored_events"

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

# Purpose: every table and index of ours with its bytes on disk, the table that it belongs to first.
RELATIONS = """
SELECT coalesce(t.relname, c.relname), c.relname, CASE c.relkind WHEN 'i' THEN pg_relation_size(c.oid) ELSE pg_table_size(c.oid) END
FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') ORDER BY 1, c.relkind DESC, 2
"""
# Purpose: facts by kind, in the order in which they first came: how many, and their average state in bytes.
KINDS = """
SELECT topic, count(*), avg(octet_length(state))::float, avg(pg_column_size(e.*))::float FROM stored_events e
WHERE notification_id > %s GROUP BY topic ORDER BY min(notification_id)
"""
LAST_FACT = "SELECT max(notification_id) FROM stored_events"
WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"


class Relation(NamedTuple):
    table: str
    name: str
    size: int


def test_bytes_of_a_finished_instance(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        run(finish(database, WARM_UP, deploys=True))
        before, last, written = relations(connection), value(connection, LAST_FACT), value(connection, WRITTEN)
        run(finish(database, INSTANCES))
        written = value(connection, WRITTEN) - written
        after, kinds = relations(connection), connection.execute(KINDS, [last]).fetchall()

    grown = [Relation(new.table, new.name, new.size - old.size) for old, new in zip(before, after, strict=True)]
    with Report(f"Storage of one finished instance of {len(MODEL.topics)} tasks, over {INSTANCES:,} instances") as report:
        facts = [relation for relation in grown if relation.table == FACTS]
        report.add("facts and their indexes", sum(r.size for r in facts) / INSTANCES, "bytes", target="<= 8,192 bytes")
        for relation in facts:
            report.add(f"  {relation.name}", relation.size / INSTANCES, "bytes")
        for topic, number, state, row in kinds:
            assert number % INSTANCES == 0
            report.add(f"    {number // INSTANCES} x {topic}: state {state:.0f}, row {row:.0f}", number * row / INSTANCES, "bytes")
        report.add("written ahead (WAL)", written / INSTANCES, "bytes")
        others = [relation for relation in grown if relation.table != FACTS]
        report.add("read models, space that further instances use again", sum(r.size for r in others) / INSTANCES, "bytes")


async def finish(conninfo: str, instances: int, *, deploys: bool = False) -> None:
    """Run instances through to their ends."""
    async with engine_on(conninfo) as engine:
        if deploys:
            await deploy(engine, MODEL)
        await run_through(engine, MODEL, instances)


def relations(connection: Connection) -> list[Relation]:
    """Sizes on disk, with everything written and dead rows given back."""
    connection.execute("VACUUM")
    connection.execute("CHECKPOINT")
    return [Relation(*row) for row in connection.execute(RELATIONS).fetchall()]


def value(connection: Connection, sql: str) -> int:
    """The one number that a statement gives."""
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return int(row[0])
