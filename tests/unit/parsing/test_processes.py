"""What is read of a process itself, and which processes, names and things around it count (BPMN page §2)."""

from __future__ import annotations

import pytest

from domain.elements import (
    ExternalTask,
    NoneEndEvent,
    NoneStartEvent,
    ProcessDefinition,
    SequenceFlow,
)
from domain.expressions import Expression
from domain.parsing import is_model_name, parse_model
from tests.unit.domain.models import (
    Xml,
    model,
    node,
    process,
)


def read(*content: Xml) -> ProcessDefinition:
    (found,) = parse_model("p.bpmn", model(*content))
    return found


def test_a_process_with_everything() -> None:
    attributes = {
        "name": "Order",
        "camunda_versionTag": "v2",
        "camunda_historyTimeToLive": "P180D",
        "camunda_isStartableInTasklist": "false",
        "camunda_taskPriority": "${n}",
        "camunda_jobPriority": "${m}",
    }
    described = process("start > end", key="order", inner=node("documentation", None, "sells"), **attributes)

    flow = SequenceFlow("start-end", "start", "end")
    assert read(described) == ProcessDefinition(
        key="order",
        start="start",
        elements={
            "start": NoneStartEvent(id="start", activity_type="startEvent", outgoing=(flow,)),
            "end": NoneEndEvent(id="end", activity_type="noneEndEvent", incoming=1),
        },
        flows={"start-end": flow},
        name="Order",
        category="tests",
        description="sells",
        version_tag="v2",
        history_time_to_live=180,
        startable_in_tasklist=False,
        task_priority=Expression.parse("${n}"),
        job_priority=Expression.parse("${m}"),
        resource="p.bpmn",
    )


def test_a_process_that_says_nothing() -> None:
    found = read(process("start > end"))

    told = (found.name, found.description, found.version_tag, found.history_time_to_live, found.startable_in_tasklist, found.task_priority)
    given_at_deployment = (found.id, found.version, found.deployment_id, found.tenant_id)
    assert told == (None, None, None, None, True, None)
    assert given_at_deployment == ("", 0, "", None)


def test_a_process_knows_the_variable_that_tells_who_started_it() -> None:
    found = read(process("start > end", node("startEvent", "start", camunda_initiator="who")))

    assert found.initiator == "who"


def test_only_executable_processes_are_read_and_in_document_order() -> None:
    processes = [
        process("start > end", key="b"),
        process("startX > endX", key="a", isExecutable="false"),
        process("start2 > end2", key="c"),
    ]

    assert [found.key for found in parse_model("p.bpmn", model(*processes))] == ["b", "c"]


def test_a_file_without_a_process_is_no_mistake() -> None:
    assert parse_model("p.bpmn", model()) == ()


def test_flows_without_id_are_named_by_their_ends() -> None:
    flows = [
        node("sequenceFlow", None, sourceRef="start", targetRef="x"),
        *(node("sequenceFlow", None, sourceRef="x", targetRef="end"),) * 2,
    ]

    found = read(process("", node("startEvent", "start"), node("task", "x"), node("endEvent", "end"), *flows))

    assert list(found.flows) == ["start->x#1", "x->end#1", "x->end#2"]
    assert found.elements["end"].incoming == 2


def test_a_model_may_use_any_prefixes_and_the_old_extension_namespace() -> None:
    text = """<?xml version="1.0"?>
        <b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:old="http://activiti.org/bpmn" targetNamespace="t">
          <b:process id="p" isExecutable="true">
            <b:startEvent id="start"/><b:sequenceFlow id="f" sourceRef="start" targetRef="x"/>
            <b:serviceTask id="x" old:type="external" old:topic="t"/>
          </b:process>
        </b:definitions>"""

    (found,) = parse_model("p.bpmn", text.encode())

    assert found.elements["x"] == ExternalTask(id="x", activity_type="serviceTask", incoming=1, topic=Expression.parse("t"))


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ([node("ioSpecification", "io")], []),
        ([node("laneSet", "l", node("lane", "l1", node("flowNodeRef", None, "start")))], []),
        ([], [node("dataObject", "d"), node("dataStoreReference", "s")]),
        ([], [node("textAnnotation", "t", node("text", None, "note")), node("association", "as", sourceRef="start", targetRef="t")]),
    ],
)
def test_what_changes_nothing_about_the_course_is_passed_over(before: list[Xml], behind: list[Xml]) -> None:
    found = read(node("process", "p", *before, *BODY, *behind, isExecutable="true"))

    assert list(found.elements) == ["start", "end"]


BODY = [node("startEvent", "start"), node("endEvent", "end"), node("sequenceFlow", "f", sourceRef="start", targetRef="end")]


@pytest.mark.parametrize(
    ("name", "is_model"), [("a.bpmn", True), ("a.bpmn20.xml", True), (".bpmn", True), ("a.xml", False), ("a.BPMN", False)]
)
def test_a_model_is_known_by_the_name_of_its_file(name: str, is_model: bool) -> None:
    assert is_model_name(name) == is_model
