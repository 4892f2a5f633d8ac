"""How PostgreSQL carries out the hot statements at a large backlog, in its own words: printed with `-k plans`, measured nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier, Literal

from api.engine import Engine
from api.engine.store import Transaction, connect
from domain.commands import CompleteExternalTask
from domain.deciding.dispatch import decide_for_task
from domain.facts import Envelope, Fact, Recorded
from domain.fetching import FetchExternalTasks, TopicSubscription
from domain.history import History
from domain.ids import aggregate_id, part_id
from projections.external_task.fetch import fetch_statement
from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import LOCK_DURATION, WORKER, engine_on, lock_all
from tests.benchmarks.models import done_values
from tests.benchmarks.report import show
from tests.benchmarks.seeding import QUEUE

FETCH = FetchExternalTasks(
    worker_id=WORKER, max_tasks=10, use_priority=True, subscriptions=(TopicSubscription(topic=QUEUE.key, lock_duration=LOCK_DURATION),)
)
# Purpose: what this connection prepared last.
PREPARED = "SELECT name FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sb]")


def test_plans_of_the_hot_statements(large_backlog: str) -> None:
    plans = run(explained(large_backlog))

    for sql, text in plans:
        assert "Execution Time" in text
        show(f"{sql.strip()}\n\n{text}")


async def explained(conninfo: str) -> list[tuple[str, str]]:
    """Statements and plans: each is prepared as the engine does it, by being carried out once, and explained the second time."""
    plans = []
    async with engine_on(conninfo) as engine, await connect(conninfo, "plans") as connection:
        first, second = [await statements(engine, task) for task in await lock_all(engine, QUEUE.key, 2)]
        for (sql, once), (_, again) in zip(first, second, strict=True):
            await connection.rows(sql, once)
            plans.append((sql, await plan(connection, positional(sql, again))))
    return plans


async def statements(engine: Engine, task: str) -> list[tuple[str, Any]]:
    """A fetch, and everything that completing the task writes."""
    fetch = fetch_statement(FETCH, Envelope(engine.now(), engine.new_id()))
    return [fetch, *(await completion(engine, task)).statements()]


async def completion(engine: Engine, task: str) -> Transaction:
    """Decide a completion of a locked task."""
    history = History.of(await engine.facts(aggregate_id(task)))
    assert history.state is not None
    definition = await engine.definition(history.state.definition_id)
    assert definition is not None
    state, locked = history.state, history.open_tasks[0]
    versions = Counter({state.id: state.version, task: locked.version})
    now, transaction = Envelope(engine.now(), engine.new_id()), Transaction()
    decided = decide_for_task(definition, state, locked, CompleteExternalTask(task, WORKER, done_values()), now)
    transaction.add([record(part_id(state.id, ordinal), versions, now, fact) for ordinal, fact in decided.facts])
    return transaction


def record(stream_id: str, versions: Counter[str], envelope: Envelope, fact: Fact) -> Recorded:
    """Put a fact at the end of its stream."""
    versions[stream_id] += 1
    return Recorded(stream_id, versions[stream_id], envelope, fact)


def positional(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
    """Parameters in the order in which a prepared statement numbers them."""
    if not isinstance(parameters, Mapping):
        return list(parameters)
    return [parameters[name] for name in dict.fromkeys(PLACEHOLDER.findall(sql))]


async def plan(connection: AsyncConnection[Any], parameters: Sequence[Any]) -> str:
    """Carry out once more what was prepared last, and tell how."""
    [(name,)] = await (await connection.execute(PREPARED, prepare=False)).fetchall()
    execute = SQL("EXPLAIN (ANALYZE, BUFFERS) EXECUTE {}({})").format(Identifier(name), SQL(", ").join(map(Literal, parameters)))
    rows = await (await connection.execute(execute, prepare=False)).fetchall()
    return "\n".join(line for (line,) in rows)
