"""From a command to its decision: the one place that knows which function answers which command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, assert_never

import msgspec
from msgspec.structs import replace

from domain.commands import (
    AnnotateIncident,
    CompleteExternalTask,
    CompleteUserTask,
    CreateIncident,
    DeleteProcessInstance,
    ExtendExternalTaskLock,
    FailExternalTask,
    HideHistory,
    InstanceCommand,
    LockExternalTask,
    ModifyVariables,
    RaiseBpmnError,
    ResolveIncident,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    SuspendProcessInstance,
    TaskCommand,
    UnlockExternalTask,
)
from domain.deciding import event, external_task, instance, job, modification, process_instance
from domain.decision import Decision
from domain.elements import ExternalTask, ProcessDefinition
from domain.event_commands import ReceiveMessage, ReceiveSignal, SignalExecution
from domain.external_task import ExternalTaskState
from domain.facts import Envelope, ExternalTaskPrioritySet, ExternalTaskUnlocked, Fact, SignalThrown
from domain.job_commands import ExecuteJob
from domain.modification_commands import ModifyProcessInstance
from domain.outcomes import IncidentCreated, JobAttempted, Outcome
from domain.refusals import ExecutionFailed
from domain.state import TASK, InstanceState

InstanceTaskCommand: TypeAlias = CompleteExternalTask | FailExternalTask | RaiseBpmnError | SetExternalTaskRetries
"""Commands about a task that may move its process instance."""


class Decided(msgspec.Struct, frozen=True):
    """The facts of one command, as pairs of a stream's ordinal in the instance and a fact; and the instance after them."""

    facts: Sequence[tuple[int, Fact]]
    state: InstanceState | None
    """None when the decision did not look at the instance."""
    signals: Sequence[SignalThrown] = ()
    """For other instances and start events: they have to have them in the same transaction."""
    outcome: Outcome = None


def needs_instance(definition: ProcessDefinition, task: ExternalTaskState, command: TaskCommand | SetExternalTaskRetries) -> bool:
    """Tell whether the command concerns the task's process instance too. Locks and priorities never do."""
    match command:
        case CompleteExternalTask() | RaiseBpmnError():
            return True
        case FailExternalTask():
            element = definition.elements[task.element_id]
            assert isinstance(element, ExternalTask)
            return external_task.needs_instance_to_fail(task, element, command)
        case SetExternalTaskRetries(_, retries):
            return retries == 0 or task.retries == 0
        case _:
            return False


def decide_for_task(
    definition: ProcessDefinition,
    state: InstanceState | None,
    task: ExternalTaskState,
    command: TaskCommand | SetExternalTaskRetries,
    envelope: Envelope,
) -> Decided:
    """Decide a command about one task; `state` may be None where `needs_instance` says so."""
    if isinstance(command, InstanceTaskCommand) and needs_instance(definition, task, command):
        assert state is not None
        return _decide_with_instance(definition, state, replace(task, suspended=state.suspended), command, envelope)
    return Decided([(task.key + TASK, fact) for fact in _decide_alone(task, command, envelope.at)], None)


def _decide_with_instance(
    definition: ProcessDefinition,
    state: InstanceState,
    task: ExternalTaskState,
    command: InstanceTaskCommand,
    envelope: Envelope,
) -> Decided:
    decision = process_instance.open_decision(definition, state, envelope)
    match command:
        case CompleteExternalTask():
            external_task.complete(decision, task, command)
        case FailExternalTask():
            external_task.fail(decision, task, command)
        case RaiseBpmnError():
            external_task.raise_bpmn_error(decision, task, command)
        case SetExternalTaskRetries(_, retries):
            external_task.set_retries(decision, task, retries)
        case _:
            assert_never(command)
    return Decided(decision.facts, decision.state, decision.signals)


def _decide_alone(task: ExternalTaskState, command: TaskCommand | SetExternalTaskRetries, at: int) -> Sequence[Fact]:
    match command:
        case LockExternalTask():
            return external_task.lock(task, command, at)
        case ExtendExternalTaskLock():
            return external_task.extend(task, command, at)
        case UnlockExternalTask():
            return [ExternalTaskUnlocked()]
        case SetExternalTaskPriority(_, priority):
            return [ExternalTaskPrioritySet(priority)]
        case SetExternalTaskRetries(_, retries):
            return [external_task.retries_set(retries)]
        case FailExternalTask():
            return external_task.fail(None, task, command)
        case CompleteExternalTask() | RaiseBpmnError():
            raise AssertionError(f"{type(command).__name__} always concerns the process instance")
        case _:
            assert_never(command)


def decide_for_instance(definition: ProcessDefinition, state: InstanceState, command: InstanceCommand, envelope: Envelope) -> Decided:
    """Decide a command about a running instance itself."""
    decision = process_instance.open_decision(definition, state, envelope)
    if isinstance(command, ExecuteJob):
        return _execute_job(decision, command)
    outcome = _decide(decision, command)
    return Decided(decision.facts, decision.state, decision.signals, outcome)


def _decide(decision: Decision, command: InstanceCommand) -> Outcome:  # noqa: C901 - one branch per command
    match command:
        case CompleteUserTask():
            instance.complete_user_task(decision, command)
        case ModifyVariables():
            instance.modify_variables(decision, command)
        case SuspendProcessInstance():
            process_instance.suspend(decision, command)
        case DeleteProcessInstance():
            process_instance.delete(decision, command)
        case CreateIncident():
            return IncidentCreated(decision.state.part(instance.create_incident(decision, command)))
        case ResolveIncident():
            instance.resolve_incident(decision, command)
        case AnnotateIncident():
            instance.annotate_incident(decision, command)
        case ReceiveMessage() | ReceiveSignal() | SignalExecution():
            event.decide(decision, command)
        case ModifyProcessInstance():
            modification.modify(decision, command)
        case HideHistory():
            process_instance.hide_history(decision, command)
        case _:
            assert not isinstance(command, ExecuteJob)
            job.change(decision, command)
    return None


def _execute_job(decision: Decision, command: ExecuteJob) -> Decided:
    """Execute a job; where the process cannot go on, nothing of the attempt is left but the job's failure."""
    found = job.job_of(decision, command.job_id)
    try:
        job.execute(decision, found)
    except ExecutionFailed as failure:
        again = process_instance.open_decision(decision.definition, decision.before, decision.envelope)
        job.fail(again, found, failure.message, decision.at)
        return Decided(again.facts, again.state, (), JobAttempted(failure))
    return Decided(decision.facts, decision.state, decision.signals, JobAttempted())
