"""Answers that are lost: the server has committed and nobody was told. What was asked for counts once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from api.engine import Engine
from domain.commands import (
    Command,
    CompleteExternalTask,
    CreateDeployment,
    DeleteDeployment,
    ModifyVariables,
    SetExternalTaskRetries,
    StartProcessInstance,
)
from tests.integration.engines import BROKEN_STREAMS, deployed, differences, fetched, opened, rows, several_started, started, values
from tests.integration.models import CHAIN, ONE, USER
from tests.integration.wire import wire_to

pytestmark = pytest.mark.anyio
APPEND, FETCH = (b"gesta write", b"INSERT 0 "), (b"gesta fetch", b"SELECT 3")

Prepare: TypeAlias = Callable[[Engine, str], Awaitable[Command]]
"""Makes a command about what stands in a database, given the id of a deployment."""


async def a_start(engine: Engine, _: str) -> Command:
    return StartProcessInstance(definition_key="one", variables=values(n=1))


async def a_completion(engine: Engine, _: str) -> Command:
    [task] = await fetched(engine, "work", most=1)
    return CompleteExternalTask(task.task.id, "worker", values(done=True))


async def retries_of_all(engine: Engine, _: str) -> Command:
    return SetExternalTaskRetries(tuple(task_id for (task_id,) in await engine.query("SELECT id::text FROM external_task")), 5)


async def a_deployment(engine: Engine, _: str) -> Command:
    return CreateDeployment("more", None, None, (CHAIN,))


async def a_deletion(engine: Engine, deployment_id: str) -> Command:
    return DeleteDeployment(deployment_id, cascade=True)


async def a_change(engine: Engine, _: str) -> Command:
    [(instance,)] = await engine.query("SELECT id::text FROM process_instance ORDER BY id LIMIT 1")
    return ModifyVariables(instance, values(n=2))


@pytest.mark.parametrize("prepare", [a_start, a_completion, retries_of_all, a_deployment, a_deletion, a_change])
async def test_a_commit_whose_answer_was_lost_counts_once(database: str, reachable_folder: Path, prepare: Prepare) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        deployment = await deployed(engine, ONE)
        await several_started(engine, "one", 3)
        command = await prepare(engine, deployment.id)
        [(before,)] = await rows(database, "SELECT max(notification_id) FROM stored_events")
        wire.cut_next = APPEND

        await engine.submit(command)

    appended = "SELECT count(*) > 0, count(DISTINCT xmin::text) FROM stored_events WHERE notification_id > %s"
    assert (wire.cuts, await rows(database, appended, before)) == (1, [(True, 1)])
    assert await rows(database, BROKEN_STREAMS) == []
    assert await differences(database) == []


async def test_a_start_and_a_deployment_whose_answers_were_lost_are_answered_all_the_same(database: str, reachable_folder: Path) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        wire.cut_next = APPEND
        deployment = await deployed(engine, ONE, USER)
        wire.cut_next = APPEND
        instance = await started(engine, "one")

        assert wire.cuts == 2
        assert [definition.key for definition in deployment.definitions] == ["one", "user"]
        assert await rows(database, "SELECT id::text, definition_key FROM process_instance") == [(instance, "one")]


async def test_tasks_locked_by_a_fetch_whose_answer_was_lost_are_not_given_twice(database: str, reachable_folder: Path) -> None:
    async with wire_to(database, reachable_folder) as (wire, through_the_wire), opened(through_the_wire) as engine:
        await deployed(engine, ONE)
        await several_started(engine, "one", 4)
        wire.cut_next = FETCH

        found = await fetched(engine, "work", most=3)

    locked = await rows(database, "SELECT originator_id FROM stored_events WHERE topic = 'ExternalTaskLocked.1'")
    assert (wire.cuts, len(found), len(locked), len(set(locked))) == (1, 1, 4, 4)
