"""A command's id is its own: another command under it is refused, wherever and whatever it is about, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeAlias

import pytest

from api.engine import CommandIdTaken, Engine
from domain.commands import (
    Command,
    CompleteExternalTask,
    CreateDeployment,
    CreateIncident,
    DeleteDeployment,
    DeleteProcessInstance,
    ModifyVariables,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
)
from domain.event_commands import BroadcastSignal, CorrelateMessage
from domain.outcomes import IncidentCreated
from tests.integration.engines import deployed, opened, rows, several_started, values
from tests.integration.models import CHAIN, ONE

pytestmark = pytest.mark.anyio
FACTS = "SELECT count(*) FROM stored_events"
TASKS = "SELECT id::text FROM external_task ORDER BY id"
NOTED = "SELECT id::text, kind, octet_length(fingerprint) FROM client_command"

Another: TypeAlias = Callable[[list[str], list[str], str], Command]
"""A command, of open tasks, instances and a deployment."""

OTHERS: dict[str, Another] = {
    "the same with another content": lambda tasks, *_: SetExternalTaskPriority(tasks[0], 8),
    "the same about another": lambda tasks, *_: SetExternalTaskPriority(tasks[1], 7),
    "another about the same": lambda tasks, *_: SetExternalTaskRetries((tasks[0],), 3),
    "the task's end": lambda tasks, *_: CompleteExternalTask(tasks[0], "worker"),
    "a start": lambda *_: StartProcessInstance(definition_key="one"),
    "a deployment": lambda *_: CreateDeployment("d", None, None, (CHAIN,)),
    "a deployment's end": lambda _, __, deployment: DeleteDeployment(deployment, cascade=True),
    "a message": lambda *_: CorrelateMessage(name="news", all=True),
    "a signal": lambda *_: BroadcastSignal("news"),
    "variables": lambda _, instances, __: ModifyVariables(instances[1], values(n=1)),
    "a suspension": lambda _, instances, __: SuspendProcessInstance(instances[1], suspended=True),
    "an instance's end": lambda _, instances, __: DeleteProcessInstance(instances[0]),
}


@pytest.mark.parametrize("another", OTHERS.values(), ids=OTHERS)
async def test_another_command_under_the_id_is_refused(engine: Engine, database: str, another: Another) -> None:
    deployment = await deployed(engine, ONE)
    instances = await several_started(engine, "one", 2)
    tasks, command_id = [id for (id,) in await rows(database, TASKS)], engine.new_id()
    await engine.submit(SetExternalTaskPriority(tasks[0], 7), command_id=command_id)
    before = await rows(database, FACTS)

    with pytest.raises(CommandIdTaken, match=command_id):
        await engine.submit(another(tasks, instances, deployment.id), command_id=command_id)

    assert await rows(database, FACTS) == before
    assert await engine.submit(SetExternalTaskPriority(tasks[0], 7), command_id=command_id) is None
    assert await rows(database, NOTED) == [(command_id, "SetExternalTaskPriority", 16)]


async def test_of_two_at_once_in_two_processes_one_is_refused(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 2)
    tasks, command_id = [id for (id,) in await rows(database, TASKS)], engine.new_id()

    async with opened(database) as other:
        outcomes = await asyncio.gather(
            *(e.submit(SetExternalTaskPriority(id, 7), command_id=command_id) for e, id in zip((engine, other), tasks, strict=True)),
            return_exceptions=True,
        )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CommandIdTaken", "NoneType"]
    assert await rows(database, "SELECT count(*) FROM external_task WHERE priority = 7") == [(1,)]


async def test_a_command_without_an_id_of_its_client_is_not_noted(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 2)

    assert await rows(database, NOTED) == []


async def test_a_refused_command_leaves_its_id_free(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    [instance] = await several_started(engine, "one", 1)
    command_id = engine.new_id()
    [(task,)] = await rows(database, TASKS)
    with pytest.raises(Exception, match="does not exist"):
        await engine.submit(CompleteExternalTask(engine.new_id(), "worker"), command_id=command_id)

    await engine.submit(SetExternalTaskPriority(task, 7), command_id=command_id)

    assert await rows(database, NOTED) == [(command_id, "SetExternalTaskPriority", 16)]
    assert instance


async def test_tasks_that_a_query_selected_may_be_others_when_it_comes_again(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 2)
    tasks, command_id = tuple(id for (id,) in await rows(database, TASKS)), engine.new_id()
    await engine.submit(SetExternalTaskRetries(tasks, 5), command_id=command_id, asked="all of them")
    before = await rows(database, FACTS)

    await engine.submit(SetExternalTaskRetries(tasks[1:], 5), command_id=command_id, asked="all of them")

    assert await rows(database, FACTS) == before
    assert await engine.carried_out(command_id, SetExternalTaskRetries)
    assert not await engine.carried_out(command_id, SetExternalTaskPriority)
    with pytest.raises(CommandIdTaken):
        await engine.submit(SetExternalTaskRetries(tasks, 5), command_id=command_id, asked="some of them")


async def test_an_incident_that_is_created_again_is_the_same_one(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    [instance] = await several_started(engine, "one", 1)
    command, command_id = CreateIncident(instance, "mine"), engine.new_id()

    outcomes = [await engine.submit(command, command_id=command_id) for _ in range(2)]

    [(incident,)] = await rows(database, "SELECT id::text FROM incident")
    assert outcomes == [IncidentCreated(incident)] * 2
