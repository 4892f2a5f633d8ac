"""What a topic subscription narrows, and which variables come with a task."""

from __future__ import annotations

from typing import Any

import pytest

from api.engine import Engine
from api.rest.fetch_conditions import read_conditions
from domain.commands import CreateDeployment, StartProcessInstance
from domain.fetching import VariableCondition
from domain.values import Value
from tests.integration.engines import deployed, fetched, started, values
from tests.integration.models import ONE, mapping, model, scope, task

pytestmark = pytest.mark.anyio
TAGGED = model("tagged", scope("start > work > end"), version_tag="release-2")
NESTED = model(
    "nested",
    scope(
        "start > around > end",
        f'<subProcess id="around">{mapping(near="middle", middle="around")}'
        + scope("start2 > work > end2", task("work", mapping(near="own", own="work")))
        + "</subProcess>",
    ),
)


def condition(name: str, operator: Any, *values: Any) -> VariableCondition:
    """As it is read from a request; several values are for `in`."""
    [read] = read_conditions([{"name": name, "operator": operator, "value": list(values) if operator == "in" else values[0]}])
    return read


@pytest.fixture
async def three(engine: Engine) -> dict[str, str]:
    """An instance of each of two processes, and one of a tenant; ids of their definitions by key."""
    one, tagged = (await deployed(engine, ONE, TAGGED)).definitions
    await engine.submit(CreateDeployment("red", None, "red", (ONE,)))
    await engine.submit(StartProcessInstance(definition_key="one", business_key="k1", variables=values(n=1, text="a")))
    await engine.submit(StartProcessInstance(definition_key="tagged", business_key="k2", variables=values(n=2, flag=True, nothing=None)))
    await engine.submit(StartProcessInstance(definition_key="one", tenant_id="red", business_key="k3", variables=values(n=1.0)))
    return {one.key: one.id, tagged.key: tagged.id}


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, ["k1", "k2", "k3"]),
        ({"business_key": "k2"}, ["k2"]),
        ({"business_key": "none"}, []),
        ({"definition_key": "one"}, ["k1", "k3"]),
        ({"definition_key_in": ("tagged", "other", None)}, ["k2"]),
        ({"definition_key_in": ()}, ["k1", "k2", "k3"]),
        ({"version_tag": "release-%"}, ["k2"]),
        ({"without_tenant": True}, ["k1", "k2"]),
        ({"tenant_id_in": ("red", "blue")}, ["k3"]),
        ({"process_variables": values(n=1)}, ["k1"]),
        ({"process_variables": values(n=1.0)}, ["k3"]),
        ({"process_variables": values(n=2, text="a")}, ["k1", "k2"]),
        ({"process_variables": values(flag=True)}, ["k2"]),
        ({"process_variables": values(flag=False)}, []),
        ({"process_variables": values(nothing=None)}, ["k2"]),
        ({"process_variables": {"n": Value("Long", 1)}}, []),
        ({"process_variables": values(n=1), "business_key": "k3"}, []),
        ({"variable_conditions": (condition("n", "eq", 1),)}, ["k1", "k3"]),
        ({"variable_conditions": (condition("n", "neq", 1),)}, ["k2"]),
        ({"variable_conditions": (condition("n", "gt", 1),)}, ["k2"]),
        ({"variable_conditions": (condition("n", "gteq", 1.5),)}, ["k2"]),
        ({"variable_conditions": (condition("n", "gt", 1.5),)}, ["k2"]),
        ({"variable_conditions": (condition("n", "lt", 1.5),)}, ["k1", "k3"]),
        ({"variable_conditions": (condition("n", "neq", 1.5),)}, ["k1", "k2", "k3"]),
        ({"variable_conditions": (condition("n", "in", 1.5, "a", 2),)}, ["k2"]),
        ({"variable_conditions": (condition("n", "lt", 2),)}, ["k1", "k3"]),
        ({"variable_conditions": (condition("n", "lteq", 0.5),)}, []),
        ({"variable_conditions": (condition("n", "in", 1, 2),)}, ["k1", "k2", "k3"]),
        ({"variable_conditions": (condition("text", "like", "a%"),)}, ["k1"]),
        ({"variable_conditions": (condition("text", "like", "b%"),)}, []),
        ({"variable_conditions": (condition("flag", "eq", True),)}, ["k2"]),
        ({"variable_conditions": (condition("nothing", "eq", None),)}, ["k2"]),
        ({"variable_conditions": (condition("n", "in"),)}, []),
        ({"variable_conditions": (condition("n", "gteq", 1), condition("n", "lt", 2))}, ["k1", "k3"]),
        ({"variable_conditions": (condition("n", "gteq", 1),), "process_variables": values(n=1)}, ["k1"]),
    ],
)
async def test_a_subscription_is_narrowed(engine: Engine, three: dict[str, str], narrowed: dict[str, Any], expected: list[str]) -> None:
    found = await fetched(engine, "work", **narrowed)

    assert sorted(locked.task.business_key or "" for locked in found) == expected


async def test_a_subscription_is_narrowed_to_definitions(engine: Engine, three: dict[str, str]) -> None:
    assert [locked.task.business_key for locked in await fetched(engine, "work", definition_id=three["tagged"])] == ["k2"]
    assert [locked.task.business_key for locked in await fetched(engine, "work", definition_id_in=(three["one"], "x"))] == ["k1"]


async def test_expired_locks_are_narrowed_too(engine: Engine, three: dict[str, str]) -> None:
    await fetched(engine, "work", duration=0)

    assert [locked.task.business_key for locked in await fetched(engine, "work", business_key="k2")] == ["k2"]


async def test_a_task_brings_what_its_scopes_see_the_nearest_last(engine: Engine) -> None:
    await deployed(engine, NESTED)
    await started(engine, "nested", near="far", far="instance")

    [locked] = await fetched(engine, "work")

    assert locked.variables == values(near="own", far="instance", middle="around", own="work")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"variables": ()}, {}),
        ({"variables": ("near", "far", "ghost")}, {"near": "own", "far": "instance"}),
        ({"local_variables": True}, {"near": "own", "own": "work"}),
        ({"local_variables": True, "variables": ("near", "far")}, {"near": "own"}),
    ],
)
async def test_a_task_brings_only_the_variables_asked_for(engine: Engine, wanted: dict[str, Any], expected: dict[str, str]) -> None:
    await deployed(engine, NESTED)
    await started(engine, "nested", near="far", far="instance")

    [locked] = await fetched(engine, "work", **wanted)

    assert locked.variables == values(**expected)
