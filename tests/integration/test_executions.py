"""Executions follow from what waits: the list has exactly those that the tree of activity instances names, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from api.engine import Engine
from api.rest.activity_instances import Tree
from domain.commands import CompleteUserTask, InstanceCommand, ModifyVariables
from domain.elements import ExternalTask, UserTask
from domain.event_commands import ReceiveMessage, ReceiveSignal
from domain.job_commands import ExecuteJob
from domain.refusals import Refusal
from projections.execution.query import list_statement
from projections.querying import Page
from tests.integration.engines import completed, deployed, fetched, opened, started, values
from tests.integration.models import boundary, catches, computes, mapping, model, on_message, on_signal, on_time, scope, task

pytestmark = pytest.mark.anyio
NESTED = scope(
    "start2 > fork2; fork2 > wait > join2; fork2 > alone > join2; join2 > after > end2",
    '<parallelGateway id="fork2"/><parallelGateway id="join2"/>',
    catches("wait", on_time()),
    '<subProcess id="alone" camunda:asyncBefore="true">' + scope("start3 > ask3 > end3", '<userTask id="ask3"/>') + "</subProcess>",
)
BUSY = model(
    "busy",
    scope(
        "start > fork; fork > receive > merge; fork > inside > join; fork > ask > merge; fork > a > join; fork > sum > merge; join > merge;"
        " merge > b > end; told > c > end; rung > d > end; heard > e > end",
        '<parallelGateway id="fork" camunda:asyncAfter="true"/><parallelGateway id="join"/><exclusiveGateway id="merge"/>',
        '<receiveTask id="receive" messageRef="message-m"/>',
        '<userTask id="ask"/>',
        boundary("told", "ask", on_message("m"), False),
        boundary("rung", "ask", on_time()),
        computes("sum", "${n > 0}"),
        task("b", mapping(x="${n}")),
        f'<subProcess id="inside">{mapping(y="${n}")}{NESTED}</subProcess>',
        boundary("heard", "inside", on_signal("s")),
    ),
)
TOPICS = ("a", "b", "c", "d", "e", "after")
STEPS = 25


async def listed(engine: Engine, instance_id: str, **filters: Any) -> list[str]:
    sql, parameters = list_statement({"processInstanceId": instance_id, **filters}, [], Page())
    return sorted(row[0] for row in await engine.query(sql, parameters))


async def in_tree(engine: Engine, instance_id: str) -> list[str]:
    """The executions of all activity and transition instances."""
    state = await engine.live_state(instance_id)
    if state is None:
        return []
    definition = await engine.definition(state.definition_id)
    assert definition is not None
    return sorted(set(executions(Tree(state, definition).root())))


def executions(node: Mapping[str, Any]) -> Iterator[str]:
    yield from node["executionIds"]
    yield from (transition["executionId"] for transition in node["childTransitionInstances"])
    for child in node["childActivityInstances"]:
        yield from executions(child)


async def what_is_possible(engine: Engine, instance_id: str) -> list[InstanceCommand | None]:
    """Commands about what waits; None: work on a task."""
    subscriptions = await engine.query("SELECT execution_id::text, event_type, event_name FROM event_subscription")
    return [
        *(ExecuteJob(id) for (id,) in await engine.query("SELECT id::text FROM job")),
        *(CompleteUserTask(id) for (id,) in await engine.query("SELECT id::text FROM user_task")),
        *(ReceiveMessage(execution, name) for execution, kind, name in subscriptions if kind == "message"),
        *(ReceiveSignal(instance_id, name, {}, execution) for execution, kind, name in subscriptions if kind == "signal"),
        ModifyVariables(instance_id, values(n=7)),
        None,
    ]


async def act(engine: Engine, command: InstanceCommand | None) -> None:
    if command is not None:
        await engine.submit(command)
        return
    for found in await fetched(engine, *TOPICS, most=1):
        await completed(engine, found)


async def waiting_elements(engine: Engine, instance_id: str) -> int:
    """How many elements are active that are no tasks."""
    state = await engine.live_state(instance_id)
    if state is None:
        return 0
    definition = await engine.definition(state.definition_id)
    assert definition is not None
    return sum(not isinstance(definition.elements[element.element_id], ExternalTask | UserTask) for element in state.elements)


@pytest.mark.parametrize("seed", range(6))
async def test_the_list_has_the_executions_of_the_tree(database: str, seed: int) -> None:
    random = Random(seed)
    async with opened(database, job_executor=False) as engine:
        await deployed(engine, BUSY)
        instance = await started(engine, "busy", n=1)
        for _ in range(STEPS):
            assert await listed(engine, instance) == await in_tree(engine, instance)
            try:
                await act(engine, random.choice(await what_is_possible(engine, instance)))
            except Refusal:
                continue
        assert len(await engine.query("SELECT FROM element_instance")) == await waiting_elements(engine, instance)


@pytest.mark.parametrize(
    ("element", "alone"),
    [
        (task("x"), False),
        ('<userTask id="x"/>', True),
        ('<receiveTask id="x"/>', True),
        ('<receiveTask id="x" messageRef="message-m"/>', False),
        ('<userTask id="x" camunda:asyncBefore="true"/>', True),
    ],
)
async def test_what_needs_no_execution_of_its_own_runs_on_the_instances(database: str, element: str, alone: bool) -> None:
    async with opened(database, job_executor=False) as engine:
        await deployed(engine, model("p", scope("start > x > end", element)))
        instance = await started(engine, "p")

        found = await listed(engine, instance, activityId="x")

        assert len(found) == 1
        assert (found == [instance]) is alone
