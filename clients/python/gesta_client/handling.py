"""What a worker's user writes: a function per topic."""

from __future__ import annotations

from typing import Protocol

from gesta_client.service import ExternalTaskService
from gesta_client.task import ExternalTask


class ExternalTaskHandler(Protocol):
    """Works on a task and reports the outcome through the service.

    An exception is reported as a failure with one retry less. A handler that reports nothing leaves the task locked until its lock
    expires; it is then handed out again.
    """

    async def __call__(self, task: ExternalTask, service: ExternalTaskService, /) -> None: ...
