"""Output parameters (BPMN page §4): computed in the activity's own scope at its end, written to the scopes around."""

from __future__ import annotations

from domain.facts import (
    ElementCompleted,
    ExternalTaskCompleted,
    VariablesSet,
)
from domain.refusals import ExecutionFailed
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
    of_task,
    passes,
    transient,
    values,
    working,
)
from tests.unit.domain.models import Xml, definition, extensions, external, mapping, node, sub_process


def a(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> Xml:
    return external("a", extensions(mapping(inputs, outputs)))


def test_outputs_are_written_to_the_scope_around_when_the_activity_ends() -> None:
    instance = working(definition("start > a > end", a(outputs={"r": "${n + 1}"})), n=1)

    facts = instance.when(complete(8, n=5))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w", values(n=5))),
        *of_instance(VariablesSet(0, values(n=5)), VariablesSet(0, {"r": long(6)}), ElementCompleted(8)),
        *passes(12, "a", "end"),
        *ends(),
    ]


def test_an_output_sees_the_outputs_before_it() -> None:
    instance = working(definition("start > a > end", a(outputs={"x": "${1}", "y": "${x + 1}"})))

    facts = instance.when(complete(8))

    assert facts[1:3] == of_instance(VariablesSet(0, {"x": long(1)}), VariablesSet(0, {"y": long(2)}))


def test_an_output_sees_the_local_variables_of_its_activity() -> None:
    instance = working(definition("start > a > end", a({"x": "given"}, {"seen": "${x} ${y} ${execution.currentActivityId}"})))

    instance.when(complete(8, local=values(y="local")))

    assert instance.variables() == values(seen="given local a")


def test_local_variables_and_inputs_vanish_with_the_activity() -> None:
    instance = working(definition("start > a > b", a({"x": "given"})))

    facts = instance.when(complete(8, local=values(y=1), x="changed"))

    assert facts[:4] == [
        *of_task(8, ExternalTaskCompleted("w", values(x="changed"), values(y=1))),
        *of_instance(VariablesSet(8, values(x="changed")), VariablesSet(8, values(y=1)), ElementCompleted(8)),
    ]
    assert not instance.state.variables


def test_an_output_is_written_where_its_variable_lives() -> None:
    content = sub_process("sub", "start2 > a > b", a(outputs={"x": "new", "y": "new"}), inner=extensions(mapping({"x": "old"})))
    instance = working(definition("start > sub", content), 16)

    facts = instance.when(complete(16))

    assert facts[1:3] == of_instance(VariablesSet(8, values(x="new")), VariablesSet(0, values(y="new")))


def test_an_output_named_like_an_input_is_written_outside() -> None:
    instance = working(definition("start > a > b", a({"x": "inner"}, {"x": "${x}!"})), x="outer")

    instance.when(complete(8))

    assert instance.variables() == values(x="inner!")


def test_elements_that_are_passed_have_outputs_too() -> None:
    instance = given(definition("start > x > a", node("task", "x", extensions(mapping({"n": "${1}"}, {"m": "${n + 1}"})))))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "x"),
        *of_instance(VariablesSet(8, {"n": long(1)}), VariablesSet(0, {"m": long(2)}), ElementCompleted(8)),
        *enters(12, "x", "a"),
        *creates(12, "a"),
    ]


def test_an_output_that_fails_leaves_the_task_as_it_was() -> None:
    instance = working(definition("start > a > end", a(outputs={"r": "${ghost}"})))
    (task,) = instance.history.open_tasks

    refusal = instance.refusal(complete(8))

    assert refusal == Refused(ExecutionFailed, GHOST, "ProcessEngineException")
    assert instance.history.open_tasks == [task]


def test_an_output_may_be_a_transient_result() -> None:
    instance = working(definition("start > a > b", a(outputs={"r": "${x}"})))

    instance.when(complete(8, x=transient(1)))

    assert instance.variables() == values(r=1)
