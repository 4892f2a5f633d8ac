"""What is said when there is no instance, or none any more, that a command could be about."""

from __future__ import annotations

from domain.commands import (
    AnnotateIncident,
    CompleteUserTask,
    CreateIncident,
    DeleteProcessInstance,
    HideHistory,
    InstanceCommand,
    ModifyVariables,
    ResolveIncident,
    SuspendProcessInstance,
)
from domain.deciding.event import not_subscribed
from domain.deciding.instance import unknown_instance
from domain.deciding.job import unknown_job
from domain.deciding.process_instance import no_history
from domain.event_commands import ReceiveMessage, ReceiveSignal, SignalExecution
from domain.modification_commands import ModifyProcessInstance
from domain.refusals import ExecutionFailed, MissingValue, NotFound, Refusal, Rejected


def unknown(command: InstanceCommand) -> Refusal:  # noqa: C901 - one branch per kind of thing
    match command:
        case CompleteUserTask(task_id):
            return MissingValue(f"Cannot find task with id {task_id}: task is null")
        case ModifyVariables(execution_id) | SignalExecution(execution_id):
            return MissingValue(f"execution {execution_id} doesn't exist: execution is null")
        case CreateIncident(execution_id):
            return Rejected(f"Cannot find an execution with executionId '{execution_id}': execution is null")
        case ResolveIncident(incident_id):
            return NotFound(f"Cannot find an incident with id '{incident_id}': incident is null")
        case AnnotateIncident():
            return Rejected("incident is null")
        case SuspendProcessInstance(instance_id) | DeleteProcessInstance(instance_id):
            return unknown_instance(instance_id)
        case ModifyProcessInstance(instance_id):
            why = "cannot be modified. The process instance does not exist"
            return ExecutionFailed(f"ENGINE-13036 Process instance '{instance_id}' {why}")
        case HideHistory(instance_id):
            return no_history(instance_id)
        case ReceiveMessage():
            return not_subscribed(command)
        case ReceiveSignal():
            return MissingValue(f"Cannot find execution with id '{command.execution_id}': execution is null")
        case _:
            return unknown_job(command.job_id)
