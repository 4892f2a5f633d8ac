"""Executions in history: an activity has the one that its token runs on when it begins, and then the one that it has at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from domain.elements import ProcessDefinition
from domain.executions import execution_of
from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, Recorded
from domain.history import History
from domain.ids import aggregate_id, ordinal_of
from domain.state import CONCURRENT_EXECUTION
from projections.history.activity_instance.project import ActivityInstances
from projections.history.changes import HistoryChanges
from projections.history.instances import Instances
from projections.history.log import Logged
from tests.unit.domain.anything import Anything
from tests.unit.domain.commands import complete_user_task, delete, execute
from tests.unit.domain.example_models import EXAMPLE_MODELS
from tests.unit.domain.given import Instance, started
from tests.unit.domain.models import definition, node
from tests.unit.history.stories import new, updates

COMMANDS = 40


class Told:
    """The executions that history has of an instance's activities, told command by command."""

    def __init__(self, of: ProcessDefinition) -> None:
        self.executions: dict[int, int] = {}
        self.activities: dict[int, str] = {}
        self._definitions = {of.id: of}
        self._instances = Instances(1)

    def tell(self, command: Sequence[Recorded]) -> None:
        changes = HistoryChanges([ActivityInstances])
        changes.project(map(logged, command), self._instances, self._definitions)
        for row in new(changes, ActivityInstances):
            self.executions[row.key], self.activities[row.key] = row.execution, row.activity_id
        ended: list[Any] = [rows for _, rows in updates(changes, ActivityInstances)]
        self.executions.update((key, execution) for rows in ended for _, key, execution, *_ in rows)


def logged(record: Recorded) -> Logged:
    stream = record.originator_id
    return Logged(record.notification_id or 0, aggregate_id(stream), ordinal_of(stream), record.envelope.at, b"", None, record.fact)


def commands(records: Sequence[Recorded]) -> Iterator[list[Recorded]]:
    """What every command has left."""
    some: list[Recorded] = []
    for record in records:
        if some and record.fact.is_cause:
            yield some
            some = []
        some.append(record)
    yield some


class Expected:
    """What the running instance itself says of its activities' executions, when they begin and when they are completed."""

    def __init__(self, of: ProcessDefinition) -> None:
        self.executions: dict[int, int] = {}
        self._definition, self._history = of, History()

    def apply(self, record: Recorded) -> None:
        fact = record.fact
        if isinstance(fact, ElementCompleted):
            self._ask(fact.key)
        self._history.apply(record)
        if isinstance(fact, ElementActivated):
            self._ask(fact.key)
        if isinstance(fact, ElementTerminated):
            self.executions.pop(fact.key, None)

    def _ask(self, key: int) -> None:
        state = self._history.state
        assert state is not None
        token = state.tokens[key]
        self.executions[key] = execution_of(token, state.is_beside_others(key), self._definition.elements[token.element_id])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("model", EXAMPLE_MODELS)
def test_history_names_the_executions_that_the_instance_has(model: str, seed: int) -> None:
    of = EXAMPLE_MODELS[model]
    told, expected = Told(of), Expected(of)

    for command in commands(Anything(seed).play(of, COMMANDS).records):
        told.tell(command)
        for record in command:
            expected.apply(record)

        assert expected.executions.items() <= told.executions.items()


def told_of(instance: Instance) -> dict[str, list[int]]:
    """The executions of all activities, by their elements."""
    told, found = Told(instance.definition), dict[str, list[int]]()
    for command in commands(instance.records):
        told.tell(command)
    for key, activity in told.activities.items():
        found.setdefault(activity, []).append(told.executions[key])
    return found


def done(instance: Instance, *elements: str) -> Instance:
    """Let users do their tasks."""
    for element in elements:
        (key,) = (token.key for token in instance.state.elements if token.element_id == element)
        instance.when(complete_user_task(key))
    return instance


USERS = [node("userTask", id) for id in ("u", "v", "w")]
A, B, C = (key + CONCURRENT_EXECUTION for key in (12, 16, 20))
"""The executions of branches."""


def test_a_branch_keeps_its_execution_and_the_last_token_of_a_join_goes_on_alone() -> None:
    """As Camunda 7.24 has it."""
    flows = "start > fork; fork > a > u > join; fork > x > b > join; join > c > end"
    tasks = [node("task", id) for id in "abc"]
    gateways = [node("parallelGateway", "fork"), node("parallelGateway", "join"), node("exclusiveGateway", "x")]

    told = told_of(done(started(definition(flows, *tasks, *gateways, *USERS)), "u"))

    beside = {"a": [A], "u": [A], "x": [B], "b": [B], "join": [B, 0]}
    assert told == {"start": [0], "fork": [0], **beside, "c": [0], "end": [0]}


def test_who_stays_alone_ends_on_the_execution_of_the_scope() -> None:
    """As Camunda 7.24 has it."""
    flows = "start > fork; fork > u > x > end1; fork > v > y > w > end2"
    nodes = [node("task", "x"), node("task", "y"), node("parallelGateway", "fork"), *USERS]
    instance = done(started(definition(flows, *nodes)), "u")

    alone, ended = told_of(instance), told_of(done(instance, "v"))

    assert alone == {"start": [0], "fork": [0], "u": [A], "x": [A], "end1": [A], "v": [B]}
    assert ended == {**alone, "v": [0], "y": [0], "w": [0]}


def test_a_token_that_ends_behind_an_asynchronous_element_leaves_the_other_alone() -> None:
    """As Camunda 7.24 has it."""
    flows = "start > fork; fork > a > end1; fork > u > x > v > end2"
    nodes = [node("task", "a"), node("task", "x"), node("parallelGateway", "fork"), node("endEvent", "end1", camunda_asyncAfter="true")]
    instance = started(definition(flows, *nodes, *USERS))
    (job,) = instance.state.jobs
    instance.when(execute(job))

    told = told_of(done(instance, "u"))

    assert told == {"start": [0], "fork": [0], "a": [A], "end1": [A], "u": [0], "x": [0], "v": [0]}


def test_a_terminate_end_event_goes_on_alone_and_what_it_cancelled_keeps_its_execution() -> None:
    """As Camunda 7.24 has it."""
    flows = "start > fork; fork > u > stop; fork > v > end2; fork > w > end3"
    stop = node("endEvent", "stop", node("terminateEventDefinition"))

    told = told_of(done(started(definition(flows, stop, node("parallelGateway", "fork"), *USERS)), "u"))

    assert told == {"start": [0], "fork": [0], "u": [A], "stop": [0], "v": [B], "w": [C]}


def test_of_what_is_deleted_only_who_was_alone_before_ends_on_the_execution_of_the_scope() -> None:
    """As Camunda 7.24 has it."""
    model = definition("start > fork; fork > u > end1; fork > v > end2", node("parallelGateway", "fork"), *USERS[:2])
    together, alone = started(model), done(started(model), "u")
    for instance in (together, alone):
        instance.when(delete())

    ended = [{activity: told_of(instance)[activity] for activity in "uv"} for instance in (together, alone)]

    assert ended == [{"u": [A], "v": [B]}, {"u": [A], "v": [0]}]
