"""What is read of a model that gesta runs: every kind of element as a value."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.elements import (
    BoundaryEvent,
    CatchEvent,
    Element,
    ErrorBoundaryEvent,
    ErrorEndEvent,
    ExclusiveGateway,
    ExpressionTask,
    ExternalTask,
    NoneEndEvent,
    NoneStartEvent,
    ParallelGateway,
    Parameter,
    PassThroughTask,
    ProcessDefinition,
    ReceiveTask,
    SequenceFlow,
    SignalThrowEvent,
    SubProcess,
    TerminateEndEvent,
    TriggeredStartEvent,
    UserTask,
    VariableMapping,
)
from domain.expressions import Expression
from domain.parsing import parse_model
from domain.triggers import MessageTrigger, SignalTrigger, TimerTrigger, Trigger, VariablePassed
from tests.unit.domain.models import (
    Xml,
    extensions,
    external,
    mapping,
    model,
    node,
    process,
    sub_process,
    terminates,
    throws_error,
)


def read(*content: Xml) -> ProcessDefinition:
    (found,) = parse_model("p.bpmn", model(*content))
    return found


def element(*nodes: Xml, flows: str = "start > x", declared: tuple[Xml, ...] = ()) -> Element:
    """What is read of the element `x`."""
    return read(*declared, process(flows, *nodes)).elements["x"]


def expression(text: str) -> Expression:
    return Expression.parse(text)


def message(**attributes: str) -> Xml:
    return node("messageEventDefinition", None, **attributes)


IMPLEMENTED = {"camunda_type": "external", "camunda_topic": "t"}
ERROR = node("error", "error-E", errorCode="E", camunda_errorMessage="${n} left")


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (node("task", "x", name="X"), PassThroughTask(id="x", activity_type="task", name="X")),
        (node("manualTask", "x"), PassThroughTask(id="x", activity_type="manualTask")),
        (node("intermediateThrowEvent", "x"), PassThroughTask(id="x", activity_type="intermediateNoneThrowEvent")),
        (node("intermediateThrowEvent", "x", message()), PassThroughTask(id="x", activity_type="intermediateNoneThrowEvent")),
        (node("endEvent", "x"), NoneEndEvent(id="x", activity_type="noneEndEvent")),
        (node("endEvent", "x", message()), NoneEndEvent(id="x", activity_type="endEvent")),
        (terminates("x"), TerminateEndEvent(id="x", activity_type="terminateEndEvent")),
        (throws_error("x", "E"), ErrorEndEvent(id="x", activity_type="errorEndEvent", error_code="E")),
        (external("x"), ExternalTask(id="x", activity_type="serviceTask", topic=expression("x"))),
        (external("x", tag="sendTask"), ExternalTask(id="x", activity_type="sendTask", topic=expression("x"))),
        (external("x", tag="businessRuleTask"), ExternalTask(id="x", activity_type="businessRuleTask", topic=expression("x"))),
        (
            node("intermediateThrowEvent", "x", message(**IMPLEMENTED)),
            ExternalTask(id="x", activity_type="intermediateMessageThrowEvent", topic=expression("t")),
        ),
        (node("endEvent", "x", message(**IMPLEMENTED)), ExternalTask(id="x", activity_type="messageEndEvent", topic=expression("t"))),
        (node("userTask", "x"), UserTask(id="x", activity_type="userTask")),
        (node("receiveTask", "x"), ReceiveTask(id="x", activity_type="receiveTask")),
        (node("parallelGateway", "x"), ParallelGateway(id="x", activity_type="parallelGateway")),
        (sub_process("x", "start2 > end2"), SubProcess(id="x", activity_type="subProcess", start="start2")),
    ],
    ids=lambda part: part.text if isinstance(part, Xml) else "",
)
def test_an_element_is_read_as_its_kind(read: Xml, expected: Element) -> None:
    assert element(read) == replace(expected, incoming=1)


def test_a_start_event() -> None:
    flow = SequenceFlow("x-end", "x", "end")

    assert element(node("startEvent", "x"), flows="x > end") == NoneStartEvent(id="x", activity_type="startEvent", outgoing=(flow,))


def test_an_exclusive_gateway_with_its_flows_in_document_order() -> None:
    gateway = node("exclusiveGateway", "x", default="x-end1")

    found = element(gateway, flows="start > x; x > end2 ? ${n > 1}; x > end1; x > end3 ?  #{n == 0} ")

    assert found == ExclusiveGateway(
        id="x",
        activity_type="exclusiveGateway",
        incoming=1,
        default_flow="x-end1",
        outgoing=(
            SequenceFlow("x-end2", "x", "end2", expression("${n > 1}")),
            SequenceFlow("x-end1", "x", "end1"),
            SequenceFlow("x-end3", "x", "end3", expression("#{n == 0}")),
        ),
    )


def test_a_sub_process_holds_its_content_apart() -> None:
    inner = sub_process("inner", "start3 > c", inner=extensions(mapping(outputs={"o": "1"})))

    found = read(process("start > x > end", sub_process("x", "start2 > inner > end2", inner))).elements

    assert {id: one.scope for id, one in found.items()} == {
        "x": None,
        "inner": "x",
        "start3": "inner",
        "c": "inner",
        "start2": "x",
        "end2": "x",
        "start": None,
        "end": None,
    }
    assert found["inner"] == SubProcess(
        id="inner",
        activity_type="subProcess",
        scope="x",
        incoming=1,
        outgoing=(SequenceFlow("inner-end2", "inner", "end2"),),
        mapping=VariableMapping((), (Parameter("o", expression("1")),)),
        start="start3",
    )


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (node("errorEventDefinition", None, errorRef="error-E"), {"error_code": "E"}),
        (node("errorEventDefinition", None, errorRef="E"), {"error_code": "E"}),
        (node("errorEventDefinition", None, errorRef="nameless"), {"error_code": None}),
        (node("errorEventDefinition", None), {"error_code": None}),
        (
            node("errorEventDefinition", None, camunda_errorCodeVariable="c", camunda_errorMessageVariable="m"),
            {"code_variable": "c", "message_variable": "m"},
        ),
    ],
)
def test_an_error_boundary_event(definition: Xml, expected: dict[str, str | None]) -> None:
    event = node("boundaryEvent", "x", definition, attachedToRef="a", name="Oh")

    found = element(event, flows="start > a; x > end", declared=(ERROR, node("error", "nameless")))

    flow = SequenceFlow("x-end", "x", "end")
    plain = ErrorBoundaryEvent(id="x", activity_type="boundaryError", name="Oh", attached_to="a", outgoing=(flow,))
    assert found == replace(plain, **expected)


def test_an_error_end_event_has_code_and_message_of_its_error() -> None:
    assert element(throws_error("x", "E"), declared=(ERROR,)) == ErrorEndEvent(
        id="x", activity_type="errorEndEvent", incoming=1, error_code="E", error_message=expression("${n} left")
    )


def test_an_error_end_event_may_name_its_code_itself() -> None:
    event = node("endEvent", "x", node("errorEventDefinition", None, errorRef="undeclared"))

    assert element(event) == ErrorEndEvent(id="x", activity_type="errorEndEvent", incoming=1, error_code="undeclared")


DECLARED = (node("message", "m", name="paid-${n}"), node("message", "placed", name="placed"), node("signal", "s", name="alarm"))
MESSAGE, PLACED, SIGNAL = message(messageRef="m"), message(messageRef="placed"), node("signalEventDefinition", None, signalRef="s")


def timer(tag: str, text: str) -> Xml:
    return node("timerEventDefinition", None, node(tag, None, text, xsi_type="tFormalExpression"))


TRIGGERS: list[tuple[Xml, str, Trigger]] = [
    (MESSAGE, "Message", MessageTrigger(expression("paid-${n}"))),
    (SIGNAL, "Signal", SignalTrigger(expression("alarm"))),
    (timer("timeDate", "${due}"), "Timer", TimerTrigger("DATE", expression("${due}"))),
    (timer("timeDuration", " PT1H "), "Timer", TimerTrigger("DURATION", expression("PT1H"))),
    (timer("timeCycle", "R3/PT1H"), "Timer", TimerTrigger("CYCLE", expression("R3/PT1H"))),
]


@pytest.mark.parametrize(("definition", "kind", "trigger"), TRIGGERS)
def test_a_catching_event(definition: Xml, kind: str, trigger: Trigger) -> None:
    found = element(node("intermediateCatchEvent", "x", definition), declared=DECLARED)

    catching = "Timer" if kind == "Timer" else f"{kind}Catch"
    assert found == CatchEvent(id="x", activity_type=f"intermediate{catching}", incoming=1, trigger=trigger)


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize(("definition", "kind", "trigger"), TRIGGERS)
def test_a_boundary_event(definition: Xml, kind: str, trigger: Trigger, interrupting: bool) -> None:
    event = node("boundaryEvent", "x", definition, attachedToRef="a", cancelActivity=str(interrupting).lower())

    found = read(*DECLARED, process("start > a; x > end", event)).elements

    flow = SequenceFlow("x-end", "x", "end")
    assert found["a"].boundary_events == ("x",)
    assert found["x"] == BoundaryEvent(
        id="x", activity_type=f"boundary{kind}", attached_to="a", trigger=trigger, interrupting=interrupting, outgoing=(flow,)
    )


@pytest.mark.parametrize(
    ("definition", "kind", "trigger"),
    [
        (PLACED, "messageStartEvent", MessageTrigger(expression("placed"))),
        (SIGNAL, "signalStartEvent", SignalTrigger(expression("alarm"))),
        (timer("timeCycle", "0 0 * * * ?"), "startTimerEvent", TimerTrigger("CYCLE", expression("0 0 * * * ?"))),
    ],
)
def test_a_start_event_that_something_sets_off(definition: Xml, kind: str, trigger: Trigger) -> None:
    found = element(node("startEvent", "x", definition), flows="x > end", declared=DECLARED)

    flow = SequenceFlow("x-end", "x", "end")
    assert found == TriggeredStartEvent(id="x", activity_type=kind, trigger=trigger, outgoing=(flow,))


def test_a_process_starts_by_itself_with_its_only_or_its_plain_start_event() -> None:
    placed = node("startEvent", "placed1", PLACED)
    alarmed = node("startEvent", "alarmed", SIGNAL)

    one = read(*DECLARED, process("placed1 > end", placed))
    two = read(*DECLARED, process("placed1 > end; alarmed > end", placed, alarmed))
    three = read(*DECLARED, process("placed1 > end; start > end", placed, key="p"))

    assert (one.start, two.start, three.start) == ("placed1", None, "start")


def test_a_receive_task_with_a_message() -> None:
    found = element(node("receiveTask", "x", messageRef="m"), declared=DECLARED)

    assert found == ReceiveTask(id="x", activity_type="receiveTask", incoming=1, trigger=MessageTrigger(expression("paid-${n}")))


@pytest.mark.parametrize(("tag", "kind"), [("endEvent", "signalEndEvent"), ("intermediateThrowEvent", "intermediateSignalThrow")])
def test_an_event_that_throws_a_signal(tag: str, kind: str) -> None:
    passed = extensions(
        node("camunda:in", None, source="n", target="m"),
        node("camunda:in", None, sourceExpression="${n + 1}", target="k"),
        node("camunda:in", None, variables="all", local="true"),
        node("camunda:in", None, businessKey="${n}"),
    )

    found = element(node(tag, "x", node("signalEventDefinition", None, passed, signalRef="s")), declared=DECLARED)

    assert found == SignalThrowEvent(
        id="x",
        activity_type=kind,
        incoming=1,
        signal=expression("alarm"),
        variables=(VariablePassed("m", "n"), VariablePassed("k", None, expression("${n + 1}")), VariablePassed(local=True)),
        business_key=expression("${n}"),
    )


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
def test_a_task_whose_work_is_an_expression(tag: str) -> None:
    found = element(node(tag, "x", camunda_expression="${n + 1}", camunda_resultVariable="m"))

    assert found == ExpressionTask(id="x", activity_type=tag, incoming=1, expression=expression("${n + 1}"), result_variable="m")


@pytest.mark.parametrize(
    ("attributes", "before", "after"),
    [
        ({"camunda_asyncBefore": "true"}, True, False),
        ({"camunda_async": "true"}, True, False),
        ({"camunda_asyncAfter": "true"}, False, True),
        ({"camunda_asyncBefore": "false"}, False, False),
    ],
)
def test_asynchronous_continuations(attributes: dict[str, str], before: bool, after: bool) -> None:
    retried = extensions(node("camunda:failedJobRetryTimeCycle", None, "R5/PT5M"))

    found = element(node("task", "x", retried, camunda_jobPriority="7", **attributes))

    assert (found.async_before, found.async_after) == (before, after)
    assert (found.job_priority, found.retry_cycle) == (expression("7"), expression("R5/PT5M"))
