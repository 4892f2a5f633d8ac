"""Errors that Camunda finds in models and that none of its recorded answers shows (BPMN page §12.2)."""

from __future__ import annotations

import pytest

from domain.parsing import ModelRefused, parse_model
from domain.refusals import ExecutionFailed
from tests.unit.domain.models import Xml, error_definition, extensions, external, model, node, process, scope
from tests.unit.parsing.not_run import DECLARED, script

CATCH_ALL = "The escalation {0} without escalation code catch all escalation events."


def escalation(code: str | None = None) -> Xml:
    return node("escalationEventDefinition", None, escalationRef=code)


def boundary(*definitions: Xml, on: str = "u") -> list[Xml]:
    """A user task with boundary events."""
    return scope(
        f"start > {on}",
        node("userTask", "u"),
        *(node("boundaryEvent", f"b{n}", one, attachedToRef=on) for n, one in enumerate(definitions)),
    )


def event_sub_processes(*definitions: Xml) -> list[Xml]:
    made = [
        node("subProcess", f"s{n}", *scope(f"s{n}_start > s{n}_end", *ends(n, one)), triggeredByEvent="true")
        for n, one in enumerate(definitions)
    ]
    return [*scope("start > end"), *made]


def ends(number: int, trigger: Xml) -> list[Xml]:
    return [node("startEvent", f"s{number}_start", trigger), node("endEvent", f"s{number}_end")]


def call(*inside: Xml, **attributes: str) -> list[Xml]:
    return scope("start > x", node("callActivity", "x", extensions(*inside), **attributes))


def passing(**attributes: str) -> list[Xml]:
    return call(node("camunda:in", None, **attributes), calledElement="q")


def listening(tag: str, kind: str, *inside: Xml, **attributes: str) -> list[Xml]:
    return scope("start > x", node(tag, "x", extensions(node(f"camunda:{kind}", None, *inside, **attributes))))


def user_task(*inside: Xml, **attributes: str) -> list[Xml]:
    return scope("start > x", node("userTask", "x", *inside, **attributes))


PERFORMER = node("humanPerformer", None, node("resourceAssignmentExpression", None, node("formalExpression", None, "ann")))
MORE_DECLARED = (node("escalation", "other", escalationCode="o"), node("escalation", "same", escalationCode="e"))

ERRORS: dict[str, tuple[list[Xml], str]] = {
    "two escalation boundary events of one code": (
        boundary(escalation("escalation"), escalation("same")),
        "multiple escalation boundary events with the same escalationCode 'e' are not supported on same scope",
    ),
    "two escalation boundary events without code": (
        boundary(escalation(), escalation()),
        "The same scope can not contains more than one escalation boundary event without escalation code."
        " An escalation boundary event without escalation code catch all escalation events.",
    ),
    "escalation boundary events with and without code": (
        boundary(escalation("escalation"), escalation()),
        "The same scope can not contains an escalation boundary event without escalation code and another one with escalation code. "
        + CATCH_ALL.format("boundary event"),
    ),
    "two escalation event sub-processes of one code": (
        event_sub_processes(escalation("escalation"), escalation("same")),
        "multiple escalation event subprocesses with the same escalationCode 'e' are not supported on same scope",
    ),
    "unknown escalation": (boundary(escalation("start")), "could not find escalation with id 'start'"),
    "escalation on a task": (
        scope("start > a", node("boundaryEvent", "b", escalation("escalation"), attachedToRef="a")),
        "An escalation boundary event should only be attached to a subprocess, a call activity or an user task",
    ),
    "two compensation boundary events": (
        boundary(node("compensateEventDefinition"), node("compensateEventDefinition")),
        "multiple boundary events with compensateEventDefinition not supported on same activity",
    ),
    "boundary event without trigger": (
        scope("start > u", node("userTask", "u"), node("boundaryEvent", "b", attachedToRef="u")),
        "Unsupported boundary event type",
    ),
    "called element and case": (
        call(calledElement="q", camunda_caseRef="c"),
        "The attributes 'calledElement' or 'caseRef' cannot be used together: Use either 'calledElement' or 'caseRef'",
    ),
    "called version missing": (
        call(calledElement="q", camunda_calledElementBinding="version"),
        "Missing attribute 'calledElementVersion' when 'calledElementBinding' has value 'version'",
    ),
    "passing nothing": (passing(target="t"), "Missing parameter 'source' or 'sourceExpression' when passing variables"),
    "passing an empty source": (passing(source="", target="t"), "Empty attribute 'source' when passing variables"),
    "passing an empty expression": (passing(sourceExpression="", target="t"), "Empty attribute 'sourceExpression' when passing variables"),
    "passing to nowhere": (passing(source="s"), "Missing attribute 'target' when attribute 'source' or 'sourceExpression' is set"),
    "passing to an empty target": (
        passing(sourceExpression="${s}", target=""),
        "Empty attribute 'target' when attribute 'source' or 'sourceExpression' is set",
    ),
    "listener without event": (listening("task", "executionListener", expression="${1}"), "Attribute 'event' is mandatory on listener"),
    "listener of another event": (
        listening("task", "executionListener", event="take", expression="${1}"),
        "Attribute 'event' must be one of {start|end}",
    ),
    "listener that does nothing": (
        listening("task", "executionListener", event="start"),
        "Element 'class', 'expression', 'delegateExpression' or 'script' is mandatory on executionListener",
    ),
    "listener with an empty class": (
        listening("task", "executionListener", event="start", **{"class": ""}),
        "Attribute 'class' cannot be empty",
    ),
    "listener with a script of no language": (
        listening("task", "executionListener", node("camunda:script", None, "1"), event="start"),
        "Missing attribute 'scriptFormat' for 'script' element",
    ),
    "task listener without event": (
        listening("userTask", "taskListener", expression="${1}"),
        "Attribute 'event' is mandatory on taskListener",
    ),
    "task listener of another event": (
        listening("userTask", "taskListener", event="start", expression="${1}"),
        "Attribute 'event' must be one of {create|assignment|complete|update|delete|timeout}",
    ),
    "two performers": (
        user_task(PERFORMER, PERFORMER, name="X"),
        "Invalid task definition: multiple humanPerformer sub elements defined for X",
    ),
    "performer and assignee": (user_task(PERFORMER, camunda_assignee="bob"), "Invalid usage: duplicate assignee declaration for task null"),
    "form key and form reference": (
        user_task(camunda_formKey="k", camunda_formRef="f", camunda_formRefBinding="latest"),
        "Invalid element definition: only one of the attributes formKey and formRef is allowed.",
    ),
    "form reference of no binding": (
        user_task(camunda_formRef="f"),
        "Invalid element definition: value for formRefBinding attribute has to be one of [deployment, latest, version] but was null",
    ),
    "mail without recipient": (
        scope("start > x", node("serviceTask", "x", extensions(node("camunda:field", None, name="text")), camunda_type="mail")),
        "No recipient is defined on the mail activity",
    ),
    "shell without command": (
        scope("start > x", node("serviceTask", "x", camunda_type="shell")),
        "No shell command is defined on the shell activity",
    ),
    "decision of no version": (
        scope("start > x", node("businessRuleTask", "x", camunda_decisionRef="d", camunda_decisionRefBinding="version")),
        "Missing attribute 'decisionRefVersion' when 'decisionRefBinding' has value 'version'",
    ),
    "result variable of a class": (
        scope("start > x", node("serviceTask", "x", camunda_resultVariable="r", **{"camunda_class": "com.x.Y"})),
        "'resultVariableName' not supported for serviceTask elements using 'class'",
    ),
    "script task without script": (
        scope("start > x", node("scriptTask", "x")),
        "Unable to process ScriptTask: No script source or resource was given",
    ),
    "catching event without trigger": (
        scope("start > x", node("intermediateCatchEvent", "x")),
        "Unsupported intermediate catch event type",
    ),
    "flow without id behind asyncAfter": (
        [
            *scope("start > x", node("task", "x", camunda_asyncAfter="true")),
            node("endEvent", "end"),
            node("sequenceFlow", None, sourceRef="x", targetRef="end"),
        ],
        "Sequence flow with sourceRef='x' must have an id, activity with id 'x' uses 'asyncAfter'.",
    ),
    "start event in the process's sub-process twice": (
        scope(
            "start > x", node("subProcess", "x", *scope("s > e; t > e", *(node("startEvent", id) for id in "st"), node("endEvent", "e")))
        ),
        "multiple start events not supported for subprocess",
    ),
    "event sub-process without trigger": (
        [
            *scope("start > end"),
            node("subProcess", "x", *scope("s > e", node("startEvent", "s"), node("endEvent", "e")), triggeredByEvent="true"),
        ],
        "start event of event subprocess must be of type 'error', 'message', 'timer', 'signal', 'compensation' or 'escalation'",
    ),
}


@pytest.mark.parametrize(("content", "message"), ERRORS.values(), ids=ERRORS)
def test_a_model_with_an_error_is_refused_in_camundas_words(content: list[Xml], message: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", model(*DECLARED, *MORE_DECLARED, node("process", "p", *content, isExecutable="true")))

    assert [error.message for error in refused.value.errors] == [message]


@pytest.mark.parametrize(
    "task",
    [
        external("x", camunda_topic="${a b}"),
        external("x", camunda_taskPriority="${a b}"),
        external("x", extensions(error_definition("E", "${a b}"))),
        node("userTask", "x", camunda_assignee="${a b}"),
        node("userTask", "x", name="${a b}"),
    ],
    ids=lambda task: task.text[:80],
)
def test_an_expression_that_cannot_be_parsed_fails_the_deployment(task: Xml) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        parse_model("p.bpmn", model(process("start > x", task)))

    reason = "Error parsing '${a b}': syntax error at position 4, encountered 'b', expected '}'."
    assert failed.value.message == f"ENGINE-01009 Error while parsing process. {reason}"


def test_a_process_without_a_key_fails_the_deployment() -> None:
    with pytest.raises(ExecutionFailed) as failed:
        parse_model("p.bpmn", model(node("process", None, *scope("start > end"), isExecutable="true")))

    assert failed.value.kind == "ProcessEnginePersistenceException"


def test_an_error_definition_without_expression_fails_the_deployment() -> None:
    task = external("x", extensions(node("camunda:errorEventDefinition", None, errorRef="E")))

    with pytest.raises(ExecutionFailed) as failed:
        parse_model("p.bpmn", model(process("start > x", task)))

    assert failed.value.message == (
        'ENGINE-01009 Error while parsing process. Cannot invoke "String.length()" because "this.input" is null.'
    )


def test_warnings_stand_beside_the_errors() -> None:
    gateway = node("exclusiveGateway", "x")

    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", model(process("start > x > y; x > end ? ${true}", gateway, node("scriptTask", "y", script()))))

    assert [warning.message for warning in refused.value.warnings] == [
        "Exclusive Gateway 'x' has outgoing sequence flow 'x-y' without condition which is not the default flow. We assume it to be"
        " the default flow, but it is bad modeling practice, better set the default flow in your gateway."
    ]
