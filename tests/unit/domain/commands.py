"""Commands of a worker `w` and of users, about the parts of the one instance that tests have; a task is named by its element's key."""

from __future__ import annotations

from domain.commands import (
    AnnotateIncident,
    CompleteExternalTask,
    CompleteUserTask,
    CreateIncident,
    DeleteProcessInstance,
    ExtendExternalTaskLock,
    FailExternalTask,
    HideHistory,
    LockExternalTask,
    ModifyVariables,
    RaiseBpmnError,
    ResolveIncident,
    SetExternalTaskPriority,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
    UnlockExternalTask,
)
from domain.event_commands import ReceiveMessage, ReceiveSignal, SignalExecution
from domain.ids import part_id
from domain.instructions import Instruction
from domain.job_commands import (
    DeleteJob,
    ExecuteJob,
    FailJob,
    RecalculateJobDueDate,
    SetJobDueDate,
    SetJobPriority,
    SetJobRetries,
    SuspendJob,
)
from domain.modification_commands import ModifyProcessInstance
from domain.state import SCOPE_EXECUTION, TASK
from domain.values import Value
from tests.unit.domain.given import INSTANCE, Plain, values

DURATION = 60_000


def task_id(key: int) -> str:
    """The id of the external or user task of an element instance."""
    return part_id(INSTANCE, key + TASK)


def execution_id(key: int) -> str:
    """The id of an element instance's own execution, 0 for the process instance's."""
    return part_id(INSTANCE, key + SCOPE_EXECUTION if key else 0)


def start(business_key: str | None = None, **variables: Plain) -> StartProcessInstance:
    return StartProcessInstance(business_key=business_key, variables=values(**variables))


def lock(key: int, worker: str = "w", duration: int = DURATION) -> LockExternalTask:
    return LockExternalTask(task_id(key), worker, duration)


def extend(key: int, worker: str = "w", duration: int = DURATION) -> ExtendExternalTaskLock:
    return ExtendExternalTaskLock(task_id(key), worker, duration)


def unlock(key: int) -> UnlockExternalTask:
    return UnlockExternalTask(task_id(key))


def complete(key: int, local: dict[str, Value] | None = None, worker: str = "w", **variables: Plain) -> CompleteExternalTask:
    return CompleteExternalTask(task_id(key), worker, values(**variables), local or {})


def fail(key: int, message: str | None = "boom", details: str | None = None, retries: int = 0, timeout: int = 0) -> FailExternalTask:
    return FailExternalTask(task_id(key), "w", message, details, retries, timeout)


def bpmn_error(key: int, code: str = "E", message: str | None = None, worker: str = "w", **variables: Plain) -> RaiseBpmnError:
    return RaiseBpmnError(task_id(key), worker, code, message, values(**variables))


def set_retries(key: int, retries: int) -> SetExternalTaskRetries:
    return SetExternalTaskRetries((task_id(key),), retries)


def set_priority(key: int, priority: int) -> SetExternalTaskPriority:
    return SetExternalTaskPriority(task_id(key), priority)


def complete_user_task(key: int, **variables: Plain) -> CompleteUserTask:
    return CompleteUserTask(task_id(key), values(**variables))


def modify(scope: int = 0, *deletions: str, local: bool = False, **modifications: Plain) -> ModifyVariables:
    """Modify variables as seen from the execution of an element instance, 0 for the process instance's own."""
    return ModifyVariables(execution_id(scope), values(**modifications), deletions, local)


def suspend() -> SuspendProcessInstance:
    return SuspendProcessInstance(INSTANCE, True)


def resume() -> SuspendProcessInstance:
    return SuspendProcessInstance(INSTANCE, False)


def delete(reason: str | None = None, skip_io_mappings: bool = False) -> DeleteProcessInstance:
    return DeleteProcessInstance(INSTANCE, reason, skip_io_mappings)


def annotate(key: int, annotation: str | None) -> AnnotateIncident:
    """Annotate the incident with the key `key`."""
    return AnnotateIncident(part_id(INSTANCE, key), annotation)


def create_incident(ordinal: int, configuration: str | None = None, message: str | None = "stuck") -> CreateIncident:
    """Create an incident at an execution, given by its ordinal."""
    return CreateIncident(part_id(INSTANCE, ordinal), "custom", configuration, message)


def resolve_incident(key: int) -> ResolveIncident:
    return ResolveIncident(part_id(INSTANCE, key))


def hide_history() -> HideHistory:
    return HideHistory(INSTANCE)


def message(
    holder: int, name: str = "m", local: dict[str, Value] | None = None, triggered: dict[str, Value] | None = None, **variables: Plain
) -> ReceiveMessage:
    """Let a message reach the element instance `holder`."""
    return ReceiveMessage(execution_id(holder), name, values(**variables), local or {}, triggered or {})


def signal(name: str = "s", holder: int | None = None, **variables: Plain) -> ReceiveSignal:
    """Let a signal reach the instance; with `holder`, that element instance alone."""
    return ReceiveSignal(INSTANCE, name, values(**variables), None if holder is None else execution_id(holder))


def move_on(ordinal: int, **variables: Plain) -> SignalExecution:
    """Move on whatever an execution is in, given by its ordinal."""
    return SignalExecution(part_id(INSTANCE, ordinal), values(**variables))


def job_id(key: int) -> str:
    return part_id(INSTANCE, key)


def execute(key: int) -> ExecuteJob:
    return ExecuteJob(job_id(key))


def fail_job(key: int, why: str = "crash") -> FailJob:
    return FailJob(job_id(key), why)


def set_job_retries(key: int, retries: int, due: int | None = None) -> SetJobRetries:
    return SetJobRetries(job_id(key), retries, due)


def set_due(key: int, due: int | None, cascade: bool = False) -> SetJobDueDate:
    return SetJobDueDate(job_id(key), due, cascade)


def recalculate(key: int, creation_date_based: bool = False) -> RecalculateJobDueDate:
    return RecalculateJobDueDate(job_id(key), creation_date_based)


def set_job_priority(key: int, priority: int) -> SetJobPriority:
    return SetJobPriority(job_id(key), priority)


def suspend_job(key: int, suspended: bool = True) -> SuspendJob:
    return SuspendJob(job_id(key), suspended)


def delete_job(key: int) -> DeleteJob:
    return DeleteJob(job_id(key))


def modify_tokens(*instructions: Instruction, skip_io_mappings: bool = False) -> ModifyProcessInstance:
    return ModifyProcessInstance(INSTANCE, instructions, skip_io_mappings)
