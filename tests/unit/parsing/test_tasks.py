"""What is read of external tasks and user tasks that say everything they can (BPMN page §3, §6)."""

from __future__ import annotations

from domain.elements import (
    Element,
    ErrorDefinition,
    ExternalTask,
    Parameter,
    ProcessDefinition,
    UserTask,
    VariableMapping,
)
from domain.expressions import Expression
from domain.parsing import parse_model
from tests.unit.domain.models import (
    Xml,
    catches_error,
    error_definition,
    extensions,
    external,
    mapping,
    model,
    node,
    process,
)

IMPLEMENTED = {"camunda_type": "external", "camunda_topic": "t"}
ERROR = node("error", "error-E", errorCode="E", camunda_errorMessage="${n} left")


def read(*content: Xml) -> ProcessDefinition:
    (found,) = parse_model("p.bpmn", model(*content))
    return found


def element(*nodes: Xml, flows: str = "start > x", declared: tuple[Xml, ...] = ()) -> Element:
    """What is read of the element `x`."""
    return read(*declared, process(flows, *nodes)).elements["x"]


def expression(text: str) -> Expression:
    return Expression.parse(text)


def test_an_external_task_with_everything() -> None:
    properties = node("camunda:properties", None, *(node("camunda:property", None, name=name, value=value) for name, value in PROPERTIES))
    content = extensions(
        error_definition("E", "${a}"), error_definition("undeclared", "${b}"), properties, mapping({"i": "1"}, {"o": "${i}"})
    )
    task = external("x", content, name="X", camunda_topic="${t}", camunda_taskPriority="${n}")

    found = element(task, catches_error("first", "x"), catches_error("second", "x", "E"), declared=(ERROR,))

    assert found == ExternalTask(
        id="x",
        activity_type="serviceTask",
        name="X",
        incoming=1,
        topic=expression("${t}"),
        priority=expression("${n}"),
        error_definitions=(
            ErrorDefinition("E", expression("${a}")),
            ErrorDefinition("undeclared", expression("${b}")),
        ),
        mapping=VariableMapping((Parameter("i", expression("1")),), (Parameter("o", expression("${i}")),)),
        boundary_events=("first", "second"),
        properties={"a": "2", "b": None},
    )


PROPERTIES = [("a", "1"), ("b", None), ("a", "2")]


def test_an_error_definition_without_reference_is_passed_over() -> None:
    task = external("x", extensions(node("camunda:errorEventDefinition", None, expression="${true}")))

    assert element(task) == ExternalTask(id="x", activity_type="serviceTask", incoming=1, topic=expression("x"))


def test_the_definitions_of_a_message_event_stand_inside_it() -> None:
    inside = node("messageEventDefinition", None, extensions(error_definition("E", "${a}")), camunda_taskPriority="5", **IMPLEMENTED)
    event = node("endEvent", "x", extensions(mapping({"i": "1"})), inside)

    found = element(event)

    assert found == ExternalTask(
        id="x",
        activity_type="messageEndEvent",
        incoming=1,
        topic=expression("t"),
        priority=expression("5"),
        error_definitions=(ErrorDefinition("E", expression("${a}")),),
        mapping=VariableMapping((Parameter("i", expression("1")),)),
    )


def test_a_user_task_with_everything() -> None:
    owner = node("formalExpression", None, "user(ann), group(g1), g2, ${m['a, b']}")
    task = node(
        "userTask",
        "x",
        node("documentation", None, " Look "),
        node("documentation", None, "twice"),
        node("humanPerformer", None, node("resourceAssignmentExpression", None, node("formalExpression", None, "${who}"))),
        node("potentialOwner", None, node("resourceAssignmentExpression", None, owner)),
        name="Task ${n}",
        camunda_candidateUsers="bob,${c}",
        camunda_candidateGroups="g3",
        camunda_dueDate="${due}",
        camunda_followUpDate="2030-01-01T00:00:00",
        camunda_priority="7",
        camunda_formKey="form",
    )

    assert element(task) == UserTask(
        id="x",
        activity_type="userTask",
        name="Task ${n}",
        incoming=1,
        task_name=expression("Task ${n}"),
        description=expression("Look\n\ntwice"),
        assignee=expression("${who}"),
        due_date=expression("${due}"),
        follow_up_date=expression("2030-01-01T00:00:00"),
        priority=expression("7"),
        form_key=expression("form"),
        candidate_users=(expression("ann"), expression("bob"), expression("${c}")),
        candidate_groups=(expression("g1"), expression("g2"), expression("${m['a, b']}"), expression("g3")),
    )
