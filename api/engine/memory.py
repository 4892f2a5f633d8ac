"""What the engine remembers between batches, so that most commands read nothing before they are decided."""

from __future__ import annotations

from collections.abc import Iterable

from api.engine.batch import Batch
from api.engine.cache import Cache
from api.engine.submission import Submission
from domain.commands import CompleteExternalTask, RaiseBpmnError
from domain.external_task import ExternalTaskState
from domain.ids import aggregate_id
from domain.state import InstanceState
from projections.external_task.row import LockedTask

INSTANCES, TASKS = 60_000, 50_000
"""How much is remembered: a task weighs 1, an instance as much as it holds, a small one 3."""


class Memory:
    """States of instances, and tasks that workers of this process hold. It may be behind the store, never ahead."""

    def __init__(self) -> None:
        self.instances: Cache[InstanceState] = Cache(INSTANCES)
        self._tasks: Cache[ExternalTaskState] = Cache(TASKS)

    def task_of(self, submission: Submission) -> ExternalTaskState | None:
        """The task that a worker ends, if it was locked for this worker here."""
        command = submission.command
        if not isinstance(command, CompleteExternalTask | RaiseBpmnError):
            return None
        task = self._tasks.get(command.task_id)
        return task if task is not None and task.worker_id == command.worker_id else None

    def locked(self, tasks: Iterable[LockedTask]) -> None:
        """Remember tasks that were just given to a worker."""
        for locked in tasks:
            row = locked.task
            self._tasks.put(row.id, row.state())

    def committed(self, batch: Batch) -> None:
        """Remember what a batch has left."""
        for decided in batch.decided:
            state = batch.instances.get(decided.instance_id)
            if state is None or state.ended is not None:
                self.instances.drop(decided.instance_id)
            else:
                self.instances.put(state.id, state, _weight(state))
            if decided.submission.task_id is not None:
                self._tasks.drop(decided.submission.task_id)

    def forget(self, submissions: Iterable[Submission]) -> None:
        """Forget everything that these commands are about."""
        for submission in submissions:
            if submission.instance_id is not None:
                self.instances.drop(submission.instance_id)
            if submission.task_id is not None:
                self._tasks.drop(submission.task_id)

    def forget_instances(self, task_ids: Iterable[str]) -> None:
        for task_id in task_ids:
            self.instances.drop(aggregate_id(task_id))


def _weight(state: InstanceState) -> int:
    return 1 + len(state.tokens) + len(state.variables) + len(state.subscriptions) + len(state.jobs)
