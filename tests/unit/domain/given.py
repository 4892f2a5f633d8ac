"""Given facts, when a command, then exactly these facts: one process instance with its external tasks, in memory.

Facts stand beside the ordinal of their stream in the instance: 0 is the instance's own, an external task's follows its element's key.
Element instances have the keys 4, 8, 12 … in the order of their creation; an incident takes one key between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from domain.commands import InstanceCommand, LockExternalTask, SetExternalTaskRetries, StartProcessInstance, TaskCommand
from domain.deciding.dispatch import Decided, decide_for_instance, decide_for_task, needs_instance
from domain.deciding.process_instance import start
from domain.elements import ProcessDefinition
from domain.external_task import ExternalTaskState
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    Envelope,
    ExternalTaskCreated,
    ExternalTaskLocked,
    Fact,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    Recorded,
    SequenceFlowTaken,
)
from domain.history import History
from domain.ids import aggregate_id, make_id, ordinal_of, part_id
from domain.refusals import ExecutionFailed, Refusal
from domain.replay import replay
from domain.state import TASK, InstanceState
from domain.values import NULL, Value

Happened: TypeAlias = tuple[int, Fact]
AnyCommand: TypeAlias = StartProcessInstance | TaskCommand | SetExternalTaskRetries | InstanceCommand
Plain: TypeAlias = bool | int | float | str | Value | None

NOW = 1_700_000_000_000
INSTANCE = aggregate_id(make_id(NOW, 1 << 40))
COMMAND = make_id(NOW, 2 << 40)
DEFINITION = "p:1:d"
"""The id that `models.definition` gives to the process `p`."""
_TYPES = {bool: "Boolean", int: "Integer", float: "Double", str: "String"}


class Refused(NamedTuple):
    """A refusal as a value; `kind` is the Java exception that a failed execution stands for."""

    by: type[Refusal]
    message: str
    kind: str | None = None


class Instance:
    """A process instance, what has happened to it, and a clock that tests set."""

    def __init__(self, definition: ProcessDefinition, replayed: bool = True) -> None:
        """`replayed`: everything is decided again after every command."""
        self.definition = definition
        self.history = History()
        self.records: list[Recorded] = []
        self.at = NOW
        self._versions: Counter[str] = Counter()
        self._replayed = replayed

    def given(self, *facts: Happened) -> None:
        """Let facts have happened that nobody has decided."""
        self._replayed = False
        self._record(facts)

    def when(self, command: AnyCommand) -> Sequence[Happened]:
        """Decide a command and return what it made happen, once it is sure that its facts explain all that it came to."""
        decided = self.decided(command)
        self._record(decided.facts)
        assert decided.state in (None, self.history.state)
        assert not self._replayed or replay(self.records, lambda _: self.definition) == []
        return decided.facts

    def refusal(self, command: AnyCommand) -> Refused:
        """Return the refusal of a command; a command that is not refused fails the test."""
        try:
            facts = self.decided(command).facts
        except Refusal as refusal:
            return Refused(type(refusal), refusal.message, refusal.kind if isinstance(refusal, ExecutionFailed) else None)
        raise AssertionError(f"{command} was not refused, it made {facts}")

    def decided(self, command: AnyCommand) -> Decided:
        """Decide a command without recording anything."""
        envelope = Envelope(self.at, COMMAND)
        if isinstance(command, StartProcessInstance):
            decision = start(self.definition, INSTANCE, command, envelope)
            return Decided(decision.facts, decision.state, decision.signals)
        if isinstance(command, InstanceCommand):
            return decide_for_instance(self.definition, self.state, command, envelope)
        task = self._task_of(command)
        state = self.state if needs_instance(self.definition, task, command) else None
        return decide_for_task(self.definition, state, task, command, envelope)

    def _task_of(self, command: TaskCommand | SetExternalTaskRetries) -> ExternalTaskState:
        (task_id,) = command.task_ids if isinstance(command, SetExternalTaskRetries) else (command.task_id,)
        return replace(self.history.tasks[ordinal_of(task_id) - TASK], suspended=self.state.suspended)

    def _record(self, facts: Iterable[Happened]) -> None:
        for ordinal, fact in facts:
            stream = part_id(INSTANCE, ordinal)
            self._versions[stream] += 1
            record = Recorded(stream, self._versions[stream], Envelope(self.at, COMMAND), fact, len(self.records) + 1)
            self.records.append(record)
            self.history.apply(record)

    @property
    def state(self) -> InstanceState:
        assert self.history.state is not None
        return self.history.state

    @property
    def open_topics(self) -> list[str | None]:
        """The topics of the open external tasks, oldest first."""
        return [task.topic for task in self.history.open_tasks]

    def variables(self, scope: int = 0) -> dict[str, Value]:
        """The variables of exactly one scope."""
        return dict(self.state.variables.get(scope, {}))


def given(definition: ProcessDefinition, *facts: Happened) -> Instance:
    """An instance to which exactly these facts have happened."""
    instance = Instance(definition)
    if facts:
        instance.given(*facts)
    return instance


def started(definition: ProcessDefinition, **variables: Plain) -> Instance:
    """An instance that was started and waits."""
    instance = Instance(definition)
    instance.when(StartProcessInstance(variables=values(**variables)))
    return instance


def working(definition: ProcessDefinition, key: int = 8, **variables: Plain) -> Instance:
    """An instance that was started and has a task that the worker `w` has locked."""
    instance = started(definition, **variables)
    instance.when(LockExternalTask(part_id(INSTANCE, key + TASK), "w", 60_000))
    return instance


def long(number: int) -> Value:
    """What a whole number of an expression is."""
    return Value("Long", number)


def transient(plain: Plain) -> Value:
    """A value that no scope keeps."""
    return replace(values(it=plain)["it"], transient=True)


GHOST = "Unknown property used in expression: ${ghost}. Cause: Cannot resolve identifier 'ghost'"
"""Why the expression `${ghost}` fails wherever it stands."""


def values(**plain: Plain) -> dict[str, Value]:
    """Variables from Python's values: an int is an Integer, a float a Double."""
    return {name: one if isinstance(one, Value) else NULL if one is None else Value(_TYPES[type(one)], one) for name, one in plain.items()}


def of_instance(*facts: Fact) -> list[Happened]:
    """Facts of the instance's own stream."""
    return [(0, fact) for fact in facts]


def of_task(key: int, *facts: Fact) -> list[Happened]:
    """Facts of the stream of the external task that the element instance `key` has."""
    return [(key + TASK, fact) for fact in facts]


def begins(**variables: Plain) -> list[Happened]:
    """The instance starts with these variables, and its start event `start` is done."""
    return of_instance(ProcessInstanceStarted(DEFINITION, None, values(**variables)), ElementActivated(4, "start", 0), ElementCompleted(4))


def ends() -> list[Happened]:
    """The instance has ended by itself."""
    return of_instance(ProcessInstanceEnded("COMPLETED"))


def creates(key: int, element: str, *outer: int, topic: str | None = None, priority: int = 0) -> list[Happened]:
    """The external task of an element is created; `outer` are the keys of the sub-processes around it, the nearest first."""
    return of_task(key, ExternalTaskCreated(key, element, DEFINITION, topic or element, priority, (key, *outer, 0)))


def a_task(worker: str | None = "w", key: int = 8, element: str = "a") -> list[Happened]:
    """A running instance with one external task, locked by a worker for a minute, or by nobody."""
    lock = [] if worker is None else of_task(key, ExternalTaskLocked(worker, 60_000, NOW + 60_000))
    instance = of_instance(ProcessInstanceStarted(DEFINITION), ElementActivated(key, element, 0))
    return [*instance, *creates(key, element), *lock]


def enters(key: int, source: str, target: str, scope: int = 0, branch: int = 0) -> list[Happened]:
    """A token takes the flow between two elements and is in the second one; `branch` is the first token of its branch beside others."""
    return of_instance(SequenceFlowTaken(key, f"{source}-{target}", scope, branch), ElementActivated(key, target, scope))


def passes(key: int, source: str, target: str, scope: int = 0, branch: int = 0) -> list[Happened]:
    """A token takes the flow between two elements and the second one is done at once."""
    return [*enters(key, source, target, scope, branch), *of_instance(ElementCompleted(key))]
