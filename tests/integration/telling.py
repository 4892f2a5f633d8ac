"""A life that leaves facts of every kind that history tells of, and what its models have made of them."""

from __future__ import annotations

from typing import Any

import psycopg

from api.engine import Engine
from api.engine.definitions import Definitions
from api.engine.store import connect
from domain.batch_commands import CreateBatch
from domain.commands import (
    AnnotateIncident,
    CompleteUserTask,
    DeleteProcessInstance,
    FailExternalTask,
    HideHistory,
    ModifyVariables,
    RaiseBpmnError,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    SuspendProcessInstance,
)
from domain.job_commands import ExecuteJob
from domain.operations import SetRetriesOfTasks
from domain.values import Value
from projections.following import TRACKED, Following
from projections.history.changes import HISTORY_MODELS
from projections.history.log import NEWEST
from tests.integration.engines import completed, deployed, fetched, rows, started, values
from tests.integration.models import CHAIN, ORDER, model, on_time, scope, starts

TICKING = model(
    "ticking",
    scope(
        "begin > fork; fork > last; fork > look > seen > after",
        starts("begin", on_time("R2/PT1H", "timeCycle")),
        '<parallelGateway id="fork"/><endEvent id="last" camunda:asyncAfter="true"/><userTask id="look"/><manualTask id="seen"/>',
    ),
)
RESET = [*(f"TRUNCATE {model.table}" for model in HISTORY_MODELS), "UPDATE notification_tracking SET notification_id = 0"]


async def lived(engine: Engine) -> None:
    """Instances that wait, fail, branch, err, end, are deleted and are hidden."""
    await deployed(engine, CHAIN, ORDER, TICKING)
    await _chains(engine)
    await _orders(engine)
    await _ticks(engine)
    await _batches(engine)


async def _chains(engine: Engine) -> None:
    ids = [await started(engine, "chain", f"key-{number}", n=number, long="x" * 5000) for number in range(4)]
    tasks = {task.task.process_instance_id: task for task in await fetched(engine, "first")}
    for number, instance in enumerate(ids):
        task = tasks[instance].task.id
        await engine.submit(FailExternalTask(task, "worker", "boom", "details", retries=number % 2, variables=values(tried=number)))
        await engine.submit(SetExternalTaskPriority(task, 5))
    for (incident,) in await engine.query("SELECT id::text FROM incident ORDER BY id"):
        await engine.submit(AnnotateIncident(incident, "look"))
    await engine.submit(SetExternalTaskRetries(tuple(tasks[i].task.id for i in ids), 3))
    await completed(engine, tasks[ids[0]], done=True)
    await _expired(engine, "second")
    await engine.submit(SuspendProcessInstance(ids[1], True))
    await engine.submit(DeleteProcessInstance(ids[2], "because"))
    await engine.submit(DeleteProcessInstance(ids[3]))
    await engine.submit(HideHistory(ids[3]))
    await engine.submit(ModifyVariables(ids[0], values(n=9), deletions=("long",)))
    await engine.submit(ModifyVariables(ids[0], values(long="again", blob=Value("Bytes", b"\0\\\xff"), text='tab\t"\\N')))


async def _expired(engine: Engine, topic: str) -> None:
    """A lock runs out, and another worker gets the task."""
    await fetched(engine, topic, duration=1)
    while not await fetched(engine, topic, worker="other"):
        pass


async def _orders(engine: Engine) -> None:
    small, large, failing = [await started(engine, "order", amount=amount) for amount in (1, 500, 600)]
    for task in await fetched(engine, "check"):
        await completed(engine, task)
    [(ask,)] = await engine.query("SELECT id::text FROM user_task WHERE process_instance_id = %s", [small])
    await engine.submit(CompleteUserTask(ask, values(answer="yes")))
    for task in await fetched(engine, "reserve", "charge"):
        if task.task.process_instance_id == failing and task.task.topic == "charge":
            await engine.submit(RaiseBpmnError(task.task.id, "worker", "trouble", "why"))
        elif task.task.process_instance_id == large:
            await completed(engine, task, local=1)


async def _ticks(engine: Engine) -> None:
    """A timer starts an instance, in which one branch ends behind a job while the other one stays."""
    [(timer,)] = await engine.query("SELECT id::text FROM job")
    await engine.submit(ExecuteJob(timer))
    while await engine.query("SELECT FROM job WHERE process_instance_id IS NOT NULL"):
        pass
    [(ask,)] = await engine.query("SELECT id::text FROM user_task WHERE element_id = 'look'")
    await engine.submit(CompleteUserTask(ask))


async def _batches(engine: Engine) -> None:
    """A batch that is carried out to its end."""
    tasks = tuple(task for (task,) in await engine.query("SELECT id::text FROM external_task ORDER BY id"))
    await engine.submit(CreateBatch(SetRetriesOfTasks(5), tasks))
    while await engine.query("SELECT FROM batch"):
        pass


async def told(conninfo: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every model, and how far they are."""
    tables = {model.table: await rows(conninfo, f"SELECT * FROM {model.table} t ORDER BY t") for model in HISTORY_MODELS}
    return {**tables, "reached": await rows(conninfo, TRACKED)}


async def forget(conninfo: str) -> None:
    """Begin again with empty models."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        for statement in RESET:
            await connection.execute(statement.encode())


async def follow(conninfo: str, at_once: int, forgetful: bool = False) -> None:
    """Follow the log from wherever the models are to its end; `forgetful`: by another follower for each batch."""
    async with await connect(conninfo, "follow") as connection, await connect(conninfo, "reads") as reads:

        async def query(sql: str, parameters: Any) -> list[Any]:
            return await (await reads.execute(sql.encode(), parameters)).fetchall()

        [(newest,)] = await query(NEWEST, ())
        [(reached,)] = await query(TRACKED, ())
        following = Following(Definitions(query).get, reached, at_once=at_once)
        while following.position < newest:
            await following.write(connection, await following.next(connection, newest))
            if forgetful:
                following = Following(Definitions(query).get, following.position, at_once=at_once)
