"""How PostgreSQL carries out fetchAndLock on a large backlog: along the indexes made for it, and no further than the limit."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, TypeAlias, cast

import psycopg
import pytest
from psycopg import sql

from api.engine.store import connect
from api.engine.together import EngineConnection
from domain.facts import Envelope
from domain.fetching import Comparison, VariableCondition
from projections.external_task.fetch import fetch_statement
from tests.integration.engines import request, values

pytestmark = pytest.mark.anyio
NOW = time.time_ns() // 1_000_000
OPEN, MOST = 20_000, 10
DEFINITION = "0193e000-0000-7abc-8abc-def000000000"
CONDITIONS = {
    "variable_conditions": (
        VariableCondition("n", (Comparison("gteq", "Number", 1),)),
        VariableCondition("n", (Comparison("neq", "Number", 2),)),
    )
}
BACKLOG = f"""
INSERT INTO process_definition (id, key, version, startable_in_tasklist, deployment_id, resource)
    VALUES ('p:1:x', 'p', 1, true, '{DEFINITION}', 'p.bpmn');
INSERT INTO external_task (id, version, topic, priority, create_time, lock_until, worker_id, retries, process_instance_id, execution_id,
    activity_id, activity_instance_id, definition_id, definition_key, business_key, scopes)
SELECT id, 1, CASE WHEN n % 20 = 3 THEN 'rare' ELSE 'busy' END, n % 7, {NOW} - n, until, CASE WHEN until IS NOT NULL THEN 'other' END,
    CASE WHEN n % 50 = 1 THEN 0 END, id, id, 'work', 'work:1', 'p:1:x', 'p', 'k' || n % 3, ARRAY[id]
FROM (SELECT n, gen_random_uuid() AS id, CASE n % 10 WHEN 0 THEN {NOW} + 600000 WHEN 1 THEN {NOW} - n END AS until
    FROM generate_series(1, {OPEN}) n) t;
INSERT INTO variable (scope_id, name, id, type, long_value, payload)
    SELECT id, 'n', id, 'Integer', ascii(right(business_key, 1)) - 48, '' FROM external_task;
ANALYZE external_task; ANALYZE variable;
"""
Node: TypeAlias = Mapping[str, Any]


@pytest.fixture
async def connection(database: str) -> AsyncIterator[EngineConnection]:
    """A connection of the engine's to a database with many open tasks: free, locked, expired, and stuck ones."""
    with psycopg.connect(database, autocommit=True) as making:
        making.execute(BACKLOG.encode())
    async with await connect(database, "fetch") as made:
        yield made


async def plan_of(connection: EngineConnection, **how: Any) -> Node:
    """Prepare the statement as the engine does, and let PostgreSQL tell how it carries that out."""
    text, parameters = fetch_statement(request("busy", "rare", most=MOST, **how), Envelope(NOW, DEFINITION))
    await connection.rows(text, parameters)
    cursor = await connection.execute("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'WITH ordering%'")
    [(name,)] = await cursor.fetchall()
    order = dict.fromkeys(re.findall(r"%\((\w+)\)[sb]", text))
    arguments = sql.SQL(", ").join(sql.Literal(parameters[parameter]) for parameter in order)
    execute = sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {} ({})").format(sql.Identifier(name), arguments)
    [([explained],)] = await (await connection.execute(execute)).fetchall()
    return cast(Node, explained["Plan"])


def nodes(plan: Node) -> Iterator[Node]:
    """A plan's nodes, itself first."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def part(plan: Node, name: str) -> list[Node]:
    """The nodes of a named part of the statement."""
    [found] = [node for node in nodes(plan) if node.get("Subplan Name") == f"CTE {name}"]
    return list(nodes(found))


def scans(found: list[Node]) -> set[tuple[str, str]]:
    """How the table of open tasks is read: the kinds of scan, and by which index."""
    return {(node["Node Type"], node.get("Index Name", "")) for node in found if node.get("Relation Name") == "external_task"}


@pytest.mark.parametrize(
    "how",
    [{}, {"business_key": "k1"}, {"process_variables": values(n=1)}, CONDITIONS],
    ids=["plain", "business key", "variables", "conditions"],
)
async def test_candidates_come_from_the_index_in_its_order(connection: EngineConnection, how: dict[str, Any]) -> None:
    plan = await plan_of(connection, **how)
    number = 1 if how else 0

    free, expired = part(plan, f"free_{number}"), part(plan, f"expired_{number}")

    assert scans(free) == {("Index Scan", "external_task_candidate")}
    assert [node["Node Type"] for node in free if "Sort" in node["Node Type"]] == []
    assert scans(expired) == {("Index Scan", "external_task_lock"), ("Index Scan", "external_task_pkey")}
    assert [node for node in nodes(plan) if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "external_task"] == []


async def test_of_a_large_backlog_no_more_is_looked_at_than_is_given(connection: EngineConnection) -> None:
    plan = await plan_of(connection)

    [scan] = [node for node in part(plan, "free_0") if node.get("Index Name") == "external_task_candidate"]

    assert (scan["Actual Rows"] * scan["Actual Loops"], scan.get("Rows Removed by Filter", 0)) == (2 * MOST, 0)
