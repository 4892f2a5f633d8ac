"""Some of everything that can be asked of an engine, in an order drawn from a seed: what is left has to fit together, whatever happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, TypeAlias

from api.engine import Engine
from domain.commands import (
    AnnotateIncident,
    Command,
    CompleteExternalTask,
    CompleteUserTask,
    DeleteDeployment,
    DeleteProcessInstance,
    ExtendExternalTaskLock,
    FailExternalTask,
    LockExternalTask,
    ModifyVariables,
    RaiseBpmnError,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    SuspendProcessInstance,
    UnlockExternalTask,
)
from domain.refusals import Refusal
from domain.values import Value
from projections.external_task.row import ExternalTaskRow
from tests.integration.engines import deployed, fetched, started, values
from tests.integration.models import CHAIN, LOOP, ONE, ORDER, USER, parallel

TOPICS = ("work", "first", "second", "third", "turn", "check", "reserve", "charge", "repair", "branch")
KEYS = ("one", "chain", "chain", "loop", "user", "order", "order", "order", "fan")
LANES = 4

Step: TypeAlias = Callable[[], Awaitable[object]]


class Load:
    """Several clients at once, each one step after another."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine = engine
        self._random = Random(seed)
        self._instances: list[str] = []
        self._locked: list[ExternalTaskRow] = []
        self.refused = 0

    async def run(self, steps: int) -> None:
        """Deploy, do so many steps, and delete a deployment with what still runs on it."""
        await deployed(self._engine, ONE, CHAIN, LOOP, USER, parallel("fan", 4))
        doomed = await deployed(self._engine, ORDER, name="doomed")
        await asyncio.gather(*(self._lane(steps // LANES) for _ in range(LANES)))
        await self._try(DeleteDeployment(doomed.id, cascade=True))
        await self._leave_something()

    async def _leave_something(self) -> None:
        """User tasks, and an external task with an incident."""
        await started(self._engine, "user", who="mary")
        await self._engine.submit(SuspendProcessInstance(await started(self._engine, "user", who="mary"), suspended=True))
        instance = await started(self._engine, "one")
        [(task_id,)] = await self._engine.query("SELECT id::text FROM external_task WHERE process_instance_id = %s", [instance])
        await self._engine.submit(SetExternalTaskRetries((task_id,), 0))

    async def _lane(self, steps: int) -> None:
        for _ in range(steps):
            await self._random.choice((self._start, self._fetch, self._report, self._report, self._report, self._meddle))()

    async def _try(self, command: Command) -> None:
        try:
            await self._engine.submit(command)
        except Refusal:
            self.refused += 1

    async def _start(self) -> None:
        amount = self._random.choice((50, 150))
        variables: dict[str, Any] = values(amount=amount, who="mary", note="x" * self._random.randrange(50), shape=self._value())
        self._instances.append(await started(self._engine, self._random.choice(KEYS), **variables))

    def _value(self) -> Value:
        return self._random.choice(
            (Value("Date", 1_700_000_000_000), Value("Json", '{"a":[1,2]}'), Value("Bytes", b"\0\1\2"), Value("Double", 0.1), Value("Null"))
        )

    async def _fetch(self) -> None:
        duration = self._random.choice((0, 60_000))
        topics = self._random.sample(TOPICS, 4)
        self._locked += [task.task for task in await fetched(self._engine, *topics, most=3, duration=duration)]

    async def _report(self) -> None:
        if not self._locked:
            return await self._fetch()
        task = self._locked.pop(self._random.randrange(len(self._locked)))
        variables = values(result=self._random.random(), note="done", shape=self._value())
        await self._try(self._about(task, variables))

    def _about(self, task: ExternalTaskRow, variables: dict[str, Value]) -> Command:
        worker, draw = task.worker_id or "", self._random
        return draw.choice(
            (
                CompleteExternalTask(task.id, worker, variables, values(local=1)),
                CompleteExternalTask(task.id, worker, variables),
                CompleteExternalTask(task.id, draw.choice((worker, "another"))),
                FailExternalTask(task.id, worker, "boom", draw.choice((None, "at line 1")), draw.randrange(3), 0, variables),
                RaiseBpmnError(task.id, worker, draw.choice(("trouble", "other")), "said so", variables),
                ExtendExternalTaskLock(task.id, worker, 90_000),
                UnlockExternalTask(task.id),
                LockExternalTask(task.id, worker, 1000),
                SetExternalTaskPriority(task.id, draw.randrange(100)),
                SetExternalTaskRetries((task.id,), draw.randrange(3)),
            )
        )

    async def _meddle(self) -> None:
        if not self._instances:
            return await self._start()
        instance, draw = self._random.choice(self._instances), self._random
        user_tasks = await self._engine.query("SELECT id::text FROM user_task ORDER BY id")
        incidents = await self._engine.query("SELECT id::text FROM incident ORDER BY id")
        commands: list[Command] = [
            ModifyVariables(instance, values(note="changed", extra=draw.randrange(9)), ("shape",), local=draw.random() < 0.5),
            SuspendProcessInstance(instance, suspended=True),
            SuspendProcessInstance(instance, suspended=False),
            SuspendProcessInstance(instance, suspended=False),
            *([DeleteProcessInstance(instance, "no longer wanted", draw.random() < 0.5)] if draw.random() < 0.2 else []),
            *(CompleteUserTask(task_id, values(answer="yes")) for (task_id,) in user_tasks[:2]),
            *(AnnotateIncident(incident_id, "seen") for (incident_id,) in incidents[:2]),
        ]
        await self._try(draw.choice(commands))
