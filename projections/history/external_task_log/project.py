"""Rows of `history_external_task_log` from facts."""

from __future__ import annotations

import msgspec

from domain.external_task import ERROR_MESSAGE_LENGTH
from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
)
from domain.state import TASK
from projections.history.instances import Instance, Task
from projections.history.log import Logged
from projections.history.model import HistoryModel

CREATION, FAILURE, SUCCESS, DELETION = range(4)


class LogEntry(msgspec.Struct, gc=False):
    """One entry. `position` is that of the fact that it tells of, `retries` those that the task had before."""

    position: int
    instance_id: str
    key: int
    kind: int
    timestamp: int
    activity_id: str
    topic: str | None
    priority: int
    retries: int | None
    worker_id: str | None
    error_message: str | None = None
    error_details: str | None = None


class ExternalTaskLog(HistoryModel[int, LogEntry]):
    name = "external-task-log"
    table = "history_external_task_log"
    row = LogEntry

    def created(self, record: Logged, fact: ExternalTaskCreated, instance: Instance) -> None:
        self._add(record, CREATION, Task(fact.element_id, fact.topic, fact.priority), None)

    def failed(self, record: Logged, fact: ExternalTaskFailed, instance: Instance) -> None:
        entry = self._add(record, FAILURE, _task(record, instance), fact.worker_id)
        entry.error_message = fact.error_message[:ERROR_MESSAGE_LENGTH] if fact.error_message is not None else None
        entry.error_details = fact.error_details

    def completed(self, record: Logged, fact: ExternalTaskCompleted, instance: Instance) -> None:
        self._add(record, SUCCESS, _task(record, instance), fact.worker_id)

    def error_raised(self, record: Logged, fact: ExternalTaskBpmnErrorRaised, instance: Instance) -> None:
        self._add(record, DELETION, _task(record, instance), fact.worker_id)

    def cancelled(self, record: Logged, fact: ExternalTaskCancelled, instance: Instance) -> None:
        """Where an error definition turned the worker's word into an error, one entry tells of both."""
        task = _task(record, instance)
        position, command = task.reported or (0, b"")
        if command == record.command:
            entry = self.new[position]
            entry.kind, entry.error_message, entry.error_details = DELETION, None, None
        else:
            self._add(record, DELETION, task, record.worker_id)

    def _add(self, record: Logged, kind: int, task: Task, worker_id: str | None) -> LogEntry:
        self.new[record.position] = entry = LogEntry(
            record.position,
            record.instance_id,
            record.ordinal - TASK,
            kind,
            record.at,
            task.element_id,
            task.topic,
            task.priority,
            task.retries,
            worker_id,
        )
        return entry

    projectors = {
        ExternalTaskCreated: created,
        ExternalTaskFailed: failed,
        ExternalTaskCompleted: completed,
        ExternalTaskBpmnErrorRaised: error_raised,
        ExternalTaskCancelled: cancelled,
    }


def _task(record: Logged, instance: Instance) -> Task:
    return instance.tasks[record.ordinal - TASK]
