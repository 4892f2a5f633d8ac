"""External task: one open task while its element is active (BPMN page §3)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.external_task import ExternalTaskState
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ProcessInstanceStarted,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
from domain.values import Value
from tests.unit.domain.commands import complete, start, task_id
from tests.unit.domain.given import (
    GHOST,
    NOW,
    Plain,
    Refused,
    begins,
    creates,
    ends,
    enters,
    given,
    of_instance,
    of_task,
    passes,
    values,
    working,
)
from tests.unit.domain.models import Xml, definition, external, node


@pytest.mark.parametrize(
    "task",
    [
        external("a"),
        external("a", tag="sendTask"),
        external("a", tag="businessRuleTask"),
        node("intermediateThrowEvent", "a", external("d", tag="messageEventDefinition", camunda_topic="a")),
        node("endEvent", "a", external("d", tag="messageEventDefinition", camunda_topic="a")),
    ],
    ids=lambda task: task.text.split()[0],
)
def test_a_token_waits_while_its_task_is_open(task: Xml) -> None:
    instance = given(definition("start > a", task))

    facts = instance.when(start())

    assert facts == [*begins(), *enters(8, "start", "a"), *creates(8, "a")]
    assert instance.history.open_tasks == [ExternalTaskState(task_id(8), 8, "a", "p:1:d", "a", 0, NOW)]


def test_a_task_knows_its_business_key_and_tenant() -> None:
    instance = given(replace(definition("start > a"), tenant_id="t"))

    facts = instance.when(start("order 1"))

    assert facts == [
        *of_instance(ProcessInstanceStarted("p:1:d", "order 1", {}, "t"), ElementActivated(4, "start", 0), ElementCompleted(4)),
        *enters(8, "start", "a"),
        *of_task(8, ExternalTaskCreated(8, "a", "p:1:d", "a", 0, (8, 0), "order 1", "t")),
    ]


def test_a_completed_task_lets_its_token_go_on() -> None:
    instance = working(definition("start > a > end"))

    facts = instance.when(complete(8, local=values(m=2), n=1))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w", values(n=1), values(m=2))),
        *of_instance(VariablesSet(0, values(n=1)), VariablesSet(8, values(m=2)), ElementCompleted(8)),
        *passes(12, "a", "end"),
        *ends(),
    ]
    assert instance.history.open_tasks == []


@pytest.mark.parametrize(("topic", "name"), [("order", "order"), ("${t}", "x"), ("order-${t}", "order-x"), ("${n}", None), ("", "")])
def test_a_topic_may_be_an_expression(topic: str, name: str | None) -> None:
    instance = given(definition("start > a", external("a", camunda_topic=topic)))

    instance.when(start(t="x", n=None))

    assert instance.open_topics == [name]


def test_a_topic_has_to_be_a_text() -> None:
    instance = given(definition("start > a", external("a", camunda_topic="${n}")))

    refusal = instance.refusal(start(n=1))

    message = "The topic '${n}' gives a Integer; it has to be a String."
    assert refusal == Refused(ExecutionFailed, message, "ClassCastException")


@pytest.mark.parametrize(
    ("own", "process", "priority"),
    [
        (None, None, 0),
        ("7", None, 7),
        (None, "8", 8),
        ("7", "8", 7),
        ("-3", None, -3),
        ("${n}", None, 5),
        ("${n * 2}", None, 10),
        (None, "${n}", 5),
        ("${n.shortValue()}", None, 5),
    ],
)
def test_a_priority_is_the_tasks_own_or_its_processs(own: str | None, process: str | None, priority: int) -> None:
    instance = given(definition("start > a", external("a", camunda_taskPriority=own), camunda_taskPriority=process))

    facts = instance.when(start(n=5))

    assert facts[-1:] == creates(8, "a", priority=priority)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("5", ": Priority value is not an Integer"),
        (None, ": Priority value is not an Integer"),
        (5.0, ": Priority value must be either Short, Integer, or Long"),
        (True, ": Priority value is not an Integer"),
    ],
)
def test_a_priority_has_to_be_whole(value: Plain, message: str) -> None:
    instance = given(definition("start > a", external("a", camunda_taskPriority="${n}")))

    refusal = instance.refusal(start(n=value))

    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


@pytest.mark.parametrize("attribute", ["camunda_topic", "camunda_taskPriority"])
def test_an_expression_that_fails_fails_the_command(attribute: str) -> None:
    instance = given(definition("start > a", external("a", **{attribute: "${ghost}"})))

    refusal = instance.refusal(start())

    assert refusal == Refused(ExecutionFailed, GHOST, "ProcessEngineException")


def test_tasks_of_one_element_are_told_apart() -> None:
    instance = given(definition("start > x; x > y > a; x > z > a", *(node("task", id) for id in "xyz")))

    instance.when(start())

    assert [(task.id, task.key, task.topic) for task in instance.history.open_tasks] == [(task_id(20), 20, "a"), (task_id(24), 24, "a")]


def test_a_topic_may_be_found_inside_a_variable() -> None:
    instance = given(definition("start > a", external("a", camunda_topic="${js.prop('kind').stringValue()}")))

    instance.when(start(js=Value("Json", '{"kind":"invoice"}')))

    assert instance.open_topics == ["invoice"]
