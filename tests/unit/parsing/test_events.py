"""What is read of events that wait for messages, signals and times, or throw signals, and of asynchronous borders."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from domain.elements import (
    BoundaryEvent,
    CatchEvent,
    Element,
    ExpressionTask,
    NoneStartEvent,
    ProcessDefinition,
    ReceiveTask,
    SequenceFlow,
    SignalThrowEvent,
    TriggeredStartEvent,
)
from domain.expressions import Expression
from domain.parsing import ModelRefused, parse_model
from domain.triggers import MessageTrigger, SignalTrigger, TimerTrigger, VariablePassed
from tests.unit.domain.models import (
    Xml,
    boundary,
    catches,
    extensions,
    external,
    model,
    node,
    on_message,
    on_signal,
    on_time,
    process,
    receives,
    starts,
    throws_signal,
)


def expression(text: str) -> Expression:
    return Expression.parse(text)


MESSAGE, SIGNAL = MessageTrigger(expression("m")), SignalTrigger(expression("s"))
OUT = (SequenceFlow("x-end", "x", "end"),)
BESIDE: dict[str, Any] = {"outgoing": OUT, "incoming": 1}
"""The flows of an element in the middle."""


def read(flows: str, *nodes: Xml, declared: tuple[Xml, ...] = (), **attributes: str | None) -> ProcessDefinition:
    (found,) = parse_model("p.bpmn", model(*declared, process(flows, *nodes, inner=None, key="p", **attributes)))
    return found


def element(*nodes: Xml, flows: str = "start > x > end") -> Element:
    return read(flows, *nodes).elements["x"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (receives("x", "m"), ReceiveTask(id="x", activity_type="receiveTask", trigger=MESSAGE, **BESIDE)),
        (receives("x"), ReceiveTask(id="x", activity_type="receiveTask", **BESIDE)),
        (catches("x", on_message("m")), CatchEvent(id="x", activity_type="intermediateMessageCatch", trigger=MESSAGE, **BESIDE)),
        (catches("x", on_signal("s")), CatchEvent(id="x", activity_type="intermediateSignalCatch", trigger=SIGNAL, **BESIDE)),
        (
            catches("x", on_time(" PT1M ")),
            CatchEvent(id="x", activity_type="intermediateTimer", trigger=TimerTrigger("DURATION", expression("PT1M")), **BESIDE),
        ),
        (
            catches("x", on_time("${when}", "timeDate")),
            CatchEvent(id="x", activity_type="intermediateTimer", trigger=TimerTrigger("DATE", expression("${when}")), **BESIDE),
        ),
        (
            throws_signal("x", "s"),
            SignalThrowEvent(id="x", activity_type="intermediateSignalThrow", signal=expression("s"), **BESIDE),
        ),
        (
            node("serviceTask", "x", camunda_expression="${1}", camunda_resultVariable="r"),
            ExpressionTask(id="x", activity_type="serviceTask", expression=expression("${1}"), result_variable="r", **BESIDE),
        ),
    ],
    ids=lambda part: part.text if isinstance(part, Xml) else "",
)
def test_an_element_is_read(given: Xml, expected: Element) -> None:
    assert element(given) == expected


@pytest.mark.parametrize(
    ("trigger", "interrupting", "kind", "read_as"),
    [
        (on_message("m"), True, "boundaryMessage", MESSAGE),
        (on_signal("s"), False, "boundarySignal", SIGNAL),
        (on_time("R/PT1H", "timeCycle"), False, "boundaryTimer", TimerTrigger("CYCLE", expression("R/PT1H"))),
    ],
)
def test_a_boundary_event_is_read_and_its_activity_knows_it(trigger: Xml, interrupting: bool, kind: str, read_as: Any) -> None:
    found = read("start > a > end; x > end", external("a"), boundary("x", "a", trigger, interrupting)).elements

    assert found["a"].boundary_events == ("x",)
    assert found["x"] == BoundaryEvent(
        id="x", activity_type=kind, attached_to="a", trigger=read_as, interrupting=interrupting, outgoing=OUT
    )


@pytest.mark.parametrize(
    ("trigger", "kind", "read_as"),
    [
        (on_message("m"), "messageStartEvent", MESSAGE),
        (on_signal("s"), "signalStartEvent", SIGNAL),
        (on_time("R/PT1H", "timeCycle"), "startTimerEvent", TimerTrigger("CYCLE", expression("R/PT1H"))),
    ],
)
def test_a_start_event_is_read(trigger: Xml, kind: str, read_as: Any) -> None:
    found = read("x > end", starts("x", trigger))

    assert (found.start, found.elements["x"]) == ("x", TriggeredStartEvent(id="x", activity_type=kind, trigger=read_as, outgoing=OUT))


@pytest.mark.parametrize(
    ("nodes", "first"),
    [
        ((starts("m", on_message("m")), node("startEvent", "n")), "n"),
        ((starts("m", on_message("m")), starts("t", on_time())), "t"),
        ((starts("m", on_message("m")), starts("n", on_signal("s"))), None),
    ],
)
def test_of_several_start_events_one_is_the_first(nodes: tuple[Xml, ...], first: str | None) -> None:
    flows = "; ".join(f"{one.id} > end" for one in nodes)

    assert read(flows, *nodes).start == first


def test_a_start_event_names_the_variable_of_the_initiator() -> None:
    assert read("start > end", node("startEvent", "start", camunda_initiator="who")).initiator == "who"


@pytest.mark.parametrize(
    ("inside", "passed", "key"),
    [
        (node("camunda:in", None, source="a", target="b"), VariablePassed("b", "a"), None),
        (node("camunda:in", None, sourceExpression="${1}", target="b"), VariablePassed("b", None, expression("${1}")), None),
        (node("camunda:in", None, variables="all", local="true"), VariablePassed(local=True), None),
        (node("camunda:in", None, businessKey="${k}"), None, expression("${k}")),
    ],
)
def test_a_thrown_signal_says_what_it_passes_on(inside: Xml, passed: VariablePassed | None, key: Expression | None) -> None:
    found = element(throws_signal("x", "s", extensions(inside)))

    assert isinstance(found, SignalThrowEvent)
    assert (found.variables, found.business_key) == (() if passed is None else (passed,), key)


@pytest.mark.parametrize("tag", ["userTask", "task", "receiveTask", "exclusiveGateway", "parallelGateway", "startEvent", "endEvent"])
@pytest.mark.parametrize(
    ("attributes", "before", "after"),
    [
        ({}, False, False),
        ({"camunda_asyncBefore": "true"}, True, False),
        ({"camunda_async": "true"}, True, False),
        ({"camunda_asyncAfter": "true"}, False, True),
        ({"camunda_asyncBefore": "true", "camunda_asyncAfter": "true", "camunda_exclusive": "false"}, True, True),
        ({"camunda_asyncBefore": "false", "camunda_asyncAfter": "no"}, False, False),
    ],
)
def test_every_element_can_be_asynchronous(tag: str, attributes: dict[str, str], before: bool, after: bool) -> None:
    flows = {"startEvent": "x > end", "endEvent": "start > x"}.get(tag, "start > x > end")

    found = element(node(tag, "x", **attributes), flows=flows)

    assert (found.async_before, found.async_after) == (before, after)


def test_jobs_have_priorities_and_retries() -> None:
    cycle = extensions(node("camunda:failedJobRetryTimeCycle", None, "R3/PT1M"))

    found = read("start > x > end", external("x", cycle, camunda_asyncBefore="true", camunda_jobPriority="${n}"), camunda_jobPriority="5")

    x = found.elements["x"]
    assert (x.retry_cycle, x.job_priority, found.job_priority) == (expression("R3/PT1M"), expression("${n}"), expression("5"))
    assert replace(x, retry_cycle=None) != x


def test_an_event_without_trigger_in_a_sub_process_is_a_plain_start() -> None:
    found = read("start > x", node("subProcess", "x", node("startEvent", "s"))).elements["s"]

    assert found == NoneStartEvent(id="s", activity_type="startEvent", scope="x")


@pytest.mark.parametrize(
    ("nodes", "flows", "message"),
    [
        (
            (catches("x", node("timerEventDefinition")),),
            "start > x > end",
            "Timer needs configuration (either timeDate, timeCycle or timeDuration is needed).",
        ),
        (
            (external("a"), boundary("x", "a", on_message("m")), boundary("y", "a", on_message("m"))),
            "start > a > end; x > end; y > end",
            "Cannot have more than one message event subscription with name 'm' for scope 'a'",
        ),
        (
            (starts("x", on_time()), node("startEvent", "y")),
            "x > end; y > end",
            "multiple none start events or timer start events not supported on process definition",
        ),
    ],
)
def test_what_camunda_refuses_is_refused_in_its_words(nodes: tuple[Xml, ...], flows: str, message: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        read(flows, *nodes)

    assert [found.message for found in refused.value.errors] == [message]


def test_the_name_of_a_start_message_is_no_expression() -> None:
    with pytest.raises(ModelRefused) as refused:
        read("x > end", starts("x", on_message("m")), declared=(node("message", "message-m", name="${n}"),))

    why = "expressions in the message start event name are not allowed!"
    assert [found.message for found in refused.value.errors] == [
        f"Invalid message name '${{n}}' for element 'messageEventDefinition': {why}"
    ]
