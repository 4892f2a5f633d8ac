"""What workers report, and what users set: checks in their order, messages letter for letter, and the facts (REST contract §6)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.commands import FailExternalTask, TaskCommand
from domain.facts import (
    ElementCompleted,
    ErrorThrown,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskPrioritySet,
    ExternalTaskRetriesSet,
    ExternalTaskUnlocked,
    IncidentRaised,
    ProcessInstanceSuspended,
    VariablesSet,
)
from domain.refusals import ExecutionFailed, NotOwner, Suspended
from domain.values import Value
from tests.unit.domain.commands import bpmn_error, complete, fail, set_priority, set_retries, task_id
from tests.unit.domain.given import NOW, Refused, a_task, creates, enters, given, of_instance, of_task, transient, values
from tests.unit.domain.models import definition

CHAIN = definition("start > a > b")
TASK = task_id(8)
COMPLETE, FAIL, BPMN_ERROR = complete(8, worker="v"), replace(fail(8), worker_id="v"), bpmn_error(8, worker="v")
REPORTS = [
    (COMPLETE, f"External Task {TASK} cannot be completed by worker 'v'."),
    (FAIL, f"Failure of External Task {TASK} cannot be reported by worker 'v'."),
    (BPMN_ERROR, f"Bpmn error of External Task {TASK} cannot be reported by worker 'v'."),
]
JAVA = Value("Object", "rO0=", {"serializationDataFormat": "application/x-java-serialized-object"})
NAMES = ["complete", "failure", "bpmnError"]


@pytest.mark.parametrize(("command", "message"), REPORTS, ids=NAMES)
@pytest.mark.parametrize(("owner", "name"), [("w", "w"), (None, "null"), ("", "")])
def test_only_the_tasks_worker_may_report(command: TaskCommand, message: str, owner: str | None, name: str) -> None:
    instance = given(CHAIN, *a_task(owner))

    refusal = instance.refusal(command)

    assert refusal == Refused(NotOwner, f"{message} It is locked by worker '{name}'.")


@pytest.mark.parametrize(("command", "message"), REPORTS, ids=NAMES)
def test_a_worker_that_gave_its_lock_back_may_not_report(command: TaskCommand, message: str) -> None:
    instance = given(CHAIN, *a_task("v"), *of_task(8, ExternalTaskUnlocked()))

    refusal = instance.refusal(command)

    assert refusal == Refused(NotOwner, f"{message} It is locked by worker 'null'.")


@pytest.mark.parametrize(("command", "message"), REPORTS, ids=NAMES)
def test_nobody_reports_about_a_suspended_task(command: TaskCommand, message: str) -> None:
    instance = given(CHAIN, *a_task("v"), *of_instance(ProcessInstanceSuspended()))

    refusal = instance.refusal(command)

    assert refusal == Refused(Suspended, f"ENGINE-03043 ExternalTask with id '{TASK}' is suspended.")


@pytest.mark.parametrize(("command", "message"), REPORTS, ids=NAMES)
def test_the_worker_is_checked_before_suspension(command: TaskCommand, message: str) -> None:
    instance = given(CHAIN, *a_task("w"), *of_instance(ProcessInstanceSuspended()))

    refusal = instance.refusal(command)

    assert refusal == Refused(NotOwner, f"{message} It is locked by worker 'w'.")


@pytest.mark.parametrize(
    ("command", "first"),
    [
        (COMPLETE, ExternalTaskCompleted("v")),
        (FAIL, ExternalTaskFailed("v", "boom")),
        (BPMN_ERROR, ExternalTaskBpmnErrorRaised("v", "E")),
    ],
    ids=NAMES,
)
def test_a_lock_that_ran_out_is_as_good_as_any_until_another_worker_takes_it(command: TaskCommand, first: object) -> None:
    instance = given(CHAIN, *a_task("v"))
    instance.at += 3_600_000

    facts = instance.when(command)

    assert facts[0] == (10, first)


@pytest.mark.parametrize(("command", "message"), REPORTS, ids=NAMES)
def test_a_worker_whose_task_was_taken_over_may_not_report(command: TaskCommand, message: str) -> None:
    instance = given(CHAIN, *a_task("v"), *of_task(8, ExternalTaskLocked("w", 1000, NOW + 61_000)))

    refusal = instance.refusal(command)

    assert refusal == Refused(NotOwner, f"{message} It is locked by worker 'w'.")


def test_completing_moves_the_process_and_names_its_cause_first() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(complete(8, n=1))

    assert facts == [
        *of_task(8, ExternalTaskCompleted("w", values(n=1))),
        *of_instance(VariablesSet(0, values(n=1)), ElementCompleted(8)),
        *enters(12, "a", "b"),
        *creates(12, "b"),
    ]


def test_transient_variables_stand_in_the_cause_alone() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(complete(8, local={"m": transient(2)}, n=transient(1)))

    assert facts[:2] == [
        *of_task(8, ExternalTaskCompleted("w", {"n": transient(1)}, {"m": transient(2)})),
        *of_instance(ElementCompleted(8)),
    ]


@pytest.mark.parametrize(
    "command",
    [
        complete(8, n=JAVA),
        complete(8, local={"n": JAVA}),
        FailExternalTask(TASK, "w", variables={"n": JAVA}),
        bpmn_error(8, n=JAVA),
    ],
)
def test_java_objects_are_not_taken_from_workers(command: TaskCommand) -> None:
    instance = given(CHAIN, *a_task())

    refusal = instance.refusal(command)

    message = "ENGINE-17007 Cannot set variable with name n. Java serialization format is prohibited"
    assert refusal == Refused(ExecutionFailed, message, "ProcessEngineException")


@pytest.mark.parametrize(
    ("code", "message", "text"), [("", None, "Error Code is empty"), ("E", "", "Error Message is empty"), ("", "", "Error Code is empty")]
)
def test_a_bpmn_error_without_code_or_with_an_empty_message_is_refused(code: str, message: str | None, text: str) -> None:
    instance = given(CHAIN, *a_task())

    refusal = instance.refusal(bpmn_error(8, code, message))

    assert refusal == Refused(ExecutionFailed, text, "ProcessEngineException")


def test_the_worker_is_checked_before_the_code_of_a_bpmn_error() -> None:
    instance = given(CHAIN, *a_task())

    refusal = instance.refusal(bpmn_error(8, "", worker="v"))

    assert refusal.by is NotOwner


def test_a_bpmn_error_sets_its_variables_before_it_is_thrown() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(bpmn_error(8, "E", "no stock", n=1))

    assert facts[:3] == [
        *of_task(8, ExternalTaskBpmnErrorRaised("w", "E", "no stock", values(n=1))),
        *of_instance(VariablesSet(0, values(n=1)), ErrorThrown(8, "E", "no stock", None)),
    ]


@pytest.mark.parametrize("worker", [None, "w"])
def test_retries_are_set_by_anybody(worker: str | None) -> None:
    instance = given(CHAIN, *a_task(worker), *of_instance(ProcessInstanceSuspended()))

    facts = instance.when(set_retries(8, 3))

    assert facts == of_task(8, ExternalTaskRetriesSet(3))
    assert instance.history.open_tasks[0].retries == 3


def test_retries_set_to_none_left_concern_the_instance() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(set_retries(8, 0))

    assert facts == [
        *of_task(8, ExternalTaskRetriesSet(0)),
        *of_instance(IncidentRaised(12, "failedExternalTask", 8, "a", "p:1:d", TASK)),
    ]


@pytest.mark.parametrize("priority", [-(2**63), 0, 2**63 - 1])
def test_a_priority_is_set_while_the_task_is_locked(priority: int) -> None:
    instance = given(CHAIN, *a_task(), *of_instance(ProcessInstanceSuspended()))

    facts = instance.when(set_priority(8, priority))

    assert facts == of_task(8, ExternalTaskPrioritySet(priority))
    assert instance.history.open_tasks[0].priority == priority
