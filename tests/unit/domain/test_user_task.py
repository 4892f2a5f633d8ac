"""User task: waits until somebody completes it (BPMN page §6)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.facts import (
    ElementActivated,
    ElementTerminated,
    SequenceFlowTaken,
    UserTaskCancelled,
    UserTaskCreated,
)
from domain.history import OpenUserTask
from domain.refusals import ExecutionFailed
from domain.values import Value
from tests.unit.domain.commands import complete, lock, start
from tests.unit.domain.given import (
    GHOST,
    NOW,
    Plain,
    Refused,
    begins,
    enters,
    given,
    of_instance,
    passes,
    started,
)
from tests.unit.domain.models import Xml, catches_error, definition, extensions, mapping, node, sub_process, terminates

SIMPLE = definition("start > u > end", node("userTask", "u"))


JSON = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}


def created(key: int = 8, execution: int = 0, scope: int = 0) -> UserTaskCreated:
    return UserTaskCreated(key, "u", "p:1:d", execution, scope=scope)


def test_a_token_waits_while_its_user_task_is_open() -> None:
    instance = given(SIMPLE)

    facts = instance.when(start())

    assert facts == [*begins(), *enters(8, "start", "u"), *of_instance(created())]
    assert instance.history.open_user_tasks == [OpenUserTask(created(), NOW)]


def test_all_attributes_are_computed_when_the_task_is_created() -> None:
    task = node(
        "userTask",
        "u",
        node("documentation", None, "Look at ${n}"),
        name="Task ${n}",
        camunda_assignee="${who}",
        camunda_candidateUsers="ann, ${who},,bob",
        camunda_candidateGroups="g1,g2",
        camunda_dueDate="2030-01-31T10:00:00",
        camunda_followUpDate="${when}",
        camunda_priority="${n}",
        camunda_formKey="embedded:${n}",
    )
    instance = given(replace(definition("start > u", task), tenant_id="t"))

    facts = instance.when(start(n=7, who="mary", when=Value("Date", 5)))

    assert facts[-1:] == of_instance(
        UserTaskCreated(
            8,
            "u",
            "p:1:d",
            0,
            name="Task 7",
            description="Look at 7",
            assignee="mary",
            due=1_896_084_000_000,
            follow_up=5,
            priority=7,
            form_key="embedded:7",
            candidate_users=("ann", "mary", "bob"),
            candidate_groups=("g1", "g2"),
            tenant_id="t",
        )
    )


def test_attributes_that_are_null_are_not_there() -> None:
    names = ["camunda_assignee", "camunda_dueDate", "camunda_followUpDate", "camunda_priority", "camunda_formKey"]
    task = node("userTask", "u", name="${n}", **dict.fromkeys(names, "${n}"))
    instance = given(definition("start > u", task))

    facts = instance.when(start(n=None))

    assert facts[-1:] == of_instance(created())


@pytest.mark.parametrize(
    ("attribute", "text", "message"),
    [
        ("camunda_priority", "high", "Priority does not resolve to a number: high"),
        ("camunda_priority", "12345678901", "Priority does not resolve to a number: 12345678901"),
        ("camunda_priority", "1_0", "Priority does not resolve to a number: 1_0"),
        ("camunda_priority", "${true}", "Priority expression does not resolve to a number: ${true}"),
        ("camunda_dueDate", "soon", "dueDate: 'soon' is no ISO 8601 date, such as 2030-01-31T10:00:00"),
        ("camunda_dueDate", "${1}", "Due date expression does not resolve to a Date or Date string: ${1}"),
        ("camunda_followUpDate", "${1}", "Follow up date expression does not resolve to a Date or Date string: ${1}"),
        ("camunda_candidateUsers", "ann, ${null}", "Expression did not resolve to a string or collection of strings"),
        ("camunda_candidateGroups", "${1}", "Expression did not resolve to a string or collection of strings"),
        ("camunda_assignee", "${ghost}", GHOST),
        ("name", "${ghost}", GHOST),
    ],
)
def test_an_attribute_that_fails_fails_the_command(attribute: str, text: str, message: str) -> None:
    instance = given(definition("start > u", node("userTask", "u", **{attribute: text})))

    refusal = instance.refusal(start())

    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


@pytest.mark.parametrize("attribute", ["assignee", "formKey"])
@pytest.mark.parametrize(("value", "kind"), [(True, "Boolean"), (5, "Integer"), (2.0, "Double"), (Value("Date", 5), "Date")])
def test_a_text_attribute_that_gives_something_else_is_refused(attribute: str, value: Plain, kind: str) -> None:
    instance = given(definition("start > u", node("userTask", "u", **{f"camunda_{attribute}": "${n}"})))

    refusal = instance.refusal(start(n=value))

    assert refusal == Refused(ExecutionFailed, f"The {attribute} '${{n}}' gives a {kind}; it has to be a String.", "ClassCastException")


def test_a_list_of_candidates_that_are_no_texts_is_refused() -> None:
    instance = given(definition("start > u", node("userTask", "u", camunda_candidateUsers="${list}")))

    refusal = instance.refusal(start(list=Value("Object", '["ann",1]', JSON)))

    message = "The candidateUsers '${list}' gives a Integer; it has to be a String."
    assert refusal == Refused(ExecutionFailed, message, "ClassCastException")


@pytest.mark.parametrize(
    ("text", "priority"),
    [("-5", -5), ("${'+5'}", 5), ("${1.5}", 1), ("${-1.9}", -1), ("${3000000000}", -1294967296), ("${1e30}", 2147483647)],
)
def test_a_priority_is_cut_as_java_does(text: str, priority: int) -> None:
    instance = given(definition("start > u", node("userTask", "u", camunda_priority=text)))

    facts = instance.when(start())

    assert facts[-1:] == of_instance(replace(created(), priority=priority))


@pytest.mark.parametrize(
    ("text", "names"),
    [("${'ann, bob'}", ("ann", "bob")), ("x, ${'ann,bob'}", ("x", "ann", "bob")), ("${list}", ("ann", "bob, jr."))],
)
def test_one_expression_may_give_several_candidates(text: str, names: tuple[str, ...]) -> None:
    instance = given(definition("start > u", node("userTask", "u", camunda_candidateGroups=text)))

    facts = instance.when(start(list=Value("Object", '["ann","bob, jr."]', JSON)))

    assert facts[-1:] == of_instance(replace(created(), candidate_groups=names))


@pytest.mark.parametrize("text", ["2030-01-31T10:00:00", "2030-01-31T10:00:00Z", "2030-01-31T11:00:00+01:00"])
def test_a_date_is_an_instant_whatever_its_zone(text: str) -> None:
    instance = given(definition("start > u", node("userTask", "u", camunda_dueDate=text)))

    facts = instance.when(start())

    assert facts[-1:] == of_instance(replace(created(), due=1_896_084_000_000))


ON_ITS_OWN = [node("userTask", "u", extensions(mapping({"x": "1"}))), node("userTask", "u", extensions(mapping(outputs={"x": "1"})))]


@pytest.mark.parametrize("task", ON_ITS_OWN, ids=["inputs", "outputs"])
def test_a_task_with_parameters_runs_on_an_execution_of_its_own(task: Xml) -> None:
    instance = given(definition("start > u", task))

    facts = instance.when(start())

    assert facts[-1:] == of_instance(created(execution=9))


def test_a_task_with_a_boundary_event_runs_on_an_execution_of_its_own() -> None:
    instance = given(definition("start > u", node("userTask", "u"), catches_error("caught", "u")))

    facts = instance.when(start())

    assert facts[-1:] == of_instance(created(execution=9))


def test_a_task_alone_in_a_sub_process_runs_on_the_sub_processs_execution() -> None:
    instance = given(definition("start > sub", sub_process("sub", "start2 > u", node("userTask", "u"))))

    facts = instance.when(start())

    assert facts[-1:] == of_instance(created(16, execution=9, scope=8))


def test_a_task_beside_other_tokens_runs_on_the_execution_of_its_token() -> None:
    instance = given(definition("start > x; x > u; x > a", node("task", "x"), node("userTask", "u")))

    facts = instance.when(start())

    assert (0, created(12, execution=15)) in facts
    assert instance.state.scope_of_execution(15) == 0


def test_an_interrupted_user_task_is_cancelled() -> None:
    instance = started(definition("start > x; x > a > stop; x > u", node("task", "x"), node("userTask", "u"), terminates("stop")))
    instance.when(lock(12))

    facts = instance.when(complete(12))

    assert facts[4:6] == of_instance(UserTaskCancelled(16), ElementTerminated(16))
    assert instance.history.open_user_tasks == []


def test_tasks_created_one_after_the_other_are_listed_in_their_order() -> None:
    instance = given(definition("start > x; x > v; x > u", node("task", "x"), node("userTask", "u"), node("userTask", "v")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "x"),
        *of_instance(SequenceFlowTaken(12, "x-v", 0), SequenceFlowTaken(16, "x-u", 0)),
        *of_instance(ElementActivated(12, "v", 0), UserTaskCreated(12, "v", "p:1:d", 15)),
        *of_instance(ElementActivated(16, "u", 0), created(16, execution=19)),
    ]
    assert [task.task.element_id for task in instance.history.open_user_tasks] == ["v", "u"]
