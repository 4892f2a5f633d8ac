"""Two engines on one database, working on the same instances: nobody hears of it, and nothing happens twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from api.engine import Engine
from domain.commands import DeleteProcessInstance, FailExternalTask, ModifyVariables, SetExternalTaskRetries
from domain.facts import VariablesModified
from domain.refusals import NotFound
from tests.integration.engines import BROKEN_STREAMS, completed, deployed, fetched, names, opened, rows, several_started, started, values
from tests.integration.models import CHAIN, ONE, parallel

pytestmark = pytest.mark.anyio


@pytest.fixture
async def other(engine: Engine, database: str) -> AsyncIterator[Engine]:
    """Another engine on the same database, as another server would have it."""
    async with opened(database) as second:
        yield second
    assert await rows(database, BROKEN_STREAMS) == []


async def all_of(*work: Coroutine[Any, Any, object]) -> Counter[str]:
    """Do everything at once; how often each kind of answer came."""
    return Counter(type(answer).__name__ for answer in await asyncio.gather(*work, return_exceptions=True))


async def test_both_change_the_same_instances_over_and_over(engine: Engine, other: Engine) -> None:
    await deployed(engine, ONE)
    instances = await several_started(engine, "one", 3)
    changes = 30

    answers = await all_of(*(e.submit(ModifyVariables(i, values(n=n))) for n in range(changes) for i in instances for e in (engine, other)))

    assert answers == {"NoneType": changes * len(instances) * 2}
    for instance in instances:
        modified = [r.fact.modifications["n"].content for r in await engine.facts(instance) if isinstance(r.fact, VariablesModified)]
        assert Counter(modified) == {n: 2 for n in range(changes)}


async def test_both_complete_parallel_tasks_of_the_same_instances(engine: Engine, other: Engine, database: str) -> None:
    branches, count = 12, 10
    await deployed(engine, parallel("fan", branches))
    instances = await several_started(engine, "fan", count)
    tasks = await fetched(engine, "branch", most=branches * count // 2) + await fetched(other, "branch", most=branches * count // 2)

    answers = await all_of(*(completed((engine, other)[n % 2], task) for n, task in enumerate(tasks)))

    assert answers == {"NoneType": branches * count}
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(0,)]
    for instance in instances:
        facts = names(await other.facts(instance))
        assert (facts.count("ExternalTaskCompleted"), facts.count("ProcessInstanceEnded")) == (branches, 1)


async def test_of_the_same_task_completed_in_both_one_is_refused(engine: Engine, other: Engine, database: str) -> None:
    await deployed(engine, CHAIN)
    await several_started(engine, "chain", 40)
    tasks = await fetched(engine, "first", most=40)

    answers = await all_of(*(completed(e, task) for task in tasks for e in (engine, other)))

    assert answers == {"NoneType": 40, "NotFound": 40}
    assert await rows(database, "SELECT count(*) FROM stored_events WHERE topic = 'ExternalTaskCompleted.1'") == [(40,)]


async def test_both_deploy_the_same_process(engine: Engine, other: Engine, database: str) -> None:
    deployments = await asyncio.gather(*(deployed(e, ONE, CHAIN) for _ in range(6) for e in (engine, other)))

    versions = sorted(definition.version for deployment in deployments for definition in deployment.definitions if definition.key == "one")
    assert versions == list(range(1, 13))
    assert await rows(database, "SELECT key, count(*), max(version) FROM process_definition GROUP BY key ORDER BY key") == [
        ("chain", 12, 12),
        ("one", 12, 12),
    ]


async def test_what_one_has_ended_is_unknown_to_the_other_at_once(engine: Engine, other: Engine) -> None:
    await deployed(engine, CHAIN)
    instance = await started(engine, "chain")
    [task] = await fetched(engine, "first")

    await other.submit(DeleteProcessInstance(instance))

    with pytest.raises(NotFound):
        await completed(engine, task)
    assert await fetched(engine, "first", "second") == []


async def test_failures_and_retries_meet(engine: Engine, other: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 10)
    tasks = await fetched(engine, "work")

    answers = await all_of(
        *(engine.submit(FailExternalTask(task.task.id, "worker", "boom", retries=0)) for task in tasks),
        *(other.submit(SetExternalTaskRetries(tuple(task.task.id for task in tasks), n)) for n in (5, 0, 3)),
    )

    assert answers == {"NoneType": 13}
    open_tasks = await rows(database, "SELECT retries, count(*) FROM external_task GROUP BY retries")
    incidents = await rows(database, "SELECT count(*) FROM incident")
    stuck = sum(count for retries, count in open_tasks if retries == 0)
    assert incidents == [(stuck,)]


async def test_workers_of_both_carry_every_instance_to_its_end(engine: Engine, other: Engine, database: str) -> None:
    count = 60
    await deployed(engine, CHAIN)
    await several_started(engine, "chain", count)

    await asyncio.gather(*(worked_off(e, name, count * 3) for e in (engine, other) for name in ("a", "b")))

    done = await rows(database, "SELECT originator_id, count(*) FROM stored_events WHERE topic = 'ExternalTaskCompleted.1' GROUP BY 1")
    assert [times for _, times in done] == [1] * count * 3
    assert await rows(database, "SELECT count(*) FROM external_task") == [(0,)]


async def worked_off(engine: Engine, worker: str, total: int) -> None:
    """Complete whatever is there until everything is done, sometimes late: the task is another's by then, or done."""
    while True:
        tasks = await fetched(engine, "first", "second", "third", worker=worker, most=5)
        await asyncio.gather(*(completed(engine, task, by=worker) for task in tasks))
        [(done,)] = await engine.query("SELECT count(*) FROM stored_events WHERE topic = 'ExternalTaskCompleted.1'")
        if done == total:
            return
