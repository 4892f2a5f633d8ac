"""What a handler can report about a task, in the name of its worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gesta_client.client import Client
from gesta_client.encoding import encoded_variables
from gesta_client.task import ExternalTask

NONE: Mapping[str, Any] = {}


class ExternalTaskService:
    """Commands on external tasks, each given as the task or its id; durations are in milliseconds.

    All raise NotFound when the task no longer exists, NotOwner when another worker has it, Suspended when it is suspended,
    BadRequest for what is wrong otherwise, ServerFailure when the process could not go on, ServerUnavailable when there is no answer.
    """

    def __init__(self, client: Client, worker_id: str) -> None:
        self.client = client
        self.worker_id = worker_id

    async def complete(
        self, task: ExternalTask | str, variables: Mapping[str, Any] = NONE, local_variables: Mapping[str, Any] = NONE
    ) -> None:
        """Complete the task; `variables` go to the process instance, `local_variables` only to the task's output mappings."""
        await self._send(task, "complete", variables=encoded_variables(variables), localVariables=encoded_variables(local_variables))

    async def failure(
        self,
        task: ExternalTask | str,
        message: str,
        *,
        details: str | None = None,
        retries: int = 0,
        retry_timeout: int = 0,
        variables: Mapping[str, Any] = NONE,
    ) -> None:
        """Report that the task could not be done; it is handed out again after `retry_timeout` ms, or is an incident with 0 retries."""
        await self._send(
            task,
            "failure",
            errorMessage=message,
            errorDetails=details,
            retries=retries,
            retryTimeout=retry_timeout,
            variables=encoded_variables(variables),
        )

    async def bpmn_error(
        self, task: ExternalTask | str, code: str, message: str | None = None, variables: Mapping[str, Any] = NONE
    ) -> None:
        """Raise a BPMN error at the task; the process instance goes on at the event that catches `code`."""
        await self._send(task, "bpmnError", errorCode=code, errorMessage=message or None, variables=encoded_variables(variables))

    async def extend_lock(self, task: ExternalTask | str, duration: int) -> None:
        """Let the lock last `duration` ms from now. Raise LockExpired when it is over already."""
        await self._send(task, "extendLock", newDuration=duration)

    async def unlock(self, task: ExternalTask | str) -> None:
        """Give the task back: it is handed out again at once, with its retries unchanged."""
        await self.client.command("POST", f"{_path(task)}/unlock")

    async def _send(self, task: ExternalTask | str, command: str, **body: Any) -> None:
        await self.client.command("POST", f"{_path(task)}/{command}", json={"workerId": self.worker_id, **body})


def _path(task: ExternalTask | str) -> str:
    return f"/external-task/{task if isinstance(task, str) else task.id}"
