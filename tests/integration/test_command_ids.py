"""A command that comes again under the same id answers success once more, and nothing happens a second time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeAlias

import pytest

from api.engine import Engine
from domain.commands import (
    AnnotateIncident,
    Command,
    CompleteExternalTask,
    CompleteUserTask,
    CreateDeployment,
    DeleteDeployment,
    DeleteProcessInstance,
    ExtendExternalTaskLock,
    FailExternalTask,
    LockExternalTask,
    ModifyVariables,
    RaiseBpmnError,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
    UnlockExternalTask,
)
from domain.outcomes import InstanceStarted, Outcome
from domain.refusals import Refusal
from tests.integration.engines import deployed, fetched, opened, rows, several_started, started, values
from tests.integration.models import CHAIN, ONE, USER, parallel

pytestmark = pytest.mark.anyio
FACTS = "SELECT count(*) FROM stored_events"
OPEN_TASKS = "SELECT id::text FROM external_task ORDER BY id"

Prepare: TypeAlias = Callable[[list[str], str], Command]
"""Makes a command from open tasks' ids and an instance's id."""

ABOUT_TASKS: dict[str, Prepare] = {
    "lock": lambda tasks, _: LockExternalTask(tasks[0], "worker", 5000),
    "extend": lambda tasks, _: ExtendExternalTaskLock(tasks[0], "worker", 5000),
    "unlock": lambda tasks, _: UnlockExternalTask(tasks[0]),
    "complete": lambda tasks, _: CompleteExternalTask(tasks[0], "worker", values(done=True)),
    "fail": lambda tasks, _: FailExternalTask(tasks[0], "worker", "boom", retries=1),
    "fail for good": lambda tasks, _: FailExternalTask(tasks[0], "worker", "boom", retries=0),
    "bpmn error": lambda tasks, _: RaiseBpmnError(tasks[0], "worker", "trouble"),
    "priority": lambda tasks, _: SetExternalTaskPriority(tasks[0], 7),
    "retries of one": lambda tasks, _: SetExternalTaskRetries((tasks[0],), 0),
    "retries of many": lambda tasks, _: SetExternalTaskRetries(tuple(tasks), 3),
    "modify variables": lambda _, instance: ModifyVariables(instance, values(n=1), ("m",)),
    "suspend": lambda _, instance: SuspendProcessInstance(instance, suspended=True),
    "delete": lambda _, instance: DeleteProcessInstance(instance, "no longer wanted"),
}


@pytest.mark.parametrize("prepare", ABOUT_TASKS.values(), ids=ABOUT_TASKS)
async def test_a_command_that_comes_again_happens_once(engine: Engine, database: str, prepare: Prepare) -> None:
    await deployed(engine, parallel("fan", 3))
    instance = await started(engine, "fan", m=1)
    tasks = [locked.task.id for locked in await fetched(engine, "branch")]
    command, command_id = prepare(tasks, instance), engine.new_id()

    first = await engine.submit(command, command_id=command_id)
    after_first = await rows(database, FACTS)
    second = await engine.submit(command, command_id=command_id)
    together = await asyncio.gather(*(engine.submit(command, command_id=command_id) for _ in range(3)))

    assert (first, second, together) == (None, None, [None] * 3)
    assert await rows(database, FACTS) == after_first


async def test_a_start_that_comes_again_names_the_same_instance(engine: Engine, database: str) -> None:
    await deployed(engine, CHAIN)
    command, command_id = StartProcessInstance(definition_key="chain", business_key="k", variables=values(n=1)), engine.new_id()

    together = await asyncio.gather(*(engine.submit(command, command_id=command_id) for _ in range(3)))
    async with opened(database) as restarted:
        later = await restarted.submit(command, command_id=command_id)

    assert isinstance(later, InstanceStarted)
    assert together == [later] * 3
    assert await rows(database, "SELECT id::text, business_key FROM process_instance") == [(later.id, "k")]


async def test_a_start_that_comes_again_after_its_instance_has_ended_says_so(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    command, command_id = StartProcessInstance(definition_key="one"), engine.new_id()
    first = await engine.submit(command, command_id=command_id)
    assert isinstance(first, InstanceStarted)
    await engine.submit(DeleteProcessInstance(first.id))

    again = await engine.submit(command, command_id=command_id)

    assert isinstance(again, InstanceStarted)
    assert (again.id, first.ended, again.ended) == (first.id, False, True)


async def test_a_deployment_that_comes_again_is_the_same_one(engine: Engine, database: str) -> None:
    command, command_id = CreateDeployment("d", "here", None, (ONE, CHAIN)), engine.new_id()

    together: list[Outcome] = list(await asyncio.gather(*(engine.submit(command, command_id=command_id) for _ in range(3))))
    async with opened(database) as restarted:
        together.append(await restarted.submit(command, command_id=command_id))

    assert together == [together[0]] * 4
    assert await rows(database, FACTS) == [(3,)]
    assert await rows(database, "SELECT key, version FROM process_definition ORDER BY key") == [("chain", 1), ("one", 1)]


async def test_the_deletion_of_a_deployment_that_comes_again_answers_success(engine: Engine, database: str) -> None:
    deployment = await deployed(engine, ONE)
    await several_started(engine, "one", 2)
    command, command_id = DeleteDeployment(deployment.id, cascade=True), engine.new_id()

    first = await engine.submit(command, command_id=command_id)
    after_first = await rows(database, FACTS)
    again = await engine.submit(command, command_id=command_id)

    assert (first, again) == (None, None)
    assert await rows(database, FACTS) == after_first


async def test_a_user_task_and_an_annotation_happen_once(engine: Engine, database: str) -> None:
    await deployed(engine, USER, ONE)
    await started(engine, "user", who="mary")
    await started(engine, "one")
    [locked] = await fetched(engine, "work")
    await engine.submit(FailExternalTask(locked.task.id, "worker", retries=0))
    [(user_task,)] = await rows(database, "SELECT id::text FROM user_task")
    [(incident,)] = await rows(database, "SELECT id::text FROM incident")

    for command in (AnnotateIncident(incident, "seen"), CompleteUserTask(user_task, values(answer="yes"))):
        command_id = engine.new_id()
        await engine.submit(command, command_id=command_id)
        after_first = await rows(database, FACTS)
        await engine.submit(command, command_id=command_id)
        assert await rows(database, FACTS) == after_first


@pytest.mark.parametrize("unknown", ["", "no id", "01a21414-0d9c-713b-9ed9-27a630000000", "01A21414-0D9C-713B-9ED9-27A630000000"])
async def test_a_command_about_nothing_is_refused_with_an_id_too(engine: Engine, unknown: str) -> None:
    commands: list[Command] = [
        CompleteExternalTask(unknown, "worker"),
        SetExternalTaskRetries((unknown,), 1),
        DeleteProcessInstance(unknown),
        DeleteDeployment(unknown),
        StartProcessInstance(definition_id=unknown),
    ]

    for command in commands:
        with pytest.raises(Refusal):
            await engine.submit(command, command_id=engine.new_id())


async def test_another_id_is_another_command(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await started(engine, "one")
    [(task,)] = await rows(database, OPEN_TASKS)
    before = await rows(database, FACTS)

    for _ in range(2):
        await engine.submit(SetExternalTaskPriority(task, 7), command_id=engine.new_id())

    assert await rows(database, FACTS) == [(before[0][0] + 2,)]
