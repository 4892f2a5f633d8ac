"""Nothing is forgotten: every element has a behaviour, every fact is applied by its aggregate, every command is decided."""

from __future__ import annotations

from typing import Any, cast, get_args

import pytest

from domain.batch import BatchFact, BatchState
from domain.batch import evolve as evolve_batch
from domain.batch_commands import CreateBatch, DeleteBatch, DeleteBatchHistory, SuspendBatch
from domain.behaviours import BEHAVIOURS
from domain.commands import Command, CreateDeployment, DeleteDeployment, HideHistory, ResourceFile, StartProcessInstance
from domain.deciding import batch, deployment
from domain.deciding import definition as definition_deciding
from domain.definition_commands import DeleteProcessDefinitions, SetHistoryTimeToLive, SuspendProcessDefinitions
from domain.elements import Element, FlowNode
from domain.event_commands import BroadcastSignal, CorrelateMessage
from domain.evolve import InstanceFact, evolve
from domain.external_task import ExternalTaskFact, ExternalTaskState, evolve_task
from domain.facts import (
    FACTS,
    BatchJobCreated,
    DeploymentCreated,
    DeploymentDeleted,
    ElementActivated,
    Envelope,
    Fact,
    HistoryHidden,
    HistoryTimeToLiveSet,
    IncidentRaised,
    JobCreated,
    JobDefinitionsSuspended,
    MessageSent,
    ProcessDefinitionDeleted,
    ProcessDefinitionDeployed,
    ProcessDefinitionResumed,
    ProcessDefinitionSuspended,
    SignalSent,
    StartSubscriptionClosed,
    StartSubscriptionOpened,
    SubscriptionOpened,
    SuspensionScheduled,
    VariablesSet,
)
from domain.instructions import StartBefore
from domain.job_commands import SuspendJobDefinitions
from domain.lone_job import LoneJob, LoneJobFact
from domain.lone_job import evolve as evolve_lone_job
from domain.operations import SetRetriesOfTasks
from domain.state import InstanceState, Job
from tests.unit.domain import commands as asks
from tests.unit.domain.given import COMMAND, INSTANCE, NOW, AnyCommand, Instance, of_instance, started, values
from tests.unit.domain.models import boundary, definition, node, on_signal, on_time
from tests.unit.projections.golden_facts import EXAMPLES

ENVELOPE = Envelope(NOW, COMMAND)
OF_DEPLOYMENTS = {
    DeploymentCreated,
    DeploymentDeleted,
    ProcessDefinitionDeployed,
    ProcessDefinitionDeleted,
    ProcessDefinitionSuspended,
    ProcessDefinitionResumed,
    HistoryTimeToLiveSet,
    StartSubscriptionOpened,
    StartSubscriptionClosed,
}
"""Deployments have no state in the domain: nothing is decided on one."""
OF_NOBODY = {MessageSent, SignalSent, JobDefinitionsSuspended}
"""The only fact of its stream: what it did stands elsewhere."""
OF_LONE_JOBS = {BatchJobCreated, SuspensionScheduled}
"""The first facts of jobs that belong to no instance. The others are those that jobs of instances have too."""
OF_BATCHES = set(get_args(BatchFact))
OF_INSTANCES = set(get_args(InstanceFact))
OF_TASKS = set(get_args(ExternalTaskFact))
BATCH_STATE = BatchState(INSTANCE, SetRetriesOfTasks(1), ("a", "b"), 100, NOW)
LONE_JOB = LoneJob(INSTANCE, BatchJobCreated(INSTANCE, "seed"), Job(0, "batch-seed", "", None, NOW))
TASK_STATE = ExternalTaskState(asks.task_id(8), 8, "work", "p:1:d", "topic", 0, NOW)


def waiting() -> Instance:
    """An instance that every command of its kind finds something to do in.

    A failed task (12) with its incident (27), a user task (16), a receive task (20) that waits for a message, a signal and a time (26),
    and an incident that somebody created (28).
    """
    receives = node("receiveTask", "r", messageRef="message-m")
    events = (boundary("signalled", "r", on_signal("s")), boundary("timed", "r", on_time("PT1H")))
    flows = "start > x; x > work > a; x > u; x > r; signalled > end1; timed > end2"
    instance = started(definition(flows, node("task", "x"), node("userTask", "u"), receives, *events))
    instance.when(asks.lock(12))
    instance.when(asks.fail(12, retries=0))
    instance.when(asks.create_incident(21))
    return instance


def instance_state() -> InstanceState:
    """A state that every example of a fact of an instance fits: element 8 with variables, incident 12, subscription 13, job 14."""
    raised = IncidentRaised(12, "failedExternalTask", 8, "work", "p:1:d")
    opened, job = SubscriptionOpened(13, "message", "paid", "boundary", 8, "p:1:d"), JobCreated(14, "timer", "wait", "p:1:d", 8, 9)
    instance = started(definition("start > a"))
    instance.given(*of_instance(ElementActivated(8, "work", 0), VariablesSet(8, values(local=1, integer=2)), raised, opened, job))
    return instance.state


def lone_job_facts() -> list[type[Fact]]:
    """Every kind of fact that a job has which belongs to no instance."""
    return [cls for cls in FACTS.values() if cls in get_args(LoneJobFact)]


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
    owned = [*OF_DEPLOYMENTS, *OF_NOBODY, *OF_LONE_JOBS, *OF_BATCHES, *OF_INSTANCES, *OF_TASKS]

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


@pytest.mark.parametrize("fact", [EXAMPLES[cls] for cls in get_args(BatchFact)], ids=lambda fact: type(fact).__name__)
def test_a_batch_takes_every_fact_of_its_own(fact: BatchFact) -> None:
    after = evolve_batch(BATCH_STATE, fact)

    assert after.version == BATCH_STATE.version + 1


@pytest.mark.parametrize("fact", [EXAMPLES[cls] for cls in lone_job_facts()], ids=lambda fact: type(fact).__name__)
def test_a_job_of_its_own_takes_every_fact_that_jobs_have(fact: LoneJobFact) -> None:
    after = evolve_lone_job(LONE_JOB, fact, ENVELOPE)

    assert after.version == LONE_JOB.version + 1


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
    asks.modify_tokens(StartBefore("work")),
    asks.delete(),
    asks.create_incident(17),
    asks.resolve_incident(28),
    asks.annotate(27, "looked at"),
    asks.message(20),
    asks.signal(),
    asks.move_on(21),
    asks.execute(26),
    asks.fail_job(26),
    asks.set_job_retries(26, 5),
    asks.set_due(26, NOW),
    asks.recalculate(26),
    asks.set_job_priority(26, 7),
    asks.suspend_job(26),
    asks.delete_job(26),
]
BY_THE_ENGINE = (CorrelateMessage, BroadcastSignal, SuspendJobDefinitions)
"""Commands whose receivers the read models know: what is decided is what they mean for each of these."""


@pytest.mark.parametrize("command", RUNNING, ids=lambda command: type(command).__name__)
def test_every_command_about_a_running_instance_is_decided(command: AnyCommand) -> None:
    facts = waiting().when(command)

    assert [fact.is_cause for _, fact in facts] == [True] + [False] * (len(facts) - 1)


def test_the_history_of_an_ended_instance_is_hidden() -> None:
    instance = started(definition("start > end"))

    facts = instance.when(asks.hide_history())

    assert (facts, instance.state.hidden) == (of_instance(HistoryHidden()), True)


def test_every_other_command_is_decided() -> None:
    model = definition("start > end")
    file = CreateDeployment("orders", None, None, (ResourceFile("p.bpmn", b""),))

    decided: dict[type, list[Fact]] = {
        StartProcessInstance: [fact for _, fact in Instance(model).when(asks.start())],
        CreateDeployment: [fact for _, fact in deployment.create(INSTANCE, file, file.files, [model], {})[0]],
        DeleteDeployment: [deployment.deleted(cascade=False)],
        CreateBatch: [fact for _, fact in batch.create(INSTANCE, CreateBatch(SetRetriesOfTasks(1), ("a",)))[1]],
        SuspendBatch: [fact for _, fact in batch.suspend(BATCH_STATE, INSTANCE, True)],
        DeleteBatch: [fact for _, fact in batch.delete(BATCH_STATE, INSTANCE, [], False)],
        DeleteBatchHistory: [fact for _, fact in batch.delete_history(BATCH_STATE, INSTANCE)],
        SuspendProcessDefinitions: [fact for _, fact in definition_deciding.suspend([model.id], True, False)],
        SetHistoryTimeToLive: [fact for _, fact in definition_deciding.set_time_to_live(model.id, 1)],
    }

    assert all(facts[0].is_cause and not any(fact.is_cause for fact in facts[1:]) for facts in decided.values())
    about_instances = {type(command) for command in RUNNING}
    assert named([*decided, *about_instances, HideHistory, DeleteProcessDefinitions, *BY_THE_ENGINE]) == named(get_args(Command))
