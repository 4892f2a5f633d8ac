"""The object `execution` in expressions: who and where it is, and the variables it sees (BPMN page §11)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.ids import part_id
from tests.unit.domain.commands import complete, lock, start
from tests.unit.domain.given import INSTANCE, Instance, Plain, long, transient, values
from tests.unit.domain.models import definition, extensions, external, mapping, node, sub_process


def seen(expression: str) -> Plain:
    """What an expression gives at the end of the task `a` (16), in a sub-process (8) of an instance: `n` lives in both of these."""
    task = external("a", extensions(mapping({"m": "own"}, {"seen": expression})), name="Task A")
    content = sub_process("sub", "start2 > a", task, inner=extensions(mapping({"n": "sub"})))
    instance = Instance(replace(definition("start > sub > u", content, node("userTask", "u")), tenant_id="t"))
    instance.when(start("order 1", n="instance", o=1))
    instance.when(lock(16))
    instance.when(complete(16, local=values(t=transient("local")), p=transient("passing")))
    return instance.variables()["seen"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("${execution.id}", part_id(INSTANCE, 17)),
        ("${execution.processInstanceId}", INSTANCE),
        ("${execution.processBusinessKey}", "order 1"),
        ("${execution.businessKey}", "order 1"),
        ("${execution.getProcessDefinitionId()}", "p:1:d"),
        ("${execution.currentActivityId}", "a"),
        ("${execution.currentActivityName}", "Task A"),
        ("${execution.eventName}", None),
        ("${execution.tenantId}", "t"),
    ],
)
def test_an_execution_knows_where_it_is(expression: str, value: Plain) -> None:
    assert {"it": seen(expression)} == values(it=value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("${execution.getVariable('n')}", "sub"),
        ("${execution.getVariable('m')}", "own"),
        ("${execution.getVariable('o')}", 1),
        ("${execution.getVariable('p')}", "passing"),
        ("${execution.getVariable('t')}", "local"),
        ("${execution.getVariable('ghost')}", None),
        ("${execution.getVariableTyped('o')}", 1),
        ("${execution.getVariableLocal('m')}", "own"),
        ("${execution.getVariableLocal('t')}", "local"),
        ("${execution.getVariableLocal('n')}", None),
        ("${execution.hasVariable('n')}", True),
        ("${execution.hasVariable('p')}", True),
        ("${execution.hasVariable('ghost')}", False),
        ("${execution.hasVariableLocal('m')}", True),
        ("${execution.hasVariableLocal('t')}", True),
        ("${execution.hasVariableLocal('n')}", False),
        ("${execution.variableNames.size()}", 5),
        ("${execution.variables.size()}", 5),
        ("${execution.variables.get('n')}", "sub"),
        ("${execution.getVariables().get('p')}", "passing"),
    ],
)
def test_an_execution_sees_the_variables_of_its_scopes_the_transient_ones_too(expression: str, value: Plain) -> None:
    assert {"it": seen(expression)} == values(it=value)


def test_the_instances_execution_has_the_instances_id() -> None:
    instance = Instance(definition("start > a", external("a", extensions(mapping({"x": "${execution.id}", "y": "${1}"})))))

    instance.when(start())

    assert instance.variables(scope=8) == {**values(x=INSTANCE), "y": long(1)}
