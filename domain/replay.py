"""Replay: decide every recorded cause again and compare the consequences, fact by fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

import msgspec

from domain.causes import instance_command
from domain.commands import (
    CompleteExternalTask,
    ExtendExternalTaskLock,
    FailExternalTask,
    LockExternalTask,
    RaiseBpmnError,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    StartProcessInstance,
    TaskCommand,
    UnlockExternalTask,
)
from domain.deciding.dispatch import Decided, decide_for_instance, decide_for_task
from domain.deciding.process_instance import start
from domain.elements import ProcessDefinition
from domain.external_task import ExternalTaskState
from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExpired,
    ExternalTaskLockExtended,
    ExternalTaskPrioritySet,
    ExternalTaskRetriesSet,
    ExternalTaskUnlocked,
    Fact,
    ProcessInstanceStarted,
    Recorded,
)
from domain.history import History
from domain.ids import aggregate_id, ordinal_of
from domain.refusals import Refusal
from domain.state import TASK

Definitions = Callable[[str], ProcessDefinition]


class Difference(msgspec.Struct, frozen=True):
    """One place where deciding again does not give what was recorded. `expected` is what was recorded, `got` what is decided now."""

    instance_id: str
    cause: Recorded
    number: int
    """Which of the command's facts, the cause being 1."""
    expected: str
    got: str


def replay(records: Sequence[Recorded], definitions: Definitions) -> list[Difference]:
    """Replay one instance from its facts and its tasks', given in the order of the log. No difference: the log explains itself.

    Behind a difference the facts may no longer fit together: then replay ends where nothing can be made of them.
    """
    history, differences = History(), list[Difference]()
    try:
        for group in _commands(records):
            again = _decide_again(history, group, definitions)
            found = list(_compare(group, again if isinstance(again, str) else again.facts))
            differences += found
            history.apply_command(group, None if found or isinstance(again, str) else again.state)
    except (KeyError, AssertionError):
        if not differences:
            raise
    return differences


def _commands(records: Iterable[Recorded]) -> Iterator[list[Recorded]]:
    """Cut the log behind every command: a cause opens a group, or the lock expiry that a taking found."""
    group: list[Recorded] = []
    for record in records:
        opens = record.fact.is_cause or isinstance(record.fact, ExternalTaskLockExpired)
        expired = len(group) == 1 and isinstance(group[0].fact, ExternalTaskLockExpired)
        if group and opens and not expired:
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _compare(group: list[Recorded], again: Sequence[tuple[int, Fact]] | str) -> Iterator[Difference]:
    cause = next((record for record in group if record.fact.is_cause), group[0])
    if isinstance(again, str):
        yield Difference(aggregate_id(cause.originator_id), cause, 1, repr(cause.fact), again)
        return
    recorded = [(ordinal_of(record.originator_id), record.fact) for record in group]
    for number, (expected, got) in enumerate(zip_longest(recorded, again), 1):
        if expected != got and _show(expected) != _show(got):  # NaN does not equal itself, but looks the same
            yield Difference(aggregate_id(cause.originator_id), cause, number, _show(expected), _show(got))


def _show(fact: tuple[int, Fact] | None) -> str:
    return "nothing" if fact is None else f"{fact[1]!r} in stream {fact[0]}"


def _decide_again(history: History, group: list[Recorded], definitions: Definitions) -> Decided | str:
    cause = next((record for record in group if record.fact.is_cause), None)
    if cause is None:
        return f"no cause before {group[0].fact!r}"
    try:
        return _decide(history, cause, definitions)
    except Refusal as refusal:
        return f"a refusal: {refusal.message}"


def _decide(history: History, cause: Recorded, definitions: Definitions) -> Decided:
    fact = cause.fact
    if isinstance(fact, ProcessInstanceStarted):
        command = StartProcessInstance(
            business_key=fact.business_key,
            variables=fact.variables,
            start=fact.start,
            instructions=fact.instructions,
            skip_io_mappings=fact.skip_io_mappings,
        )
        started = start(definitions(fact.definition_id), cause.originator_id, command, cause.envelope)
        return Decided(started.facts, started.state)
    assert history.state is not None
    definition = definitions(history.state.definition_id)
    if ordinal_of(cause.originator_id):
        task = history.tasks[ordinal_of(cause.originator_id) - TASK]
        task = msgspec.structs.replace(task, suspended=history.state.suspended)
        return decide_for_task(definition, history.state, task, _task_command(task, fact), cause.envelope)
    return decide_for_instance(definition, history.state, instance_command(history.state, fact), cause.envelope)


def _task_command(task: ExternalTaskState, fact: Fact) -> TaskCommand | SetExternalTaskRetries:  # noqa: C901 - one branch per cause
    match fact:
        case ExternalTaskLocked(worker_id, lock_duration):
            return LockExternalTask(task.id, worker_id, lock_duration)
        case ExternalTaskLockExtended(worker_id, new_duration):
            return ExtendExternalTaskLock(task.id, worker_id, new_duration)
        case ExternalTaskUnlocked():
            return UnlockExternalTask(task.id)
        case ExternalTaskCompleted():
            return CompleteExternalTask(task.id, *msgspec.structs.astuple(fact))
        case ExternalTaskFailed():
            return FailExternalTask(task.id, *msgspec.structs.astuple(fact))
        case ExternalTaskBpmnErrorRaised():
            return RaiseBpmnError(task.id, *msgspec.structs.astuple(fact))
        case ExternalTaskRetriesSet(retries):
            return SetExternalTaskRetries((task.id,), retries)
        case ExternalTaskPrioritySet(priority):
            return SetExternalTaskPriority(task.id, priority)
        case _:
            raise AssertionError(f"{type(fact).__name__} is no cause in the stream of an external task")
