"""How PostgreSQL reads the facts of instances that the follower does not remember: each instance's own, whatever else is in the store."""

from __future__ import annotations

import psycopg
import pytest

from domain.ids import last_part_id
from projections.history.instances import APPLIERS
from projections.history.log import FACTS_OF_INSTANCES, topics_of

INSTANCES, ASKED, FACTS_OF_EACH, UNTIL = 5_000, 300, 4, 4_000
# Purpose: many instances, whose facts come in turn.
FILL = f"""
INSERT INTO stored_events (originator_id, originator_version, topic, state)
SELECT ('01a21414-0d9c-7' || lpad(to_hex(n), 3, '0') || '-8000-' || lpad(to_hex(n), 5, '0') || '0000000')::uuid, version,
    'ElementActivated.1', ''
FROM generate_series(1, {FACTS_OF_EACH}) version, generate_series(1, {INSTANCES}) n;
ANALYZE stored_events
"""
IDS = "SELECT DISTINCT originator_id::text FROM stored_events LIMIT %s"


@pytest.fixture
def filled(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in FILL.split(";"):
            connection.execute(statement.encode())
    return database


def test_no_more_is_read_than_the_facts_of_these_instances(filled: str) -> None:
    with psycopg.connect(filled) as connection:
        ids = [id for (id,) in connection.execute(IDS, [ASKED])]
        parameters = [ids, [last_part_id(id) for id in ids], UNTIL, topics_of(APPLIERS)]
        cursor = connection.execute(b"EXPLAIN (ANALYZE, FORMAT JSON) " + FACTS_OF_INSTANCES.encode(), parameters, prepare=True)
        plans = [cursor.fetchall()[0][0][0]["Plan"]]

    read = 0
    while plans:
        plan = plans.pop()
        plans += plan.get("Plans", ())
        if plan["Node Type"] != "Sort":
            read += (plan["Actual Rows"] + plan.get("Rows Removed by Join Filter", 0)) * plan["Actual Loops"]

    assert read <= 10 * ASKED * FACTS_OF_EACH
