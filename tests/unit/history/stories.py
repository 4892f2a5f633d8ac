"""Facts at their places in the log, as history reads them, and what its models make of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, cast

from domain.elements import (
    Element,
    ExternalTask,
    NoneEndEvent,
    NoneStartEvent,
    ParallelGateway,
    ProcessDefinition,
    SequenceFlow,
    SubProcess,
    UserTask,
)
from domain.expressions import Expression
from domain.facts import ElementActivated, ElementCompleted, ExternalTaskCreated, Fact, ProcessInstanceStarted
from domain.ids import part_id
from domain.state import TASK
from projections.history.changes import HistoryChanges
from projections.history.instances import Instances
from projections.history.log import Logged
from projections.history.model import HistoryModel

INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
DEFINITION_ID = "p:1:0193f000-0000-7abc-8abc-def900000002"


def _to(target: str) -> tuple[SequenceFlow, ...]:
    return (SequenceFlow(f"to-{target}", "", target),)


ELEMENTS: tuple[Element, ...] = (
    NoneStartEvent(id="start", activity_type="startEvent", outgoing=_to("work")),
    ExternalTask(id="work", activity_type="serviceTask", name="Work", topic=Expression.parse("t"), outgoing=_to("look")),
    UserTask(id="look", activity_type="userTask", name="Look", outgoing=_to("end")),
    ParallelGateway(id="fork", activity_type="parallelGateway", outgoing=_to("look")),
    SubProcess(id="sub", activity_type="subProcess", start="inside", outgoing=_to("end")),
    NoneStartEvent(id="inside", activity_type="startEvent", scope="sub"),
    NoneEndEvent(id="end", activity_type="noneEndEvent"),
)
DEFINITION = ProcessDefinition(
    key="p", id=DEFINITION_ID, start="start", elements={element.id: element for element in ELEMENTS}, history_time_to_live=1
)

STARTED = ProcessInstanceStarted(DEFINITION_ID)
WORK = 8
"""The key of the waiting task `work` in BEGUN."""
CREATED = ExternalTaskCreated(WORK, "work", DEFINITION_ID, "t", 7)


def task(fact: Fact, key: int = WORK) -> tuple[int, Fact]:
    """A fact in the stream of an element's external task."""
    return key + TASK, fact


BEGUN: tuple[Fact | tuple[int, Fact], ...] = (
    STARTED,
    ElementActivated(4, "start", 0),
    ElementCompleted(4),
    ElementActivated(WORK, "work", 0),
    task(CREATED),
)
"""An instance that waits for a worker."""


class Story:
    """Commands one after another: each batch is told to the models as the follower would."""

    def __init__(self) -> None:
        self._instances = Instances(10)
        self._positions = itertools.count(101)
        self._commands = itertools.count(1)

    def command(self, at: int, *facts: Fact | tuple[int, Fact], actor: str | None = None, held_by: str | None = None) -> list[Logged]:
        """What one command left; `held_by` is what was found out about tasks that were cancelled."""
        name = next(self._commands).to_bytes(16)
        streams = [fact if isinstance(fact, tuple) else (0, fact) for fact in facts]
        return [Logged(next(self._positions), INSTANCE, ordinal, at, name, actor, fact, worker_id=held_by) for ordinal, fact in streams]

    def batch(self, *commands: list[Logged]) -> HistoryChanges:
        """What a batch of commands changes."""
        changes = HistoryChanges()
        records = [record for command in commands for record in command]
        changes.project(records, self._instances, {DEFINITION_ID: DEFINITION})
        self._instances.tidy({INSTANCE: None})
        return changes


def new(changes: HistoryChanges, model: type[HistoryModel[Any, Any]]) -> list[Any]:
    """The rows of a model that a batch makes."""
    return [row for told in changes.models if type(told) is model for row in told.new.values()]


def updates(changes: HistoryChanges, model: type[HistoryModel[Any, Any]]) -> list[tuple[str, list[tuple[object, ...]]]]:
    """The statements of a model about rows that were there, each with its rows of values."""
    (told,) = (told for told in changes.models if type(told) is model)
    statements = [*told.updates(), *told.deletions()]
    return [(sql, list(zip(*cast(Sequence[Sequence[object]], parameters), strict=True))) for sql, parameters in statements]


def execution(ordinal: int) -> str:
    """The id of an execution."""
    return part_id(INSTANCE, ordinal)
