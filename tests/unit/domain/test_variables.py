"""Variables from outside: set first, then removed, seen from an execution or exactly there (BPMN page §4, REST contract §10)."""

from __future__ import annotations

import pytest

from domain.commands import ModifyVariables
from domain.facts import VariablesModified, VariablesRemoved, VariablesSet
from domain.ids import part_id
from domain.refusals import ExecutionFailed, MissingValue
from domain.values import Value
from domain.variables import visible
from tests.unit.domain.commands import complete, modify, start
from tests.unit.domain.given import INSTANCE, Instance, Refused, given, of_instance, started, transient, values, working
from tests.unit.domain.models import definition, extensions, external, mapping, node, sub_process

TRANSIENT_AND_KEPT = "ENGINE-17006 Cannot set transient variable with name {} to non-transient variable and vice versa."


def nested() -> Instance:
    """Scopes inside each other: the instance (0) has `n`, the sub-process (8) has `n` and `m`, the task `a` (16) has `m`."""
    task = external("a", extensions(mapping({"m": "task"})))
    content = sub_process("sub", "start2 > a", task, inner=extensions(mapping({"n": "sub", "m": "sub"})))
    return started(definition("start > sub", content), n="instance")


def test_a_variable_is_set_where_it_lives_seen_from_an_execution() -> None:
    instance = nested()

    facts = instance.when(modify(16, n=1, m=2))

    assert facts == of_instance(
        VariablesModified(16, values(n=1, m=2)),
        VariablesSet(8, values(n=1)),
        VariablesSet(16, values(m=2)),
    )


def test_a_new_variable_is_set_on_the_instance() -> None:
    instance = nested()

    facts = instance.when(modify(16, new=1))

    assert facts == of_instance(VariablesModified(16, values(new=1)), VariablesSet(0, values(new=1)))


def test_a_local_variable_is_set_exactly_there() -> None:
    instance = nested()

    facts = instance.when(modify(16, local=True, n=1, new=2))

    assert facts == of_instance(VariablesModified(16, values(n=1, new=2), (), True), VariablesSet(16, values(n=1, new=2)))


def test_what_is_inside_is_not_seen_from_outside() -> None:
    instance = nested()

    facts = instance.when(modify(0, n=1, m=2))

    assert facts == of_instance(VariablesModified(0, values(n=1, m=2)), VariablesSet(0, values(n=1, m=2)))


def test_a_variable_is_removed_from_the_nearest_scope_that_has_it() -> None:
    instance = nested()

    facts = instance.when(modify(16, "n", "m"))

    assert facts == of_instance(VariablesModified(16, {}, ("n", "m")), VariablesRemoved(8, ("n",)), VariablesRemoved(16, ("m",)))
    assert visible(instance.state, 16, {}) == values(n="instance", m="sub")


def test_a_local_removal_does_not_reach_outside() -> None:
    instance = nested()

    facts = instance.when(modify(16, "n", "m", local=True))

    assert facts == of_instance(VariablesModified(16, {}, ("n", "m"), True), VariablesRemoved(16, ("m",)))


def test_removing_what_is_not_there_changes_nothing() -> None:
    instance = nested()

    facts = instance.when(modify(0, "ghost"))

    assert facts == of_instance(VariablesModified(0, {}, ("ghost",)))


def test_deletions_come_last() -> None:
    instance = nested()

    facts = instance.when(modify(0, "n", "new", n=1, new=2))

    assert facts == of_instance(
        VariablesModified(0, values(n=1, new=2), ("n", "new")),
        VariablesSet(0, values(n=1, new=2)),
        VariablesRemoved(0, ("n",)),
        VariablesRemoved(0, ("new",)),
    )
    assert instance.variables() == {}


def test_nothing_to_do_leaves_the_cause_alone() -> None:
    instance = nested()

    facts = instance.when(modify())

    assert facts == of_instance(VariablesModified(0, {}))


def test_the_execution_of_a_token_beside_others_is_the_scope_around_it() -> None:
    instance = started(definition("start > x; x > u; x > a", node("task", "x"), node("userTask", "u")))

    facts = instance.when(ModifyVariables(part_id(INSTANCE, 15), values(n=1)))

    assert facts == of_instance(VariablesModified(0, values(n=1)), VariablesSet(0, values(n=1)))


@pytest.mark.parametrize("ordinal", [1, 5, 7, 8, 10, 13, 100])
def test_an_execution_that_does_not_exist_has_no_variables(ordinal: int) -> None:
    instance = started(definition("start > a"))
    execution = part_id(INSTANCE, ordinal)

    refusal = instance.refusal(ModifyVariables(execution, values(n=1)))

    assert refusal == Refused(MissingValue, f"execution {execution} doesn't exist: execution is null")


def test_the_execution_of_an_ended_activity_does_not_exist_any_more() -> None:
    instance = working(definition("start > a > b"))
    instance.when(complete(8))

    refusal = instance.refusal(modify(8, n=1))

    assert refusal == Refused(MissingValue, f"execution {part_id(INSTANCE, 9)} doesn't exist: execution is null")


@pytest.mark.parametrize("local", [False, True])
def test_a_transient_value_is_not_kept(local: bool) -> None:
    instance = nested()

    facts = instance.when(modify(0, local=local, t=transient(1), k=2))

    assert facts == of_instance(VariablesModified(0, {"t": transient(1), **values(k=2)}, (), local), VariablesSet(0, values(k=2)))


@pytest.mark.parametrize(("scope", "local"), [(0, False), (0, True), (16, False)])
def test_a_kept_variable_does_not_become_transient(scope: int, local: bool) -> None:
    instance = started(definition("start > x > a", node("task", "x")), n=1)
    before = len(instance.records)

    refusal = instance.refusal(modify(12 if scope else 0, local=local, n=transient(2)))

    assert refusal == Refused(ExecutionFailed, TRANSIENT_AND_KEPT.format("n"), "ProcessEngineException")
    assert len(instance.records) == before


def test_a_transient_variable_may_hide_a_kept_one_of_an_outer_scope() -> None:
    instance = nested()

    facts = instance.when(modify(16, local=True, n=transient(1)))

    assert facts == of_instance(VariablesModified(16, {"n": transient(1)}, (), True))


def test_a_transient_variable_does_not_become_a_kept_one() -> None:
    outputs = extensions(mapping(outputs={"t": "${1}"}))
    instance = working(definition("start > a > x", external("a", outputs), node("task", "x")))

    refusal = instance.refusal(complete(8, t=transient(1)))

    assert refusal == Refused(ExecutionFailed, TRANSIENT_AND_KEPT.format("t"), "ProcessEngineException")


def test_a_transient_variable_of_the_start_is_seen_until_the_first_wait_states() -> None:
    instance = given(definition("start > x; x > a ? ${t}; x > b ? ${!t}", node("exclusiveGateway", "x")))

    instance.when(start(t=transient(True)))

    assert (instance.open_topics, instance.variables()) == (["a"], {})


def test_a_transient_variable_is_gone_with_its_command() -> None:
    instance = working(definition("start > x; x > a ? ${t}; a > b ? ${t}", node("task", "x")), 12, t=transient(True))

    refusal = instance.refusal(complete(12))

    assert refusal.message == "Unknown property used in expression: ${t}. Cause: Cannot resolve identifier 't'"


@pytest.mark.parametrize("data_format", ["application/json", "application/xml"])
def test_serialized_objects_are_kept_as_they_are(data_format: str) -> None:
    value = Value("Object", "{}", {"objectTypeName": "com.x.Y", "serializationDataFormat": data_format})
    instance = nested()

    instance.when(modify(o=value))

    assert instance.variables()["o"] == value


def test_java_objects_are_not_taken() -> None:
    instance = nested()
    value = Value("Object", "rO0=", {"objectTypeName": "X", "serializationDataFormat": "application/x-java-serialized-object"})

    refusal = instance.refusal(modify(o=value))

    message = "ENGINE-17007 Cannot set variable with name o. Java serialization format is prohibited"
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


def test_a_null_java_object_is_taken() -> None:
    value = Value("Object", None, {"serializationDataFormat": "application/x-java-serialized-object"})
    instance = nested()

    instance.when(modify(o=value))

    assert instance.variables()["o"] == value
