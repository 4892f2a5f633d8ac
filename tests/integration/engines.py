"""Engines and what workers ask of them, with defaults, so that each test shows only what matters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg

from api.engine import Engine
from api.replaying import Replayer
from domain.commands import CompleteExternalTask, CreateDeployment, ResourceFile, StartProcessInstance
from domain.event_commands import BroadcastSignal, CorrelateMessage
from domain.facts import Recorded
from domain.fetching import FetchExternalTasks, TopicSubscription
from domain.outcomes import Correlated, Deployed, ExecutionReached, InstanceStarted
from domain.replay import Difference
from domain.values import Value
from projections.external_task.row import LockedTask

PATIENCE = 30
"""Seconds: a test that hangs fails."""
WORKER = "worker"

T = TypeVar("T")


@asynccontextmanager
async def opened(conninfo: str, **options: Any) -> AsyncIterator[Engine]:
    """An engine that works inside the context."""
    engine = Engine(conninfo, **options)
    await engine.open()
    try:
        async with asyncio.timeout(PATIENCE):
            yield engine
    finally:
        await engine.close()


async def deployed(engine: Engine, *models: ResourceFile, name: str = "models") -> Deployed:
    outcome = await engine.submit(CreateDeployment(name, None, None, models))
    assert isinstance(outcome, Deployed)
    return outcome


async def started(engine: Engine, key: str, business_key: str | None = None, **variables: Any) -> str:
    """Start an instance; its id."""
    command = StartProcessInstance(definition_key=key, business_key=business_key, variables=values(**variables))
    outcome = await engine.submit(command)
    assert isinstance(outcome, InstanceStarted)
    return outcome.id


async def several_started(engine: Engine, key: str, count: int, **variables: Any) -> list[str]:
    return list(await asyncio.gather(*(started(engine, key, **variables) for _ in range(count))))


def request(*topics: str, worker: str = WORKER, most: int = 10, duration: int = 60_000, wait: int | None = None, **more: Any) -> Any:
    """A fetch-and-lock request; `more` narrows every topic, durations are in ms."""
    subscriptions = tuple(TopicSubscription(topic=topic, lock_duration=duration, **more) for topic in topics)
    return FetchExternalTasks(worker_id=worker, max_tasks=most, subscriptions=subscriptions, use_priority=True, wait=wait)


async def stays() -> None:
    """A client that does not hang up."""
    await asyncio.Event().wait()


async def fetched(engine: Engine, *topics: str, **how: Any) -> list[LockedTask]:
    return await engine.fetch_and_lock(request(*topics, **how), stays)


async def completed(engine: Engine, task: LockedTask, *, command_id: str | None = None, **variables: Any) -> None:
    command = CompleteExternalTask(task.task.id, task.task.worker_id or "", values(**variables))
    await engine.submit(command, command_id=command_id)


async def correlated(engine: Engine, name: str, *, command_id: str | None = None, **how: Any) -> list[ExecutionReached | InstanceStarted]:
    """Send a message; whom it reached."""
    outcome = await engine.submit(CorrelateMessage(name=name, **how), command_id=command_id)
    assert isinstance(outcome, Correlated)
    return list(outcome.results)


async def signalled(engine: Engine, name: str, *, command_id: str | None = None, **how: Any) -> None:
    """Send a signal."""
    await engine.submit(BroadcastSignal(name, **how), command_id=command_id)


async def until(conninfo: str, sql: str, expected: Any) -> None:
    """Ask the database again and again until it answers so."""
    while await rows(conninfo, sql) != [(expected,)]:
        pass


def values(**variables: Any) -> dict[str, Value]:
    """Typed values of Python's."""
    types = {bool: "Boolean", int: "Integer", float: "Double", str: "String", type(None): "Null"}
    return {name: value if isinstance(value, Value) else Value(types[type(value)], value) for name, value in variables.items()}


def names(records: list[Recorded]) -> list[str]:
    """The names of facts."""
    return [type(record.fact).__name__ for record in records]


async def rows(conninfo: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Ask the database itself."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        return await (await connection.execute(sql.encode(), parameters)).fetchall()


def change(database: str, sql: str) -> None:
    """Change the database behind the engine's back."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.encode())


async def differences(conninfo: str) -> list[Difference]:
    """Decide again all that was recorded; where it comes out otherwise."""
    connect = psycopg.AsyncConnection.connect
    async with await connect(conninfo, autocommit=True) as streaming, await connect(conninfo, autocommit=True) as reads:
        replayer = Replayer(streaming, reads)
        return [difference async for replayed in replayer.instances() for difference in replayed.differences]


BROKEN_STREAMS = """
SELECT originator_id::text FROM stored_events GROUP BY originator_id
HAVING min(originator_version) <> 1 OR max(originator_version) <> count(*)
"""
"""Streams whose versions do not count from 1 without a gap."""
