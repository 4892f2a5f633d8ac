"""What is read of a model that gesta runs: every kind of element as a value."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.elements import (
    Element,
    ErrorBoundaryEvent,
    ErrorEndEvent,
    ExclusiveGateway,
    ExternalTask,
    NoneEndEvent,
    NoneStartEvent,
    ParallelGateway,
    Parameter,
    PassThroughTask,
    ProcessDefinition,
    SequenceFlow,
    SubProcess,
    TerminateEndEvent,
    UserTask,
    VariableMapping,
)
from domain.expressions import Expression
from domain.parsing import parse_model
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
