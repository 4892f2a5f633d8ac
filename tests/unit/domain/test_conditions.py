"""Which flows a token takes when it leaves an activity or event (BPMN page §7)."""

from __future__ import annotations

import pytest

from domain.facts import ElementActivated, ElementCompleted, ExternalTaskCompleted, SequenceFlowTaken, VariablesSet
from domain.refusals import ExecutionFailed
from domain.values import Value
from tests.unit.domain.commands import complete, start
from tests.unit.domain.given import Plain, Refused, begins, ends, given, of_instance, of_task, passes, working
from tests.unit.domain.models import definition, extensions, external, mapping, node

NOTHING_HOLDS = "ENGINE-02006 No conditional sequence flow leaving the Flow Node 'x' could be selected for continuing the process."
FORK = "start > x; x > end1 ? ${n > 1}; x > end2; x > end3 ? ${n > 2}"


@pytest.mark.parametrize(("n", "taken"), [(0, ["end2"]), (2, ["end1", "end2"]), (3, ["end1", "end2", "end3"])])
def test_every_flow_is_taken_whose_condition_holds(n: int, taken: list[str]) -> None:
    instance = given(definition(FORK, node("task", "x")))

    facts = instance.when(start(n=n))

    keys = range(12, 12 + 4 * len(taken), 4)
    flows = [SequenceFlowTaken(key, f"x-{end}", 0) for key, end in zip(keys, taken, strict=True)]
    arrivals = [fact for key, end in zip(keys, taken, strict=True) for fact in (ElementActivated(key, end, 0), ElementCompleted(key))]
    assert facts == [*begins(n=n), *passes(8, "start", "x"), *of_instance(*flows, *arrivals), *ends()]


def test_the_default_flow_is_taken_if_no_other_is() -> None:
    instance = given(definition("start > x; x > end1 ? ${n > 1}; x > end2", node("task", "x", default="x-end2")))

    facts = instance.when(start(n=1))

    assert facts == [*begins(n=1), *passes(8, "start", "x"), *passes(12, "x", "end2"), *ends()]


def test_the_default_flow_is_not_taken_beside_another() -> None:
    instance = given(definition("start > x; x > end1 ? ${n > 1}; x > end2", node("task", "x", default="x-end2")))

    facts = instance.when(start(n=2))

    assert facts == [*begins(n=2), *passes(8, "start", "x"), *passes(12, "x", "end1"), *ends()]


def test_the_condition_of_a_default_flow_is_not_asked() -> None:
    instance = given(definition("start > x; x > end1 ? ${ghost}", node("task", "x", default="x-end1")))

    facts = instance.when(start())

    assert facts == [*begins(), *passes(8, "start", "x"), *passes(12, "x", "end1"), *ends()]


def test_a_token_that_finds_no_open_flow_fails_the_command() -> None:
    instance = given(definition("start > x; x > end1 ? ${n > 1}; x > end2 ? ${n > 2}", node("task", "x")))

    refusal = instance.refusal(start(n=1))

    assert refusal == Refused(ExecutionFailed, NOTHING_HOLDS, "ProcessEngineException")


def test_a_default_that_is_no_flow_of_the_activity_counts_as_none() -> None:
    instance = given(definition("start > x; x > end1 ? ${n > 1}", node("task", "x", default="start")))

    refusal = instance.refusal(start(n=1))

    assert refusal == Refused(ExecutionFailed, NOTHING_HOLDS, "ProcessEngineException")


@pytest.mark.parametrize(
    ("condition", "value", "message"),
    [
        ("${v}", None, "condition expression returns null: result is null"),
        ("${v}", "true", "condition expression returns non-Boolean: result has class java.lang.String and not java.lang.Boolean"),
        ("true", None, "condition expression returns non-Boolean: result has class java.lang.String and not java.lang.Boolean"),
        ("${v}", 1, "condition expression returns non-Boolean: result has class java.lang.Integer and not java.lang.Boolean"),
        ("${ghost}", 1, "Unknown property used in expression: ${ghost}. Cause: Cannot resolve identifier 'ghost'"),
    ],
)
def test_a_condition_has_to_be_true_or_false(condition: str, value: Plain, message: str) -> None:
    instance = given(definition(f"start > x; x > end1 ? {condition}", node("task", "x")))

    refusal = instance.refusal(start(v=value))

    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


def test_a_failed_condition_leaves_the_task_as_it_was() -> None:
    instance = working(definition("start > a; a > end ? ${n > 1}"))
    before, records = instance.history.open_tasks, len(instance.records)

    refusal = instance.refusal(complete(8, n=1))

    assert refusal.message == NOTHING_HOLDS.replace("'x'", "'a'")
    assert (instance.history.open_tasks, len(instance.records)) == (before, records)


def test_conditions_see_the_activitys_own_variables_and_not_its_outputs() -> None:
    parameters = mapping({"n": "${1}"}, {"n": "${2}"})
    instance = working(definition("start > a; a > end1 ? ${n == 1}; a > end2 ? ${n == 2}", external("a", extensions(parameters))))

    facts = instance.when(complete(8))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w")),
        *of_instance(VariablesSet(0, {"n": Value("Long", 2)})),
        *of_instance(ElementCompleted(8)),
        *passes(12, "a", "end1"),
        *ends(),
    ]
