"""Facts become rows: which read models a fact changes, with what, and in which order."""

from __future__ import annotations

import json

import pytest

from domain.facts import (
    FACTS,
    DeploymentCreated,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskLocked,
    Fact,
    IncidentRaised,
    ProcessDefinitionDeployed,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    ProcessInstanceSuspended,
    Resource,
    UserTaskCreated,
)
from domain.ids import part_id
from projections.branch import project as branch
from projections.changes import READ_MODELS
from projections.deployment import project as deployment
from projections.external_task import project as external_task
from projections.incident import project as incident
from projections.job import project as job
from projections.process_definition import project as process_definition
from projections.process_instance import project as process_instance
from projections.rows import columns
from projections.user_task import project as user_task
from projections.variable import project as variable
from tests.unit.projections.changing import statements
from tests.unit.projections.golden_facts import ENVELOPE, EXAMPLES
from tests.unit.projections.golden_facts import STREAM as INSTANCE

AT = ENVELOPE.at
TASK = part_id(INSTANCE, 10)
EXECUTION = part_id(INSTANCE, 9)
LAST = INSTANCE[:29] + "fffffff"


CHANGED_BY = {
    "DeploymentCreated": ["Deployments"],
    "DeploymentDeleted": ["Deployments"],
    "ProcessDefinitionDeployed": ["ProcessDefinitions", "JobDefinitions"],
    "ProcessDefinitionDeleted": ["ProcessDefinitions", "JobDefinitions"],
    "ProcessDefinitionSuspended": ["ProcessDefinitions"],
    "ProcessDefinitionResumed": ["ProcessDefinitions"],
    "HistoryTimeToLiveSet": ["ProcessDefinitions"],
    "SuspensionScheduled": ["Jobs"],
    "BatchCreated": ["JobDefinitions", "Batches"],
    "BatchSeeded": ["Batches"],
    "BatchStarted": ["Batches"],
    "BatchSuspended": ["JobDefinitions", "Jobs", "Batches"],
    "BatchResumed": ["JobDefinitions", "Jobs", "Batches"],
    "BatchCompleted": ["JobDefinitions", "Batches"],
    "BatchDeleted": ["JobDefinitions", "Batches"],
    "BatchHistoryDeleted": [],
    "BatchJobCreated": ["Jobs"],
    "ProcessInstanceStarted": ["ProcessInstances", "VariableRows"],
    "ElementActivated": ["ElementInstances"],
    "ElementCompleted": ["VariableRows", "ElementInstances", "Branches"],
    "ElementTerminated": ["VariableRows", "ElementInstances", "Branches"],
    "SequenceFlowTaken": ["Branches"],
    "VariablesSet": ["VariableRows", "ElementInstances"],
    "VariablesRemoved": ["VariableRows"],
    "VariablesModified": [],
    "ErrorThrown": [],
    "UserTaskCreated": ["UserTasks", "ElementInstances"],
    "UserTaskCancelled": ["UserTasks", "ElementInstances"],
    "UserTaskCompleted": ["UserTasks", "ElementInstances"],
    "IncidentRaised": ["Incidents"],
    "IncidentResolved": ["Incidents"],
    "IncidentDeleted": ["Incidents"],
    "IncidentAnnotated": ["Incidents"],
    "ProcessInstanceSuspended": ["ProcessInstances", "ExternalTasks", "UserTasks", "Jobs"],
    "ProcessInstanceResumed": ["ProcessInstances", "ExternalTasks", "UserTasks", "Jobs"],
    "ProcessInstanceDeleted": [],
    "ProcessInstanceModified": [],
    "ProcessInstanceEnded": ["ProcessInstances", "VariableRows", "Branches"],
    "ExternalTaskCreated": ["ExternalTasks", "ElementInstances"],
    "ExternalTaskLocked": ["ExternalTasks"],
    "ExternalTaskLockExtended": ["ExternalTasks"],
    "ExternalTaskUnlocked": ["ExternalTasks"],
    "ExternalTaskLockExpired": [],
    "ExternalTaskCompleted": ["ExternalTasks", "ElementInstances"],
    "ExternalTaskFailed": ["ExternalTasks", "ElementInstances"],
    "ExternalTaskBpmnErrorRaised": ["ExternalTasks", "ElementInstances"],
    "ExternalTaskRetriesSet": ["ExternalTasks"],
    "ExternalTaskPrioritySet": ["ExternalTasks"],
    "ExternalTaskCancelled": ["ExternalTasks", "ElementInstances"],
    "StartSubscriptionOpened": ["EventSubscriptions"],
    "StartSubscriptionClosed": ["EventSubscriptions"],
    "JobDefinitionsSuspended": ["JobDefinitions", "Jobs"],
    "SubscriptionOpened": ["EventSubscriptions", "ElementInstances"],
    "SubscriptionClosed": ["EventSubscriptions"],
    "MessageCorrelated": [],
    "SignalReceived": [],
    "SignalThrown": [],
    "ExecutionSignalled": [],
    "MessageSent": [],
    "SignalSent": [],
    "IncidentReported": [],
    "IncidentDismissed": [],
    "HistoryHidden": [],
    "TokenHeld": ["ElementInstances"],
    "JobCreated": ["Jobs", "ElementInstances"],
    "JobRemoved": ["Jobs"],
    "JobExecuted": ["Jobs"],
    "JobFailed": ["Jobs"],
    "JobRetriesSet": ["Jobs"],
    "JobDueDateSet": ["Jobs"],
    "JobDueDateRecalculated": ["Jobs"],
    "JobPrioritySet": ["Jobs"],
    "JobSuspensionSet": ["Jobs"],
    "JobDeleted": ["Jobs"],
}
"""A fact that changes nothing is followed by others that do, or is history alone."""


def test_every_fact_changes_the_read_models_that_show_it() -> None:
    assert {name: [model.__name__ for model in READ_MODELS if cls in model.projectors] for name, cls in FACTS.items()} == CHANGED_BY


@pytest.mark.parametrize("fact", EXAMPLES.values(), ids=lambda fact: type(fact).__name__)
def test_a_statement_has_as_many_parameters_as_it_asks_for(fact: Fact) -> None:
    for sql, parameters in statements((INSTANCE, fact)):
        assert sql.count("%b") == len(parameters)
        assert len({len(parameter) for parameter in parameters if isinstance(parameter, list)}) == 1


def test_nothing_happened_changes_nothing() -> None:
    assert statements() == []


def test_inserts_come_before_updates_and_these_before_deletions() -> None:
    found = statements(
        (TASK, ExternalTaskCompleted("w")),
        (INSTANCE, ProcessInstanceEnded("COMPLETED")),
        (TASK, ExternalTaskLocked("w", 1, 2)),
        (INSTANCE, ProcessInstanceSuspended()),
        (TASK, ExternalTaskCreated(8, "a", "p:1:d", "t")),
        (INSTANCE, ProcessInstanceStarted("p:1:d")),
    )

    assert [sql for sql, _ in found] == [
        process_instance.INSERT,
        external_task.INSERT,
        process_instance.SUSPEND,
        external_task.LOCK,
        external_task.SUSPEND,
        user_task.SUSPEND,
        job.SUSPEND_INSTANCES,
        process_instance.DELETE,
        external_task.DELETE,
        variable.END_INSTANCES,
        branch.END_INSTANCES,
    ]


def test_a_deployment_with_its_files() -> None:
    fact = DeploymentCreated("orders", "shop", "tenant", (Resource(1, "a.bpmn", b"\x01"), Resource(2, "b.txt", b"\x02")))

    assert statements((INSTANCE, fact)) == [
        (deployment.INSERT, columns([(INSTANCE, "orders", "shop", "tenant", AT)])),
        (
            deployment.INSERT_RESOURCES,
            columns([(part_id(INSTANCE, 1), INSTANCE, "a.bpmn", b"\x01"), (part_id(INSTANCE, 2), INSTANCE, "b.txt", b"\x02")]),
        ),
    ]


def test_a_definition_is_named_by_key_version_and_stream() -> None:
    fact = ProcessDefinitionDeployed("d", "order", 2, "a.bpmn", "Order", "shop", "sells", "v2", 180, False, "tenant")

    row = (f"order:2:{INSTANCE}", "d", "order", 2, "a.bpmn", "Order", "shop", "sells", "v2", 180, False, "tenant")
    assert statements((INSTANCE, fact)) == [(process_definition.INSERT, columns([row]))]


def test_an_ended_instance_takes_its_variables_along() -> None:
    assert statements((INSTANCE, ProcessInstanceEnded("COMPLETED"))) == [
        (process_instance.DELETE, [[INSTANCE]]),
        (variable.END_INSTANCES, [[INSTANCE], [LAST]]),
        (branch.END_INSTANCES, [[INSTANCE], [LAST]]),
    ]


def test_a_suspended_instance_suspends_all_its_parts() -> None:
    assert statements((INSTANCE, ProcessInstanceSuspended())) == [
        (process_instance.SUSPEND, columns([(INSTANCE, True)])),
        (external_task.SUSPEND, columns([(INSTANCE, LAST, True)])),
        (user_task.SUSPEND, columns([(INSTANCE, LAST, True)])),
        (job.SUSPEND_INSTANCES, columns([(INSTANCE, LAST, True)])),
    ]


def test_an_incident_knows_its_execution() -> None:
    fact = IncidentRaised(12, "failedExternalTask", 8, "a", "p:1:d", TASK, "boom", "tenant")

    row = (part_id(INSTANCE, 12), "failedExternalTask", AT, INSTANCE, EXECUTION, "a", "p:1:d", TASK, "boom", "tenant", None, None)
    assert statements((INSTANCE, fact)) == [(incident.INSERT, columns([row]))]


def test_an_incident_of_a_job_knows_where_it_failed_and_one_of_a_start_timer_has_no_execution() -> None:
    in_an_instance = IncidentRaised(16, "failedJob", 8, "a", "p:1:d", TASK, "boom", None, 13, 3, "b", "j")
    at_the_start = IncidentRaised(1, "failedJob", 0, "start", "p:1:d", INSTANCE, "boom")

    rows = [
        (part_id(INSTANCE, 16), "failedJob", AT, INSTANCE, part_id(INSTANCE, 3), "a", "p:1:d", TASK, "boom", None, "b", "j"),
        (part_id(INSTANCE, 1), "failedJob", AT, None, None, "start", "p:1:d", INSTANCE, "boom", None, None, None),
    ]
    assert statements((INSTANCE, in_an_instance), (INSTANCE, at_the_start)) == [(incident.INSERT, columns(rows))]


def test_a_user_task_knows_its_execution_and_candidates() -> None:
    fact = UserTaskCreated(8, "u", "p:1:d", 11, "Look", "closely", "mary", "ann", 1, 2, 70, "form", ("a", "b"), (), "tenant", 4)

    ((sql, parameters),) = statements((INSTANCE, fact))

    own = (TASK, INSTANCE, part_id(INSTANCE, 11), "u", f"u:{part_id(INSTANCE, 8)}", "p:1:d", AT)
    row = (*own, "Look", "closely", "mary", "ann", 1, 2, 70, "form", "tenant", json.dumps(["a", "b"]), "[]", part_id(INSTANCE, 5))
    assert (sql, parameters) == (user_task.INSERT, columns([row]))


def test_rows_become_columns() -> None:
    assert columns([(1, "a"), (2, "b")]) == [[1, 2], ["a", "b"]]
    assert columns([]) == []


def test_rows_of_different_lengths_are_no_table() -> None:
    with pytest.raises(ValueError, match="shorter"):
        columns([(1, "a"), (2,)])
