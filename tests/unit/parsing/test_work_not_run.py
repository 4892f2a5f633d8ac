"""Work, scripts, listeners and forms that gesta does not run are refused with element, position and reason: nothing is ever ignored."""

from __future__ import annotations

import pytest

from domain.parsing import ModelRefused, parse_model
from tests.unit.domain.models import Xml, extensions, external, model, node, process, scope
from tests.unit.parsing.not_run import NEVER, NOT_YET, case, listener, one, problem, problems_of, script

ERROR = node("errorEventDefinition", None, errorRef="error")


def condition(text: str = "${true}", **attributes: str) -> Xml:
    return node("conditionExpression", None, text, xsi_type="tFormalExpression", **attributes)


def implemented(tag: str = "serviceTask", **attributes: str) -> Xml:
    return node(tag, "x", **{f"camunda_{name}": value for name, value in attributes.items()})


def field(name: str) -> Xml:
    return node("camunda:field", None, name=name, stringValue="v")


CASES = [
    # Work that is not done by workers.
    one("script task", node("scriptTask", "x", script(), scriptFormat="javascript"), "scriptTask 'x'", NEVER.format("scripts")),
    *(
        one(f"{tag} {attribute}", implemented(tag, **{attribute: value}), f"{tag} 'x'", reason)
        for tag in ("serviceTask", "sendTask", "businessRuleTask")
        for attribute, value, reason in (
            ("class", "com.x.Y", NEVER.format("Java classes (camunda:class)")),
            ("delegateExpression", "${bean}", NEVER.format("Java delegates (camunda:delegateExpression)")),
        )
    ),
    *(
        one(
            f"{tag} with a class",
            node(tag, "x", node("messageEventDefinition", None, camunda_class="com.x.Y")),
            "messageEventDefinition 'x'",
            NEVER.format("Java classes (camunda:class)"),
        )
        for tag in ("endEvent", "intermediateThrowEvent")
    ),
    one(
        "mail task",
        node("serviceTask", "x", extensions(field("to"), field("text")), camunda_type="mail"),
        "serviceTask 'x'",
        NEVER.format("mail tasks"),
    ),
    one(
        "shell task",
        node("serviceTask", "x", extensions(field("command")), camunda_type="shell"),
        "serviceTask 'x'",
        NEVER.format("shell tasks"),
    ),
    one("connector", external("x", extensions(node("camunda:connector"))), "serviceTask 'x'", NEVER.format("connectors")),
    one(
        "decision",
        implemented("businessRuleTask", decisionRef="d"),
        "businessRuleTask 'x'",
        NEVER.format("decisions (camunda:decisionRef)"),
    ),
    # Scripts and listeners around work.
    case(
        "condition in a script",
        [
            *scope("start > y", node("task", "y")),
            node("endEvent", "end"),
            node("sequenceFlow", "f", condition("1", language="javascript"), sourceRef="y", targetRef="end"),
        ],
        "conditionExpression 'f': " + NEVER.format("conditions in a script language"),
    ),
    *(
        one(
            f"script as {kind}",
            external("x", extensions(node("camunda:inputOutput", None, node(f"camunda:{kind}", None, script("camunda:script"), name="n")))),
            "script 'x'",
            NEVER.format("scripts"),
        )
        for kind in ("inputParameter", "outputParameter")
    ),
    *(
        one(f"execution listener of {tag}", element, "executionListener 'x'", NOT_YET.format("execution listeners"), flows)
        for tag, element, flows in (
            ("serviceTask", external("x", listener()), "start > x"),
            ("task", node("task", "x", listener("end")), "start > x"),
            ("userTask", node("userTask", "x", listener()), "start > x"),
            ("startEvent", node("startEvent", "x", listener()), "x > end"),
            ("endEvent", node("endEvent", "x", listener()), "start > x"),
            ("exclusiveGateway", node("exclusiveGateway", "x", listener()), "start > x > end"),
            ("intermediateThrowEvent", node("intermediateThrowEvent", "x", listener()), "start > x"),
            (
                "subProcess",
                node("subProcess", "x", listener(), *scope("s > e", node("startEvent", "s"), node("endEvent", "e"))),
                "start > x",
            ),
            ("boundaryEvent", node("boundaryEvent", "x", listener(), ERROR, attachedToRef="a"), "start > a"),
        )
    ),
    case(
        "listener of a flow",
        [
            *(node(tag, id) for tag, id in (("startEvent", "start"), ("endEvent", "end"))),
            node("sequenceFlow", "f", listener("take"), sourceRef="start", targetRef="end"),
        ],
        "executionListener 'f': " + NOT_YET.format("execution listeners"),
    ),
    case(
        "listener of the process",
        [listener(), *scope("start > end")],
        "executionListener 'p': " + NOT_YET.format("execution listeners"),
    ),
    one("task listener", node("userTask", "x", listener("create", "taskListener")), "taskListener 'x'", NOT_YET.format("task listeners")),
    *(
        one(
            f"{form} as {kind}",
            node("userTask", "x", listener("create" if kind == "taskListener" else "start", kind, **{form: "com.x.Y"})),
            f"{kind} 'x'",
            NEVER.format(f"{what} in Java or a script language"),
        )
        for kind, what in (("executionListener", "execution listeners"), ("taskListener", "task listeners"))
        for form in ("class", "delegateExpression")
    ),
    one(
        "script as listener",
        node("task", "x", extensions(node("camunda:executionListener", None, script("camunda:script"), event="end"))),
        "executionListener 'x'",
        NEVER.format("execution listeners in Java or a script language"),
    ),
    # Forms.
    *(
        one(f"{what} of {tag}", element, f"{tag} 'x'", NEVER.format(reason), flows)
        for tag, flows in (("userTask", "start > x"), ("startEvent", "x > end"))
        for what, element, reason in (
            ("form data", node(tag, "x", extensions(node("camunda:formData"))), "forms (camunda:formData, camunda:formHandlerClass)"),
            ("form handler", node(tag, "x", camunda_formHandlerClass="com.x.Y"), "forms (camunda:formData, camunda:formHandlerClass)"),
            ("Camunda form", node(tag, "x", camunda_formRef="f", camunda_formRefBinding="latest"), "Camunda Forms (camunda:formRef)"),
        )
    ),
    case("node without id", [*scope("start > end"), node("task")], "task: " + NEVER.format("flow nodes without an id")),
]


@pytest.mark.parametrize(("content", "messages"), CASES)
def test_a_model_is_refused_for_what_is_not_run(content: list[Xml], messages: tuple[str, ...]) -> None:
    errors, text = problems_of(content)

    assert errors == tuple(problem(text, message) for message in messages)


def test_an_element_is_refused_for_each_of_its_reasons() -> None:
    task = node("scriptTask", "x", listener(), script(), scriptFormat="javascript", isForCompensation="true")

    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", model(process("start > end", task)))

    assert [found.message for found in refused.value.errors] == [
        "scriptTask 'x': gesta does not run compensation (isForCompensation) yet",
        "executionListener 'x': gesta does not run execution listeners yet",
        "scriptTask 'x': gesta never runs scripts",
    ]


def test_an_error_that_camunda_has_too_is_told_alone() -> None:
    task = node("serviceTask", "y", camunda_type="external")

    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", model(process("start > x > y", node("callActivity", "x", calledElement="q"), task)))

    assert [found.message for found in refused.value.errors] == ["External tasks must specify a 'topic' attribute in the camunda namespace"]


def test_what_a_process_that_is_not_executable_says_is_not_looked_at() -> None:
    assert parse_model("p.bpmn", model(process("start > x", node("callActivity", "x", calledElement="q"), isExecutable="false"))) == ()
