"""From a cause to the command that left it: what is decided again when an instance is replayed."""

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
from domain.event_commands import EventCommand, ReceiveMessage, ReceiveSignal, SignalExecution
from domain.facts import (
    ExecutionSignalled,
    Fact,
    HistoryHidden,
    IncidentAnnotated,
    IncidentDismissed,
    IncidentReported,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRetriesSet,
    JobSuspensionSet,
    MessageCorrelated,
    ProcessInstanceDeleted,
    ProcessInstanceModified,
    ProcessInstanceResumed,
    ProcessInstanceSuspended,
    SignalReceived,
    UserTaskCompleted,
    VariablesModified,
)
from domain.job_commands import (
    DeleteJob,
    ExecuteJob,
    FailJob,
    JobCommand,
    RecalculateJobDueDate,
    SetJobDueDate,
    SetJobPriority,
    SetJobRetries,
    SuspendJob,
)
from domain.modification_commands import ModifyProcessInstance
from domain.state import SCOPE_EXECUTION, TASK, InstanceState


def instance_command(state: InstanceState, fact: Fact) -> InstanceCommand:  # noqa: C901 - one branch per cause
    """The command whose cause stands in the stream of an instance."""
    match fact:
        case UserTaskCompleted(key, variables):
            return CompleteUserTask(state.part(key + TASK), variables)
        case VariablesModified(scope, modifications, deletions, local):
            return ModifyVariables(state.part(scope + SCOPE_EXECUTION if scope else 0), modifications, deletions, local)
        case ProcessInstanceSuspended() | ProcessInstanceResumed():
            return SuspendProcessInstance(state.id, isinstance(fact, ProcessInstanceSuspended))
        case ProcessInstanceDeleted(reason, skip_io_mappings):
            return DeleteProcessInstance(state.id, reason, skip_io_mappings)
        case ProcessInstanceModified(instructions, skip_io_mappings, annotation):
            return ModifyProcessInstance(state.id, instructions, skip_io_mappings, annotation)
        case HistoryHidden():
            return HideHistory(state.id)
        case IncidentAnnotated(key, annotation):
            return AnnotateIncident(state.part(key), annotation)
        case IncidentReported(execution, incident_type, configuration, message):
            return CreateIncident(state.part(execution), incident_type, configuration, message)
        case IncidentDismissed(key):
            return ResolveIncident(state.part(key))
        case _:
            return _event_command(state, fact) or _job_command(state, fact)


def _event_command(state: InstanceState, fact: Fact) -> EventCommand | None:
    match fact:
        case MessageCorrelated(key, variables, local_variables, triggered_variables):
            subscription = state.subscriptions[key]
            execution_id = state.part(subscription.holder + SCOPE_EXECUTION)
            return ReceiveMessage(execution_id, subscription.name, variables, local_variables, triggered_variables)
        case SignalReceived(name, variables, holder):
            return ReceiveSignal(state.id, name, variables, None if holder is None else state.part(holder + SCOPE_EXECUTION))
        case ExecutionSignalled(execution, variables):
            return SignalExecution(state.part(execution), variables)
        case _:
            return None


def _job_command(state: InstanceState, fact: Fact) -> JobCommand:  # noqa: C901 - one branch per cause
    match fact:
        case JobExecuted(key):
            return ExecuteJob(state.part(key))
        case JobFailed(key, message):
            return FailJob(state.part(key), message) if fact.reported else ExecuteJob(state.part(key))
        case JobRetriesSet(key, retries, due):
            return SetJobRetries(state.part(key), retries, due)
        case JobDueDateSet(key, due, cascade):
            return SetJobDueDate(state.part(key), due, cascade)
        case JobDueDateRecalculated(key):
            return RecalculateJobDueDate(state.part(key), fact.creation_date_based)
        case JobPrioritySet(key, priority):
            return SetJobPriority(state.part(key), priority)
        case JobSuspensionSet(key, suspended):
            return SuspendJob(state.part(key), suspended)
        case JobDeleted(key):
            return DeleteJob(state.part(key))
        case _:
            raise AssertionError(f"{type(fact).__name__} is no cause in the stream of a process instance")
