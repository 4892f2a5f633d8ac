"""Decisions about one external task (REST contract §6). Those that move the process work on a `Decision` of its instance."""

from __future__ import annotations

from msgspec.structs import replace

from domain.commands import (
    CompleteExternalTask,
    ExtendExternalTaskLock,
    FailExternalTask,
    LockExternalTask,
    RaiseBpmnError,
)
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import ErrorDefinition, ExternalTask
from domain.errors import throw
from domain.external_task import ERROR_MESSAGE_LENGTH, ExternalTaskFact, ExternalTaskState
from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExpired,
    ExternalTaskLockExtended,
    ExternalTaskRetriesSet,
    IncidentRaised,
    IncidentResolved,
)
from domain.refusals import ExecutionFailed, NotOwner, Rejected, Suspended
from domain.values import Value
from domain.variables import refuse_java_serialization, set_local, set_variables

FAILED_EXTERNAL_TASK = "failedExternalTask"


def lock(task: ExternalTaskState, command: LockExternalTask, at: int) -> list[ExternalTaskFact]:
    """Lock a task that is free, expired or the worker's own; retries and suspension do not matter."""
    free = task.lock_until is None or task.lock_until <= at or task.worker_id == command.worker_id
    if not free:
        raise NotOwner(f"External Task {task.id} cannot be locked by worker '{command.worker_id}'. {_owner(task)}")
    locked = ExternalTaskLocked(command.worker_id, command.lock_duration, at + command.lock_duration)
    return [*_expiry(task, at), locked]


def _expiry(task: ExternalTaskState, at: int) -> list[ExternalTaskFact]:
    return [ExternalTaskLockExpired()] if task.lock_expired(at) else []


def extend(task: ExternalTaskState, command: ExtendExternalTaskLock, at: int) -> list[ExternalTaskFact]:
    """Let a lock that still holds end `new_duration` from now."""
    if task.worker_id != command.worker_id:
        raise NotOwner(f"The lock of the External Task {task.id} cannot be extended by worker '{command.worker_id}''. {_owner(task)}")
    if task.lock_until is None or task.lock_until < at:
        raise Rejected(f"Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to {at}")
    _refuse_suspended(task)
    return [ExternalTaskLockExtended(command.worker_id, command.new_duration, at + command.new_duration)]


def complete(decision: Decision, task: ExternalTaskState, command: CompleteExternalTask) -> None:
    """End the task's work: its process instance goes on, unless an error definition of the task turns the end into a BPMN error."""
    _check_owner(task, command.worker_id, "External Task {id} cannot be completed by worker '{worker}'.")
    decision.task = task
    decision.record_for_task(task.key, ExternalTaskCompleted(command.worker_id, command.variables, command.local_variables))
    decision.task_reported = task.key
    _take_variables(decision, task, command.variables, command.local_variables)
    error = _matching_error(decision, task)
    if error is not None:
        decision.record_for_task(task.key, ExternalTaskCancelled())
        _propagate(decision, task, error, task.error_message)
        return
    _resolve_incident(decision, task)
    decision.later(("complete", task.key))
    decision.settle()


def needs_instance_to_fail(task: ExternalTaskState, element: ExternalTask, command: FailExternalTask) -> bool:
    """Tell whether a failure concerns the process instance too: else it touches the task's stream alone."""
    return bool(command.variables or command.local_variables or element.error_definitions or command.retries == 0 or task.retries == 0)


def fail(decision: Decision | None, task: ExternalTaskState, command: FailExternalTask) -> list[ExternalTaskFact]:
    """Report a failure. Without a decision (see `needs_instance_to_fail`) the fact is all there is."""
    _check_owner(task, command.worker_id, "Failure of External Task {id} cannot be reported by worker '{worker}'.")
    failed = ExternalTaskFailed(
        command.worker_id,
        command.error_message,
        command.error_details,
        command.retries,
        command.retry_timeout,
        command.variables,
        command.local_variables,
    )
    if decision is None:
        return [failed]
    decision.record_for_task(task.key, failed)
    _take_variables(decision, task, command.variables, command.local_variables)
    _react_to_failure(decision, task, command)
    return []


def _react_to_failure(decision: Decision, task: ExternalTaskState, command: FailExternalTask) -> None:
    message = command.error_message[:ERROR_MESSAGE_LENGTH] if command.error_message is not None else None
    details = command.error_details if command.error_details is not None else task.error_details
    decision.task = replace(task, error_message=message, error_details=details)
    error = _matching_error(decision, task, tolerant=True)
    if error is not None:
        _propagate(decision, task, error, message)
    else:
        _follow_retries(decision, decision.task, command.retries)


def raise_bpmn_error(decision: Decision, task: ExternalTaskState, command: RaiseBpmnError) -> None:
    """End the task by a BPMN error, caught or not."""
    _check_owner(task, command.worker_id, "Bpmn error of External Task {id} cannot be reported by worker '{worker}'.")
    if command.error_code == "":
        raise ExecutionFailed("Error Code is empty")
    if command.error_message == "":
        raise ExecutionFailed("Error Message is empty")
    decision.task = task
    raised = ExternalTaskBpmnErrorRaised(command.worker_id, command.error_code, command.error_message, command.variables)
    decision.record_for_task(task.key, raised)
    decision.task_reported = task.key
    _take_variables(decision, task, command.variables, {})
    _propagate(decision, task, command.error_code, command.error_message)


def set_retries(decision: Decision, task: ExternalTaskState, retries: int) -> None:
    """Set how often the task may still be tried; 0 raises an incident, more resolves it."""
    decision.record_for_task(task.key, retries_set(retries))
    _follow_retries(decision, task, retries)


def retries_set(retries: int) -> ExternalTaskFact:
    return ExternalTaskRetriesSet(retries)


def _check_owner(task: ExternalTaskState, worker_id: str, text: str) -> None:
    if task.worker_id != worker_id:
        raise NotOwner(f"{text.format(id=task.id, worker=worker_id)} {_owner(task)}")
    _refuse_suspended(task)


def _owner(task: ExternalTaskState) -> str:
    return f"It is locked by worker '{'null' if task.worker_id is None else task.worker_id}'."


def _refuse_suspended(task: ExternalTaskState) -> None:
    if task.suspended:
        raise Suspended(f"ENGINE-03043 ExternalTask with id '{task.id}' is suspended.")


def _take_variables(decision: Decision, task: ExternalTaskState, variables: dict[str, Value], local: dict[str, Value]) -> None:
    refuse_java_serialization(variables)
    refuse_java_serialization(local)
    set_variables(decision, task.key, variables)
    set_local(decision, task.key, local)


def _matching_error(decision: Decision, task: ExternalTaskState, tolerant: bool = False) -> str | None:
    """The code of the first error definition that holds. `tolerant`: one that cannot be evaluated does not hold."""
    element = decision.element(task.key)
    assert isinstance(element, ExternalTask)
    context = ScopeContext(decision, task.key, activity=task.key)
    for definition in element.error_definitions:
        if _matches(definition, context, tolerant):
            if definition.error_code is None:
                raise ExecutionFailed("errorCode is null", "NullValueException")
            return definition.error_code
    return None


def _matches(definition: ErrorDefinition, context: ScopeContext, tolerant: bool) -> bool:
    if definition.expression is None:
        return False
    try:
        return definition.expression.evaluate(context) is True
    except ExecutionFailed:
        if tolerant:
            return False
        raise


def _propagate(decision: Decision, task: ExternalTaskState, error_code: str, message: str | None) -> None:
    try:
        throw(decision, task.key, error_code, message)
        decision.settle()
    except ExecutionFailed as failure:
        raise ExecutionFailed(f"ENGINE-13033 Propagation of bpmn error {error_code} failed. ") from failure


def _follow_retries(decision: Decision, task: ExternalTaskState, retries: int) -> None:
    if retries > 0:
        _resolve_incident(decision, task)
    elif task.key not in decision.state.incident_of and task.retries != 0:
        raised = IncidentRaised(
            decision.state.next_key,
            FAILED_EXTERNAL_TASK,
            task.key,
            task.element_id,
            task.definition_id,
            task.id,
            task.error_message,
            task.tenant_id,
        )
        decision.record(raised)


def _resolve_incident(decision: Decision, task: ExternalTaskState) -> None:
    incident = decision.state.incident_of.get(task.key)
    if incident is not None:
        decision.record(IncidentResolved(incident))
