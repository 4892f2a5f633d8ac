"""The engine inside the benchmark's own process: no HTTP, no other process but the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from api.engine import Engine
from domain.commands import CompleteExternalTask, CreateDeployment, ResourceFile, StartProcessInstance
from domain.fetching import FetchExternalTasks, TopicSubscription
from domain.outcomes import Deployed, InstanceStarted
from tests.benchmarks.models import Model, done_values, order, order_values
from tests.benchmarks.timing import Timings, concurrently

WORKER = "worker"
LOCK_DURATION = 600_000
FETCHED_AT_ONCE = 100


@asynccontextmanager
async def engine_on(conninfo: str) -> AsyncIterator[Engine]:
    """An engine that works, closed at the end."""
    engine = Engine(conninfo)
    await engine.open()
    try:
        yield engine
    finally:
        await engine.close()


async def deploy(engine: Engine, model: Model) -> str:
    """Deploy a model; its process definition's id."""
    file = ResourceFile(f"{model.key}.bpmn", model.xml.encode())
    deployed = await engine.submit(CreateDeployment(model.key, None, None, (file,)))
    assert isinstance(deployed, Deployed)
    return deployed.definitions[0].id


async def start_one(engine: Engine, key: str, number: int = 0) -> str:
    """Start an instance as a client would; its id."""
    command = StartProcessInstance(definition_key=key, business_key=order(number)["businessKey"], variables=order_values(number))
    started = await engine.submit(command)
    assert isinstance(started, InstanceStarted)
    return started.id


async def start_all(engine: Engine, key: str, instances: int, clients: int) -> Timings:
    """Start instances, as many at a time as there are clients."""
    return await concurrently(range(instances), range(clients), lambda _, number: start_one(engine, key, number))


async def lock_all(engine: Engine, topic: str, tasks: int) -> list[str]:
    """Lock that many tasks of a topic; their ids. Fewer, when there are not as many."""
    found: list[str] = []
    while len(found) < tasks:
        locked = await fetch(engine, (topic,), min(FETCHED_AT_ONCE, tasks - len(found)))
        if not locked:
            break
        found += locked
    return found


async def fetch(engine: Engine, topics: Sequence[str], max_tasks: int) -> list[str]:
    """Lock tasks for the worker; their ids."""
    subscriptions = tuple(TopicSubscription(topic=topic, lock_duration=LOCK_DURATION) for topic in topics)
    request = FetchExternalTasks(worker_id=WORKER, max_tasks=max_tasks, use_priority=True, subscriptions=subscriptions)
    return [locked.task.id for locked in await engine.fetch_and_lock(request, asyncio.Event().wait)]


async def complete_all(engine: Engine, tasks: Sequence[str], clients: int) -> Timings:
    """Complete locked tasks, as many at a time as there are clients."""
    variables = done_values()
    return await concurrently(tasks, range(clients), lambda _, task: engine.submit(CompleteExternalTask(task, WORKER, variables)))


async def run_through(engine: Engine, model: Model, instances: int, clients: int = 64) -> None:
    """Start instances of a chain and complete all their tasks."""
    await start_all(engine, model.key, instances, clients)
    for topic in model.topics:
        done = await complete_all(engine, await lock_all(engine, topic, instances), clients)
        assert len(done.samples) == instances
