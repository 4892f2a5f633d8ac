"""Group commit: what waits is decided together and written in one transaction; each command has its own answer."""

from __future__ import annotations

import asyncio

import pytest

from api.engine import Engine
from api.engine.writer import LARGEST_BATCH
from domain.commands import (
    CompleteExternalTask,
    ModifyVariables,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
)
from domain.facts import ExternalTaskPrioritySet, VariablesModified
from domain.ids import part_id
from domain.refusals import NotFound, NotOwner
from tests.integration.engines import completed, deployed, fetched, names, rows, several_started, started, values
from tests.integration.models import CHAIN, ONE, parallel

pytestmark = pytest.mark.anyio
TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM stored_events WHERE notification_id > %s"
LAST = "SELECT coalesce(max(notification_id), 0) FROM stored_events"


async def transactions_since(database: str, place: int) -> int:
    """How many transactions have appended since a place in the log."""
    [(count,)] = await rows(database, TRANSACTIONS, place)
    return int(count)


async def last_place(database: str) -> int:
    [(place,)] = await rows(database, LAST)
    return int(place)


async def test_many_commands_are_few_transactions(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    before = await last_place(database)

    await several_started(engine, "one", 3 * LARGEST_BATCH)

    assert await transactions_since(database, before) == 3
    assert await rows(database, "SELECT count(*) FROM external_task") == [(3 * LARGEST_BATCH,)]


async def test_one_command_alone_does_not_wait_for_others(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    before = await last_place(database)

    for _ in range(3):
        await started(engine, "one")

    assert await transactions_since(database, before) == 3


async def test_a_refused_command_is_refused_alone(engine: Engine, database: str) -> None:
    await deployed(engine, CHAIN)
    await several_started(engine, "chain", 4)
    tasks = [locked.task for locked in await fetched(engine, "first")]
    ghost = part_id(tasks[0].process_instance_id, 4000)
    before = await last_place(database)

    answers = await asyncio.gather(
        engine.submit(CompleteExternalTask(tasks[0].id, "worker")),
        engine.submit(CompleteExternalTask(tasks[1].id, "another")),
        engine.submit(CompleteExternalTask(ghost, "worker")),
        engine.submit(StartProcessInstance(definition_key="nothing")),
        engine.submit(CompleteExternalTask("no id at all", "worker")),
        engine.submit(CompleteExternalTask(tasks[2].id, "worker")),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [type(None), NotOwner, NotFound, NotFound, NotFound, type(None)]
    assert await transactions_since(database, before) == 1
    assert len(await fetched(engine, "second")) == 2


async def test_of_two_that_complete_the_same_task_one_is_refused(engine: Engine) -> None:
    await deployed(engine, CHAIN)
    instance = await started(engine, "chain")
    [locked] = await fetched(engine, "first")

    answers = await asyncio.gather(*(completed(engine, locked, n=n) for n in range(3)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [type(None), NotFound, NotFound]
    assert names(await engine.facts(instance)).count("ExternalTaskCompleted") == 1


async def test_commands_about_one_task_keep_their_order(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    [task] = await fetched(engine, "work")

    await asyncio.gather(*(engine.submit(SetExternalTaskPriority(task.task.id, priority)) for priority in range(20)))

    set_ = [record.fact.priority for record in await engine.facts(instance) if isinstance(record.fact, ExternalTaskPrioritySet)]
    assert set_ == list(range(20))


async def test_commands_about_one_instance_keep_their_order_beside_those_about_its_tasks(engine: Engine) -> None:
    await deployed(engine, parallel("fan", 3))
    instance = await started(engine, "fan")
    first, second, third = await fetched(engine, "branch")

    answers = await asyncio.gather(
        completed(engine, first),
        engine.submit(ModifyVariables(instance, values(n=1))),
        completed(engine, second),
        engine.submit(ModifyVariables(instance, values(n=2))),
        engine.submit(SuspendProcessInstance(instance, suspended=True)),
        completed(engine, third),
        engine.submit(SuspendProcessInstance(instance, suspended=False)),
        return_exceptions=True,
    )

    causes = [type(record.fact).__name__ for record in await engine.facts(instance) if record.fact.is_cause]
    assert [type(answer).__name__ for answer in answers] == [*["NoneType"] * 5, "Suspended", "NoneType"]
    assert causes == [
        *("ProcessInstanceStarted", "ExternalTaskLocked", "ExternalTaskLocked", "ExternalTaskLocked"),
        *("ExternalTaskCompleted", "VariablesModified", "ExternalTaskCompleted", "VariablesModified"),
        *("ProcessInstanceSuspended", "ProcessInstanceResumed"),
    ]


async def test_of_commands_about_a_whole_instance_each_has_its_own_transaction(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    before = await last_place(database)

    await asyncio.gather(*(engine.submit(ModifyVariables(instance, values(n=n))) for n in range(5)))

    modified = [r.fact.modifications for r in await engine.facts(instance) if isinstance(r.fact, VariablesModified)]
    assert modified == [values(n=n) for n in range(5)]
    assert await transactions_since(database, before) == 5


async def test_parallel_tasks_completed_together_meet_at_their_join_once(engine: Engine, database: str) -> None:
    await deployed(engine, parallel("fan", 30))
    instance = await started(engine, "fan")
    tasks = await fetched(engine, "branch", most=30)
    before = await last_place(database)

    await asyncio.gather(*(completed(engine, task) for task in tasks))

    assert await transactions_since(database, before) == 1
    assert names(await engine.facts(instance)).count("ProcessInstanceEnded") == 1
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(0,)]


async def test_what_was_asked_for_first_is_done_first_across_commands_of_one_and_of_many(engine: Engine) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one")
    [locked] = await fetched(engine, "work")
    task_id = locked.task.id

    await asyncio.gather(
        engine.submit(SetExternalTaskPriority(task_id, 1)),
        engine.submit(SetExternalTaskRetries((task_id,), 0)),
        engine.submit(SetExternalTaskPriority(task_id, 2)),
        engine.submit(SetExternalTaskRetries((task_id,), 3)),
        completed(engine, locked),
    )

    causes = [type(record.fact).__name__ for record in await engine.facts(instance) if record.fact.is_cause]
    assert causes[2:] == [
        *("ExternalTaskPrioritySet", "ExternalTaskRetriesSet", "ExternalTaskPrioritySet", "ExternalTaskRetriesSet"),
        "ExternalTaskCompleted",
    ]
