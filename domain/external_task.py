"""The state of one external task, and what a fact of its stream makes of it."""

from __future__ import annotations

from typing import TypeAlias, assert_never

import msgspec
from msgspec.structs import replace

from domain.facts import (
    Envelope,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExpired,
    ExternalTaskLockExtended,
    ExternalTaskPrioritySet,
    ExternalTaskRetriesSet,
    ExternalTaskUnlocked,
)

ERROR_MESSAGE_LENGTH = 666
"""Camunda keeps that many characters of a failure's message (REST contract §4.2)."""

ExternalTaskFact: TypeAlias = (
    ExternalTaskCreated
    | ExternalTaskLocked
    | ExternalTaskLockExtended
    | ExternalTaskUnlocked
    | ExternalTaskLockExpired
    | ExternalTaskCompleted
    | ExternalTaskFailed
    | ExternalTaskBpmnErrorRaised
    | ExternalTaskRetriesSet
    | ExternalTaskPrioritySet
    | ExternalTaskCancelled
)


class ExternalTaskState(msgspec.Struct, frozen=True):
    """An open external task; times in epoch ms, UTC. `key` is its element instance's in the process instance."""

    id: str
    key: int
    element_id: str
    definition_id: str
    topic: str | None
    priority: int
    create_time: int
    business_key: str | None = None
    tenant_id: str | None = None
    worker_id: str | None = None
    lock_until: int | None = None
    released: bool = False
    """The worker gave the lock back by a failure: what runs out then is the retry timeout, not a lock."""
    retries: int | None = None
    error_message: str | None = None
    error_details: str | None = None
    version: int = 1
    suspended: bool = False
    """Its instance's; known while the task is read with it."""
    ended: bool = False

    def lock_expired(self, at: int) -> bool:
        """Tell whether somebody's lock has run out without a word from the worker."""
        return self.lock_until is not None and self.lock_until <= at and not self.released


def created(task_id: str, fact: ExternalTaskCreated, envelope: Envelope) -> ExternalTaskState:
    """The state that the first fact of a task makes."""
    return ExternalTaskState(
        task_id,
        fact.key,
        fact.element_id,
        fact.definition_id,
        fact.topic,
        fact.priority,
        envelope.at,
        fact.business_key,
        fact.tenant_id,
    )


def evolve_task(task: ExternalTaskState, fact: ExternalTaskFact, envelope: Envelope) -> ExternalTaskState:
    """The state after one more fact of the task's stream: total and silent."""
    return replace(_apply(task, fact, envelope), version=task.version + 1)


def _apply(task: ExternalTaskState, fact: ExternalTaskFact, envelope: Envelope) -> ExternalTaskState:
    match fact:
        case ExternalTaskLocked() | ExternalTaskLockExtended():
            return replace(task, worker_id=fact.worker_id, lock_until=fact.lock_until, released=False)
        case ExternalTaskUnlocked():
            return replace(task, worker_id=None, lock_until=None, released=False)
        case ExternalTaskFailed():
            return _failed(task, fact, envelope)
        case ExternalTaskRetriesSet():
            return replace(task, retries=fact.retries)
        case ExternalTaskPrioritySet():
            return replace(task, priority=fact.priority)
        case ExternalTaskCompleted() | ExternalTaskBpmnErrorRaised() | ExternalTaskCancelled():
            return replace(task, ended=True)
        case ExternalTaskCreated() | ExternalTaskLockExpired():
            return task
        case _:
            assert_never(fact)


def _failed(task: ExternalTaskState, fact: ExternalTaskFailed, envelope: Envelope) -> ExternalTaskState:
    return replace(
        task,
        error_message=fact.error_message[:ERROR_MESSAGE_LENGTH] if fact.error_message is not None else None,
        error_details=fact.error_details if fact.error_details is not None else task.error_details,
        retries=fact.retries,
        lock_until=envelope.at + fact.retry_timeout,
        released=True,
    )
