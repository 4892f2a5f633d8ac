"""What workers do about their tasks: one handler per story."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gesta_client import ExternalTask, ExternalTaskService, LockExpired, NotOwner


class Seen:
    """A handler that completes its tasks, and keeps those that it is through with."""

    def __init__(self, **variables: Any) -> None:
        self.variables = variables
        self.tasks: list[ExternalTask] = []
        self._changed = asyncio.Condition()

    async def __call__(self, task: ExternalTask, service: ExternalTaskService, /) -> None:
        try:
            await self.act(task, service)
        finally:
            async with self._changed:
                self.tasks.append(task)
                self._changed.notify_all()

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        """What is done about a task."""
        await service.complete(task, self.variables)

    async def until(self, number: int) -> list[ExternalTask]:
        """Wait until so many tasks were worked on; all of them so far."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.tasks) >= number)
        return self.tasks


class Unsteady(Seen):
    """Fails at every attempt but the last."""

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        if task.retries != 1:
            raise RuntimeError("the terminal is down")
        await service.complete(task)


class Hopeless(Seen):
    """Fails for good, and says so itself."""

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        await service.failure(task, "out of stock", details="nowhere", variables={"tried": 1})


class Invalid(Seen):
    """Raises a BPMN error."""

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        await service.bpmn_error(task, "trouble", "not for sale", {"reason": "none left"})


class Patient(Seen):
    """Extends its lock before it goes on."""

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        await service.extend_lock(task, 3_600_000)


class Late(Seen):
    """Extends its lock for a moment again and again, until it is too late."""

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        with pytest.raises(LockExpired):
            while True:
                await service.extend_lock(task, 1)
        await service.complete(task)


class Modest(Seen):
    """Gives a task back the first time."""

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        if not self.tasks:
            await service.unlock(task)
            with pytest.raises(NotOwner):
                await service.complete(task)
        else:
            await service.complete(task)


class Gate(Seen):
    """Works on its tasks until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0
        self.most = 0
        self.opened = asyncio.Event()
        self._entered = asyncio.Condition()

    async def act(self, task: ExternalTask, service: ExternalTaskService) -> None:
        async with self._entered:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._entered.notify_all()
        try:
            await self.opened.wait()
            await service.complete(task)
        finally:
            self.inside -= 1

    async def until_inside(self, number: int) -> None:
        """Wait until so many tasks are in work at a time."""
        async with self._entered:
            await self._entered.wait_for(lambda: self.inside >= number)
