"""All that is known of one process instance, folded from its facts and its tasks' facts in the order of the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import msgspec

from domain.evolve import InstanceFact, begin, evolve
from domain.external_task import ExternalTaskFact, ExternalTaskState, created, evolve_task
from domain.facts import ExternalTaskCreated, ProcessInstanceStarted, Recorded, UserTaskCreated
from domain.ids import ordinal_of
from domain.state import TASK, InstanceState


class OpenUserTask(msgspec.Struct, frozen=True):
    task: UserTaskCreated
    create_time: int


class History:
    """What stood at some fact: the instance's state and its open tasks by element key. Applying a fact goes one step on."""

    def __init__(self) -> None:
        self.state: InstanceState | None = None
        self.tasks: dict[int, ExternalTaskState] = {}
        self.user_tasks: dict[int, OpenUserTask] = {}
        self.started_at = 0

    @classmethod
    def of(cls, records: Iterable[Recorded]) -> History:
        """Fold the facts of an instance and of its tasks."""
        history = cls()
        for record in records:
            history.apply(record)
        return history

    def apply(self, record: Recorded) -> None:
        if ordinal_of(record.originator_id):
            self._apply_to_task(record)
        else:
            self._apply_to_instance(record)

    def apply_command(self, records: Iterable[Recorded], state: InstanceState | None) -> None:
        """Apply all facts of one command. `state` is the instance after them, if deciding them has shown it already."""
        for record in records:
            if state is None or ordinal_of(record.originator_id):
                self.apply(record)
            else:
                self._note(record)
        self.state = state or self.state

    def _apply_to_instance(self, record: Recorded) -> None:
        fact = record.fact
        if isinstance(fact, ProcessInstanceStarted):
            self.state = begin(record.originator_id, fact)
        else:
            assert self.state is not None
            self.state = evolve(self.state, cast(InstanceFact, fact), record.envelope)
        self._note(record)

    def _note(self, record: Recorded) -> None:
        """Keep what the instance's state does not hold."""
        fact = record.fact
        if isinstance(fact, UserTaskCreated):
            self.user_tasks[fact.key] = OpenUserTask(fact, record.envelope.at)
        elif isinstance(fact, ProcessInstanceStarted):
            self.started_at = record.envelope.at

    def _apply_to_task(self, record: Recorded) -> None:
        fact = cast(ExternalTaskFact, record.fact)
        if isinstance(fact, ExternalTaskCreated):
            self.tasks[fact.key] = created(record.originator_id, fact, record.envelope)
            return
        key = ordinal_of(record.originator_id) - TASK
        self.tasks[key] = evolve_task(self.tasks[key], fact, record.envelope)

    @property
    def open_tasks(self) -> list[ExternalTaskState]:
        """Oldest first."""
        return [task for _, task in sorted(self.tasks.items()) if not task.ended]

    @property
    def open_user_tasks(self) -> list[OpenUserTask]:
        """Oldest first; a user task is open as long as its element is active."""
        return [task for key, task in sorted(self.user_tasks.items()) if self.state is not None and self.state.is_waiting(key)]
