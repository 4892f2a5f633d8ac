"""The tasks in work: one asyncio task each, as many as there are slots; what goes wrong in a handler becomes a failure."""

from __future__ import annotations

import asyncio
import logging
import traceback

from gesta_client.errors import ClientError
from gesta_client.handling import ExternalTaskHandler
from gesta_client.options import WorkerOptions
from gesta_client.service import ExternalTaskService
from gesta_client.task import ExternalTask

log = logging.getLogger(__name__)


class Work:
    """Slots for tasks in work."""

    def __init__(self, service: ExternalTaskService, options: WorkerOptions) -> None:
        self._service = service
        self._options = options
        self._running: dict[asyncio.Task[None], ExternalTask] = {}

    @property
    def free(self) -> int:
        """How many tasks could be taken now."""
        return self._options.concurrency - len(self._running)

    async def free_slot(self) -> None:
        """Wait until a task can be taken."""
        while self.free < 1:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    def start(self, task: ExternalTask, handler: ExternalTaskHandler) -> None:
        """Begin to work on a task."""
        running = asyncio.create_task(self._perform(task, handler), name=f"{task.topic_name} {task.id}")
        self._running[running] = task
        running.add_done_callback(self._running.pop)

    async def done(self) -> None:
        """Wait until no task is in work."""
        while self._running:
            await asyncio.wait(self._running)

    async def abandon(self) -> None:
        """Cancel what is still in work and give those tasks back."""
        left = dict(self._running)
        for running in left:
            running.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in left.values():
            await self._give_back(task)

    async def _perform(self, task: ExternalTask, handler: ExternalTaskHandler) -> None:
        try:
            await handler(task, self._service)
        except Exception as error:
            log.warning("task %s (%s) failed: %r", task.id, task.topic_name, error)
            await self._report(task, error)

    async def _report(self, task: ExternalTask, error: Exception) -> None:
        """Report a handler's exception with its traceback; when that is not possible, the task is free when its lock expires."""
        retry = self._options.retry
        try:
            await self._service.failure(
                task,
                f"{type(error).__name__}: {error}",
                details="".join(traceback.format_exception(error)),
                retries=retry.left(task.retries),
                retry_timeout=retry.timeout,
            )
        except ClientError as refused:
            log.error("the failure of task %s (%s) cannot be reported: %s", task.id, task.topic_name, refused)

    async def _give_back(self, task: ExternalTask) -> None:
        try:
            await self._service.unlock(task)
        except ClientError as refused:
            log.warning("task %s (%s) stays locked until its lock expires: %s", task.id, task.topic_name, refused)
