"""A backlog of open tasks, as if so many instances had been started one after another.

One instance is started through the engine; its facts and rows are then written again and again under other ids, other times and other
commands, in bulk. Nothing else differs from what as many starts would have left: the copies replay, and gesta works on them. Only history
does not tell of them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import Any, LiteralString, NamedTuple, TypeAlias
from uuid import UUID

import psycopg

from domain.facts import Recorded
from domain.ids import aggregate_id, make_id, named_id, part_id
from projections.fact_mapper import encode_envelope
from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import deploy, engine_on, start_one
from tests.benchmarks.models import Model, loop, order_values
from tests.benchmarks.template import PREFIX, stored

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

QUEUE = loop("queue")
LARGE = 100_000
STARTED_PER_MS = 3
# Purpose: the instances to be: the start of their ids, when and by which command they were started, the ids of their variables.
SEEDED = "CREATE TEMPORARY TABLE seeded (n integer, prefix text, at bigint, command uuid, variables uuid[])"
FILL = "COPY seeded FROM STDIN (FORMAT BINARY)"
# Purpose: the facts, in the order of the log. Time and command stand at fixed places of every state.
FACTS = """
INSERT INTO stored_events (originator_id, originator_version, topic, state)
SELECT (s.prefix || f.ordinal)::uuid, f.version, f.topic,
    overlay(overlay(f.state PLACING int8send(s.at) FROM %(at)s FOR 8) PLACING uuid_send(s.command) FROM %(command)s FOR 16)
FROM seeded s CROSS JOIN unnest(%(ordinals)s::text[], %(versions)s::bigint[], %(topics)s::text[], %(states)s::bytea[])
    WITH ORDINALITY f(ordinal, version, topic, state, place)
ORDER BY s.n, f.place
"""
# Purpose: a table's rows, which are the template's, once more for every instance.
COPY_ROWS: LiteralString = """
INSERT INTO {table} SELECT r.* FROM seeded s
    CROSS JOIN (SELECT to_jsonb(x)::text AS row, row_number() OVER (ORDER BY x) AS place FROM {table} x) t
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table},
        replace(t.row, %(prefix)s, s.prefix)::jsonb || jsonb_build_object({changed})) r
ORDER BY s.n, t.place
"""
# Purpose: history goes on behind the seed: a server that had to catch up with a million instances would be measured at that.
TOLD = "UPDATE notification_tracking SET notification_id = (SELECT max(notification_id) FROM stored_events)"
TABLES: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("process_instance", "'start_time', s.at"),
    ("external_task", "'create_time', s.at"),
    ("variable", "'id', s.variables[t.place]"),
)
"""With what changes in a copied row besides the ids that begin like the instance's."""


class Seed(NamedTuple):
    instance_id: str
    facts: list[Recorded]
    names: list[str]
    """Of the variables, sorted."""


def seed(conninfo: str, model: Model, instances: int) -> None:
    """Fill a fresh database with started instances of a model whose first task waits."""
    template = run(started(conninfo, model))
    with psycopg.connect(conninfo, autocommit=True) as connection:
        with connection.transaction():
            plan(connection, template, instances - 1)
            connection.execute(FACTS, fact_parameters(template))
            for table, changed in TABLES:
                connection.execute(COPY_ROWS.format(table=table, changed=changed), {"prefix": template.instance_id[:PREFIX]})
            connection.execute(TOLD)
        assert connection.execute("SELECT count(*) FROM external_task WHERE topic = %s", [model.topics[0]]).fetchone() == (instances,)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


async def started(conninfo: str, model: Model) -> Seed:
    """The instance that the others are copies of."""
    async with engine_on(conninfo) as engine:
        await deploy(engine, model)
        instance_id = await start_one(engine, model.key)
        return Seed(instance_id, await engine.facts(instance_id), sorted(order_values(0)))


def plan(connection: Connection, template: Seed, instances: int) -> None:
    """Say which instances there will be."""
    connection.execute(SEEDED)
    with connection.cursor().copy(FILL) as copy:
        copy.set_types(["int4", "text", "int8", "uuid", "uuid[]"])
        for row in identities(template, instances):
            copy.write_row(row)


def identities(template: Seed, instances: int) -> Iterator[tuple[object, ...]]:
    """Rows of SEEDED: the last one was started just now."""
    first = time.time_ns() // 1_000_000 - instances // STARTED_PER_MS
    for n in range(instances):
        at = first + n // STARTED_PER_MS
        command = make_id(at, secrets.randbits(74))
        variables = [UUID(named_id(aggregate_id(command), name)) for name in template.names]
        yield n, command[:PREFIX], at, UUID(command), variables


def fact_parameters(template: Seed) -> dict[str, object]:
    """The template's facts as arrays, and where in their states time and command stand."""
    facts, envelope = stored(template.facts), template.facts[0].envelope
    head = encode_envelope(envelope)
    assert all(fact.state.startswith(head) for fact in facts)
    return {
        "at": head.index(envelope.at.to_bytes(8, "big")) + 1,
        "command": head.index(UUID(envelope.command_id).bytes) + 1,
        "ordinals": [part_id(template.instance_id, fact.ordinal)[PREFIX:] for fact in facts],
        "versions": [fact.version for fact in facts],
        "topics": [fact.topic for fact in facts],
        "states": [fact.state for fact in facts],
    }
