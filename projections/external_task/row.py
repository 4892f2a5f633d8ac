"""An open external task as its row says it."""

from __future__ import annotations

import msgspec

from domain.external_task import ExternalTaskState
from domain.ids import ordinal_of
from domain.state import TASK
from domain.values import Value


class ExternalTaskRow(msgspec.Struct, frozen=True):
    """A row of `external_task`; times are epoch ms, UTC."""

    id: str
    version: int
    topic: str | None
    priority: int
    create_time: int
    lock_until: int | None
    worker_id: str | None
    retries: int | None
    suspended: bool
    error_message: str | None
    error_details: str | None
    process_instance_id: str
    execution_id: str
    activity_id: str
    activity_instance_id: str
    definition_id: str
    definition_key: str
    business_key: str | None
    tenant_id: str | None

    def state(self) -> ExternalTaskState:
        """The task as the domain sees it just after it was locked."""
        return ExternalTaskState(
            self.id,
            ordinal_of(self.id) - TASK,
            self.activity_id,
            self.definition_id,
            self.topic,
            self.priority,
            self.create_time,
            self.business_key,
            self.tenant_id,
            self.worker_id,
            self.lock_until,
            False,
            self.retries,
            self.error_message,
            self.error_details,
            self.version,
            self.suspended,
        )


class LockedTask(msgspec.Struct, frozen=True):
    """A task that fetchAndLock gave to a worker, with the variables the worker asked for."""

    task: ExternalTaskRow
    variables: dict[str, Value]
