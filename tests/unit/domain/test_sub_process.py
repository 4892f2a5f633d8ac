"""Embedded sub-process: a scope of its own that ends with its last token (BPMN page §9)."""

from __future__ import annotations

from domain.facts import ElementActivated, ElementCompleted, ExternalTaskCompleted, SequenceFlowTaken, VariablesSet
from domain.values import Value
from tests.unit.domain.commands import complete, lock, start
from tests.unit.domain.given import begins, creates, ends, enters, given, of_instance, of_task, passes, started, values, working
from tests.unit.domain.models import definition, extensions, external, mapping, node, sub_process


def test_entering_a_sub_process_starts_its_content() -> None:
    instance = given(definition("start > sub > end", sub_process("sub", "start2 > a > end2")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "sub"),
        *of_instance(ElementActivated(12, "start2", 8), ElementCompleted(12)),
        *enters(16, "start2", "a", scope=8),
        *creates(16, "a", 8),
    ]


def test_a_sub_process_goes_on_when_its_last_token_has_ended() -> None:
    instance = working(definition("start > sub > end", sub_process("sub", "start2 > a > end2")), 16)

    facts = instance.when(complete(16))

    assert facts == [
        *of_task(16, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(16)),
        *passes(20, "a", "end2", scope=8),
        *of_instance(ElementCompleted(8)),
        *passes(24, "sub", "end"),
        *ends(),
    ]


def test_a_sub_process_waits_for_all_its_tokens() -> None:
    content = sub_process("sub", "start2 > x > a; x > b", node("task", "x"))
    instance = started(definition("start > sub > end", content))
    (a, b) = (task.key for task in instance.history.open_tasks)
    instance.when(lock(a))
    instance.when(lock(b))

    first, second = instance.when(complete(a)), instance.when(complete(b))

    assert first == [*of_task(a, ExternalTaskCompleted("w")), *of_instance(ElementCompleted(a))]
    assert second == [
        *of_task(b, ExternalTaskCompleted("w")),
        *of_instance(ElementCompleted(b), ElementCompleted(8)),
        *passes(28, "sub", "end"),
        *ends(),
    ]


def test_sub_processes_end_from_the_inside_out() -> None:
    inner = sub_process("inner", "start3 > end3")
    instance = given(definition("start > outer", sub_process("outer", "start2 > inner", inner)))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *enters(8, "start", "outer"),
        *of_instance(ElementActivated(12, "start2", 8), ElementCompleted(12)),
        *enters(16, "start2", "inner", scope=8),
        *of_instance(ElementActivated(20, "start3", 16), ElementCompleted(20)),
        *passes(24, "start3", "end3", scope=16),
        *of_instance(ElementCompleted(16), ElementCompleted(8)),
        *ends(),
    ]


def test_the_conditions_behind_a_sub_process_are_asked_when_it_ends() -> None:
    instance = working(definition("start > sub; sub > end1 ? ${n == 2}; sub > end2 ? ${n == 1}", sub_process("sub", "start2 > a")), 16, n=1)

    facts = instance.when(complete(16, n=2))

    assert facts == [
        *of_task(16, ExternalTaskCompleted("w", values(n=2))),
        *of_instance(VariablesSet(0, values(n=2)), ElementCompleted(16), ElementCompleted(8)),
        *passes(20, "sub", "end1"),
        *ends(),
    ]


def test_a_sub_process_owns_its_inputs_and_takes_them_along() -> None:
    inner = sub_process("sub", "start2 > a", inner=extensions(mapping({"n": "${n + 1}"}, {"m": "${n}"})))
    instance = working(definition("start > sub > b", inner), 16, n=1)
    inside = instance.variables(scope=8)

    facts = instance.when(complete(16, n=5))

    assert inside == {"n": Value("Long", 2)}
    assert facts == [
        *of_task(16, ExternalTaskCompleted("w", values(n=5))),
        *of_instance(VariablesSet(8, values(n=5)), ElementCompleted(16)),
        *of_instance(VariablesSet(0, values(m=5)), ElementCompleted(8)),
        *enters(20, "sub", "b"),
        *creates(20, "b"),
    ]
    assert (instance.variables(), instance.variables(scope=8)) == (values(n=1, m=5), {})


def test_a_task_sees_the_scopes_around_it_the_nearest_first() -> None:
    inner = sub_process("inner", "start3 > a", external("a", camunda_topic="${n}-${m}"), inner=extensions(mapping({"n": "inner"})))
    outer = sub_process("outer", "start2 > inner", inner, inner=extensions(mapping({"n": "outer", "m": "outer"})))
    instance = given(definition("start > outer", outer))

    facts = instance.when(start(n="instance", m="instance"))

    assert facts[-1:] == creates(24, "a", 16, 8, topic="inner-outer")


def test_every_instance_of_a_sub_process_is_its_own_scope() -> None:
    twice = "start > x; x > y > sub; x > z > sub"
    instance = given(definition(twice, *(node("task", id) for id in "xyz"), sub_process("sub", "start2 > a")))

    facts = instance.when(start())

    assert facts == [
        *begins(),
        *passes(8, "start", "x"),
        *of_instance(SequenceFlowTaken(12, "x-y", 0), SequenceFlowTaken(16, "x-z", 0)),
        *of_instance(ElementActivated(12, "y", 0), ElementCompleted(12)),
        *enters(20, "y", "sub", branch=12),
        *of_instance(ElementActivated(24, "start2", 20), ElementCompleted(24)),
        *enters(28, "start2", "a", scope=20),
        *creates(28, "a", 20),
        *of_instance(ElementActivated(16, "z", 0), ElementCompleted(16)),
        *enters(32, "z", "sub", branch=16),
        *of_instance(ElementActivated(36, "start2", 32), ElementCompleted(36)),
        *enters(40, "start2", "a", scope=32),
        *creates(40, "a", 32),
    ]
