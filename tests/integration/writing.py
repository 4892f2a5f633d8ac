"""Writers that append as the engine does, to be run in a process of their own while somebody reads the log."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from typing import Any, cast

from psycopg import AsyncConnection

from api.engine.store import Transaction, connect
from api.engine.together import EngineConnection
from domain.facts import ElementActivated, Envelope, ExternalTaskCreated, ProcessDefinitionDeployed, Recorded
from domain.fetching import FetchExternalTasks, TopicSubscription
from domain.ids import aggregate_id, make_id, part_id
from domain.state import TASK
from projections.external_task.fetch import fetch_statement

BATCHES, FACTS = 250, 20
TASKS = 40
APPENDERS, FETCHERS = 2, 2


async def append(connection: EngineConnection, version: int, stream: str) -> None:
    """Append some facts to one stream, in the engine's own transaction."""
    transaction = Transaction()
    facts = [ElementActivated(4 * (version + number), "work", 0) for number in range(FACTS)]
    transaction.add([Recorded(stream, version + n, new_envelope(), fact) for n, fact in enumerate(facts)])
    await transaction.commit(connection)


async def prepare(conninfo: str) -> None:
    """Make tasks that can be fetched, and the definition that they are of."""
    transaction, stream = Transaction(), new_id()
    transaction.add([Recorded(stream, 1, new_envelope(), ProcessDefinitionDeployed(stream, "p", 1, "p.bpmn"))])
    for number in range(TASKS):
        fact = ExternalTaskCreated(4 * number, "work", f"p:1:{stream}", "work")
        transaction.add([Recorded(part_id(new_id(), 4 * number + TASK), 1, new_envelope(), fact)])
    async with await connect(conninfo, "prepare") as connection:
        await transaction.commit(connection)


async def fetch(connection: AsyncConnection[Any]) -> None:
    """Lock tasks for no time at all: the next one finds them expired, which leaves two facts a task."""
    request = FetchExternalTasks(worker_id="w", max_tasks=FACTS // 2, subscriptions=(TopicSubscription(topic="work", lock_duration=0),))
    sql, parameters = fetch_statement(request, new_envelope())
    await (await connection.execute(cast(Any, sql), parameters)).fetchall()


async def keep_appending(conninfo: str) -> None:
    async with await connect(conninfo, "append") as connection:
        stream = new_id()
        for batch in range(BATCHES):
            await append(connection, batch * FACTS + 1, stream)


async def keep_fetching(conninfo: str) -> None:
    async with await connect(conninfo, "fetch") as connection:
        for _ in range(BATCHES):
            await fetch(connection)


async def write(conninfo: str) -> None:
    """Write on several connections at once."""
    appending = [keep_appending(conninfo) for _ in range(APPENDERS)]
    await asyncio.gather(*appending, *(keep_fetching(conninfo) for _ in range(FETCHERS)))


def new_id() -> str:
    return aggregate_id(make_id(time.time_ns() // 1_000_000, secrets.randbits(74)))


def new_envelope() -> Envelope:
    return Envelope(time.time_ns() // 1_000_000, new_id())


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
