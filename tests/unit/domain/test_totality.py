"""Nothing is forgotten: every element has a behaviour, every fact is applied by its aggregate, every command is decided."""

from __future__ import annotations

from typing import Any, cast, get_args

import pytest

from domain.behaviours import BEHAVIOURS
from domain.commands import Command, CreateDeployment, DeleteDeployment, ResourceFile
from domain.deciding import deployment
from domain.elements import Element, FlowNode
from domain.evolve import InstanceFact, evolve
from domain.external_task import ExternalTaskFact, ExternalTaskState, evolve_task
from domain.facts import (
    FACTS,
    DeploymentCreated,
    DeploymentDeleted,
    ElementActivated,
    Envelope,
    Fact,
    IncidentRaised,
    ProcessDefinitionDeleted,
    ProcessDefinitionDeployed,
    VariablesSet,
)
from domain.state import InstanceState
from tests.unit.domain import commands as asks
from tests.unit.domain.given import COMMAND, INSTANCE, NOW, AnyCommand, Instance, of_instance, started, values
from tests.unit.domain.models import definition, node
from tests.unit.projections.golden_facts import EXAMPLES

ENVELOPE = Envelope(NOW, COMMAND)
OF_DEPLOYMENTS = {DeploymentCreated, DeploymentDeleted, ProcessDefinitionDeployed, ProcessDefinitionDeleted}
"""Deployments have no state in the domain: nothing is decided on one."""
OF_INSTANCES = set(get_args(InstanceFact))
OF_TASKS = set(get_args(ExternalTaskFact))
TASK_STATE = ExternalTaskState(asks.task_id(8), 8, "work", "p:1:d", "topic", 0, NOW)


def waiting() -> Instance:
    """An instance that every command of its kind finds something to do in: a failed task (12), a user task (16), an incident (20)."""
    instance = started(definition("start > x; x > work > a; x > u", node("task", "x"), node("userTask", "u")))
    instance.when(asks.lock(12))
    instance.when(asks.fail(12, retries=0))
    return instance


def instance_state() -> InstanceState:
    """A state that every example of a fact of an instance fits: an element 8 with variables and an incident 12."""
    raised = IncidentRaised(12, "failedExternalTask", 8, "work", "p:1:d")
    instance = started(definition("start > a"))
    instance.given(*of_instance(ElementActivated(8, "work", 0), VariablesSet(8, values(local=1, integer=2)), raised))
    return instance.state


def named(classes: object) -> list[str]:
    return sorted(cls.__name__ for cls in cast(Any, classes))


def test_every_element_has_a_behaviour_and_nothing_else_has() -> None:
    assert named(BEHAVIOURS) == named(get_args(Element))


def test_every_kind_of_flow_node_is_an_element() -> None:
    assert named(FlowNode.__subclasses__()) == named(get_args(Element))


def test_every_class_of_fact_is_registered_under_its_name() -> None:
    classes = [cls for cls in Fact.__subclasses__() if cls.__module__.startswith("domain.")]

    assert {cls.__name__: cls for cls in classes} == FACTS


def test_every_fact_belongs_to_exactly_one_aggregate() -> None:
    owned = [*OF_DEPLOYMENTS, *OF_INSTANCES, *OF_TASKS]

    assert named(owned) == named(FACTS.values())


@pytest.mark.parametrize("fact", [EXAMPLES[cls] for cls in get_args(InstanceFact)], ids=lambda fact: type(fact).__name__)
def test_an_instance_takes_every_fact_that_fits(fact: InstanceFact) -> None:
    before = instance_state()

    after = evolve(before, fact, ENVELOPE)

    assert after.version == before.version + 1


@pytest.mark.parametrize("fact", [EXAMPLES[cls] for cls in get_args(ExternalTaskFact)], ids=lambda fact: type(fact).__name__)
def test_a_task_takes_every_fact_that_fits(fact: ExternalTaskFact) -> None:
    after = evolve_task(TASK_STATE, fact, ENVELOPE)

    assert after.version == TASK_STATE.version + 1


@pytest.mark.parametrize("cls", [cls for cls in FACTS.values() if cls not in OF_INSTANCES], ids=lambda cls: cls.__name__)
def test_an_instance_takes_no_fact_of_another_aggregate(cls: type[Fact]) -> None:
    with pytest.raises(AssertionError, match="unreachable"):
        evolve(instance_state(), cast(InstanceFact, EXAMPLES[cls]), ENVELOPE)


@pytest.mark.parametrize("cls", [cls for cls in FACTS.values() if cls not in OF_TASKS], ids=lambda cls: cls.__name__)
def test_a_task_takes_no_fact_of_another_aggregate(cls: type[Fact]) -> None:
    with pytest.raises(AssertionError, match="unreachable"):
        evolve_task(TASK_STATE, cast(ExternalTaskFact, EXAMPLES[cls]), ENVELOPE)


RUNNING: list[AnyCommand] = [
    asks.lock(12),
    asks.extend(12),
    asks.unlock(12),
    asks.complete(12),
    asks.fail(12, retries=1),
    asks.bpmn_error(12),
    asks.set_retries(12, 1),
    asks.set_priority(12, 1),
    asks.complete_user_task(16),
    asks.modify(n=1),
    asks.suspend(),
    asks.delete(),
    asks.annotate(20, "looked at"),
]


@pytest.mark.parametrize("command", RUNNING, ids=lambda command: type(command).__name__)
def test_every_command_about_a_running_instance_is_decided(command: AnyCommand) -> None:
    facts = waiting().when(command)

    assert [fact.is_cause for _, fact in facts] == [True] + [False] * (len(facts) - 1)


def test_every_other_command_is_decided() -> None:
    model = definition("start > end")
    file = CreateDeployment("orders", None, None, (ResourceFile("p.bpmn", b""),))
    deleted = DeleteDeployment(INSTANCE)

    decided = {
        type(asks.start()): [fact for _, fact in Instance(model).when(asks.start())],
        type(file): [fact for _, fact in deployment.create(INSTANCE, file, file.files, [model], {})[0]],
        type(deleted): [fact for _, fact in deployment.delete([], deleted.cascade)],
    }

    assert all(facts[0].is_cause and not any(fact.is_cause for fact in facts[1:]) for facts in decided.values())
    assert named([*decided, *{type(command) for command in RUNNING}]) == named(get_args(Command))
