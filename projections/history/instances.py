"""What a running instance has open, as far as its history needs it: the facts alone say little of where they happened.

It is made from the instance's own facts, so that it can be forgotten and made again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from domain.elements import ProcessDefinition
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ErrorThrown,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
    ExternalTaskPrioritySet,
    ExternalTaskRetriesSet,
    Fact,
    JobCreated,
    JobExecuted,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    SequenceFlowTaken,
    TokenHeld,
    VariablesRemoved,
    VariablesSet,
)
from domain.state import ASYNC_AFTER, TASK
from projections.history.log import Logged


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token in an element; without `element_id` on a sequence flow, or `held` at the border of an element."""

    key: int
    scope: int
    element_id: str = ""
    branch: int = 0
    """Key of the first token of its branch; 0: it is the first itself."""
    held: bool = False


class Task(msgspec.Struct, gc=False):
    """An external task; `failed` is the position of its latest failure."""

    element_id: str
    topic: str | None
    priority: int
    retries: int | None = None
    failed: int | None = None
    reported: tuple[int, bytes] | None = None
    """Position and command of what a worker last said of it."""


_NOTHING: Mapping[str, bool] = {}
_NO_TOKENS: Mapping[int, Token] = {}


class Instance:
    """One running instance."""

    __slots__ = (
        "cancelled",
        "definition",
        "delete_reason",
        "ended",
        "id",
        "lost",
        "places",
        "tasks",
        "tokens",
        "variables",
        "waiting_to_end",
    )

    def __init__(self, id: str, definition: ProcessDefinition) -> None:
        self.id = id
        self.definition = definition
        self.ended = False
        self.delete_reason: str | None = None
        self.tokens: dict[int, Token] = {}
        self.places: dict[int, dict[int, Token]] = {}
        """The tokens of every scope that ever had any."""
        self.waiting_to_end: dict[int, int] = {}
        """Jobs, and the tokens that they end: of elements without flows that are asynchronous behind."""
        self.tasks: dict[int, Task] = {}
        self.variables: dict[int, dict[str, bool]] = {}
        """Every variable that ever was in a scope, and whether it is there now."""
        self.cancelled: tuple[int, bytes] | None = None
        """The scope in which a token was cancelled last, and the command that did it."""
        self.lost: int | None = None
        """The element instance that an error left last which nobody caught: its token ends there."""

    def arriving(self, fact: ElementActivated) -> Token:
        """The token that makes an element active, and goes on with the branch of the flow that it came by."""
        before = self.tokens.get(fact.key)
        return Token(fact.key, fact.scope, fact.element_id, before.branch if before else 0)

    def is_beside_others(self, token: Token) -> bool:
        """Tell whether other tokens are in the token's scope."""
        places = self.places.get(token.scope, _NO_TOKENS)
        return len(places) > (token.key in places)

    def has_variable(self, scope: int, name: str) -> bool | None:
        """Tell whether a scope has a variable; None when it never had."""
        return self.variables.get(scope, _NOTHING).get(name)

    def apply(self, record: Logged) -> None:
        """Go one fact on."""
        applier = APPLIERS.get(type(record.fact))
        if applier is not None:
            applier(self, record, record.fact)

    def _started(self, record: Logged, fact: ProcessInstanceStarted) -> None:
        self.variables[0] = {name: True for name, value in fact.variables.items() if not value.transient}

    def _activated(self, record: Logged, fact: ElementActivated) -> None:
        self._put(self.arriving(fact))

    def _on_its_way(self, record: Logged, fact: SequenceFlowTaken) -> None:
        self._put(Token(fact.key, fact.scope, branch=fact.branch))

    def _held(self, record: Logged, fact: TokenHeld) -> None:
        self._put(Token(fact.key, fact.scope, held=True))

    def _put(self, token: Token) -> None:
        self.tokens[token.key] = self.places.setdefault(token.scope, {})[token.key] = token

    def _completed(self, record: Logged, fact: ElementCompleted) -> None:
        self._remove(fact.key)

    def _terminated(self, record: Logged, fact: ElementTerminated) -> None:
        token = self.tokens.get(fact.key)
        if token is not None:
            self.cancelled = token.scope, record.command
            self._remove(fact.key)

    def _remove(self, key: int) -> None:
        token = self.tokens.pop(key, None)
        if token is not None:
            self.places.get(token.scope, {}).pop(key, None)
        for inside in (self.places, self.tasks, self.variables):
            inside.pop(key, None)

    def _job_created(self, record: Logged, fact: JobCreated) -> None:
        token = self.tokens.get(fact.holder or 0)
        if token is not None and token.held and fact.kind == ASYNC_AFTER:
            self.waiting_to_end[fact.key] = token.key

    def _job_executed(self, record: Logged, fact: JobExecuted) -> None:
        if fact.key in self.waiting_to_end:
            self._remove(self.waiting_to_end.pop(fact.key))

    def _error_thrown(self, record: Logged, fact: ErrorThrown) -> None:
        self.lost = fact.key if fact.caught_by is None else None

    def _variables_set(self, record: Logged, fact: VariablesSet) -> None:
        self.variables.setdefault(fact.scope, {}).update(dict.fromkeys(fact.variables, True))

    def _variables_removed(self, record: Logged, fact: VariablesRemoved) -> None:
        self.variables[fact.scope].update(dict.fromkeys(fact.names, False))

    def _task_created(self, record: Logged, fact: ExternalTaskCreated) -> None:
        self.tasks[fact.key] = Task(fact.element_id, fact.topic, fact.priority)

    def _task_failed(self, record: Logged, fact: ExternalTaskFailed) -> None:
        task = self.tasks[record.ordinal - TASK]
        task.retries, task.failed, task.reported = fact.retries, record.position, (record.position, record.command)

    def _retries_set(self, record: Logged, fact: ExternalTaskRetriesSet) -> None:
        self.tasks[record.ordinal - TASK].retries = fact.retries

    def _priority_set(self, record: Logged, fact: ExternalTaskPrioritySet) -> None:
        self.tasks[record.ordinal - TASK].priority = fact.priority

    def _task_completed(self, record: Logged, fact: ExternalTaskCompleted) -> None:
        self.tasks[record.ordinal - TASK].reported = record.position, record.command

    def _deleted(self, record: Logged, fact: ProcessInstanceDeleted) -> None:
        self.delete_reason = fact.reason

    def _ended(self, record: Logged, fact: ProcessInstanceEnded) -> None:
        self.ended = True


APPLIERS: Mapping[type[Fact], Callable[[Instance, Logged, Any], None]] = {
    ProcessInstanceStarted: Instance._started,
    ElementActivated: Instance._activated,
    ElementCompleted: Instance._completed,
    ElementTerminated: Instance._terminated,
    SequenceFlowTaken: Instance._on_its_way,
    TokenHeld: Instance._held,
    JobCreated: Instance._job_created,
    JobExecuted: Instance._job_executed,
    ErrorThrown: Instance._error_thrown,
    VariablesSet: Instance._variables_set,
    VariablesRemoved: Instance._variables_removed,
    ExternalTaskCreated: Instance._task_created,
    ExternalTaskFailed: Instance._task_failed,
    ExternalTaskRetriesSet: Instance._retries_set,
    ExternalTaskPrioritySet: Instance._priority_set,
    ExternalTaskCompleted: Instance._task_completed,
    ProcessInstanceDeleted: Instance._deleted,
    ProcessInstanceEnded: Instance._ended,
}


class Instances(dict[str, Instance]):
    """The instances that were met lately, by id. The one that was not met for longest goes first."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._capacity = capacity

    def tidy(self, met: Iterable[str]) -> None:
        """Forget those of the instances just met that have ended, and as many others as are too many."""
        for instance_id in met:
            instance = self.pop(instance_id, None)
            if instance is not None and not instance.ended:
                self[instance_id] = instance
        for instance_id in list(self)[: max(len(self) - self._capacity, 0)]:
            del self[instance_id]
