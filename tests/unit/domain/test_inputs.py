"""Input parameters (BPMN page §4): computed in the scope around, local to the activity, there before its work begins."""

from __future__ import annotations

import pytest

from domain.commands import StartProcessInstance
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
from domain.values import NULL, Value
from tests.unit.domain.commands import complete, start
from tests.unit.domain.given import (
    GHOST,
    Refused,
    begins,
    creates,
    ends,
    enters,
    given,
    long,
    of_instance,
    transient,
    values,
    working,
)
from tests.unit.domain.models import Xml, definition, extensions, external, mapping, node


def a(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> Xml:
    return external("a", extensions(mapping(inputs, outputs)))


def test_inputs_are_local_and_there_before_the_task() -> None:
    instance = given(definition("start > a", a({"x": "${n + 1}", "y": "${n}"})))

    facts = instance.when(start(n=1))

    assert facts == [
        *begins(n=1),
        *enters(8, "start", "a"),
        *of_instance(VariablesSet(8, {"x": long(2), "y": Value("Integer", 1)})),
        *creates(8, "a"),
    ]
    assert instance.variables() == values(n=1)


def test_an_input_sees_the_scope_around_and_no_other_input() -> None:
    instance = given(definition("start > a", a({"n": "inner", "m": "${n}"})))

    instance.when(start(n="outer"))

    assert instance.variables(scope=8) == values(n="inner", m="outer")


def test_an_input_that_needs_another_one_fails_the_command() -> None:
    instance = given(definition("start > a", a({"ghost": "inner", "m": "${ghost}"})))

    refusal = instance.refusal(start())

    assert refusal == Refused(ExecutionFailed, GHOST, "ProcessEngineException")


def test_the_activity_is_not_known_while_its_inputs_are_mapped() -> None:
    instance = given(definition("start > a", a({"id": "${execution.currentActivityId}", "own": "${execution.id}"})))

    instance.when(start())

    assert instance.variables(scope=8) == {"id": NULL, "own": Value("String", instance.state.id)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", Value("String", "42")),
        ("${42}", long(42)),
        (" text ", Value("String", "text")),
        ("", NULL),
        ("order-${n}", Value("String", "order-1")),
        ("#{n}", Value("Integer", 1)),
        ("${1.5}", Value("Double", 1.5)),
        ("${n == 1}", Value("Boolean", True)),
    ],
)
def test_a_text_gives_a_typed_value(text: str, value: Value) -> None:
    instance = given(definition("start > a", a({"x": text})))

    instance.when(start(n=1))

    assert instance.variables(scope=8) == {"x": value}


def test_end_events_have_inputs() -> None:
    instance = given(definition("start > end", node("endEvent", "end", extensions(mapping({"x": "1"})))))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "end"),
        *of_instance(VariablesSet(8, values(x="1")), ElementCompleted(8)),
        *ends(),
    ]
    assert not instance.state.variables


def test_a_transient_variable_is_hidden_by_an_input_of_its_name() -> None:
    task = external("a", extensions(mapping({"x": "inner"})), camunda_topic="${x}")
    instance = given(definition("start > a", task))

    facts = instance.when(StartProcessInstance(variables={"x": transient("outer")}))

    assert facts[-1:] == creates(8, "a", topic="inner")


def test_an_input_may_be_made_of_a_transient_variable() -> None:
    instance = given(definition("start > a", a({"y": "${x}"})))

    instance.when(StartProcessInstance(variables={"x": transient("gone")}))

    assert (instance.variables(), instance.variables(scope=8)) == ({}, values(y="gone"))


def test_lists_and_maps_are_read_with_their_values() -> None:
    items = node("camunda:list", None, node("camunda:value", None, "${n}"), node("camunda:value", None, "two"))
    entries = node("camunda:map", None, node("camunda:entry", None, "${n}", key="k-${n}"))
    inputs = [node("camunda:inputParameter", None, one, name=name) for name, one in (("list", items), ("map", entries))]
    task = external("a", extensions(node("camunda:inputOutput", None, *inputs, *OUTPUT)))
    instance = working(definition("start > a > b", task), n=1)
    classes = {name: (value.type, (value.info or {})["objectTypeName"]) for name, value in instance.variables(scope=8).items()}

    instance.when(complete(8))

    assert classes == {"list": ("Object", "java.util.ArrayList"), "map": ("Object", "java.util.TreeMap")}
    assert instance.variables() == values(n=1, seen="3|two|1")


OUTPUT = [node("camunda:outputParameter", None, "${list.get(0) + list.size()}|${list.get(1)}|${map.get('k-1')}", name="seen")]


def test_a_user_task_is_a_scope_where_it_has_parameters() -> None:
    instance = given(definition("start > u", node("userTask", "u", extensions(mapping({"x": "1"}, {"r": "${x}"})))))

    facts = instance.when(start())

    assert facts[4:6] == of_instance(ElementActivated(8, "u", 0), VariablesSet(8, values(x="1")))
