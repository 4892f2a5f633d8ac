"""Start, suspend, resume and delete a process instance."""

from __future__ import annotations

from domain.behaviours import BEHAVIOURS
from domain.commands import DeleteProcessInstance, HideHistory, StartProcessInstance, SuspendProcessInstance
from domain.deciding.modification import begin_at
from domain.decision import Decision
from domain.elements import ProcessDefinition
from domain.evolve import begin
from domain.facts import (
    Envelope,
    HistoryHidden,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    ProcessInstanceResumed,
    ProcessInstanceStarted,
    ProcessInstanceSuspended,
)
from domain.flow import cancel_all, put_token
from domain.refusals import ExecutionFailed, NotFound
from domain.state import InstanceState
from domain.values import NULL, Value
from domain.variables import refuse_java_serialization, set_local


def open_decision(definition: ProcessDefinition, state: InstanceState, envelope: Envelope) -> Decision:
    """Begin to decide about a running instance."""
    return Decision(definition, state, envelope, BEHAVIOURS)


def start(definition: ProcessDefinition, instance_id: str, command: StartProcessInstance, envelope: Envelope) -> Decision:
    """Start an instance and run it to its first wait states."""
    refuse_java_serialization(command.variables)
    start = command.start or definition.start
    if start is None and not command.instructions:
        raise _no_default_start(definition)
    started = ProcessInstanceStarted(
        definition.id,
        command.business_key,
        command.variables,
        definition.tenant_id,
        command.start,
        command.instructions,
        command.skip_io_mappings,
    )
    decision = open_decision(definition, begin(instance_id, started), envelope)
    decision.skip_io_mappings = command.skip_io_mappings
    decision.facts.append((0, started))
    passing = {name: value for name, value in command.variables.items() if value.transient}
    if passing:
        decision.transient[0] = passing
    _tell_initiator(decision, command)
    _put_first_tokens(decision, command, start)
    return decision


def _put_first_tokens(decision: Decision, command: StartProcessInstance, start: str | None) -> None:
    if command.instructions:
        begin_at(decision, command.instructions)
        return
    assert start is not None
    put_token(decision, decision.definition.elements[start], 0)
    decision.settle()


def _no_default_start(definition: ProcessDefinition) -> ExecutionFailed:
    why = "hence you cannot use 'startProcessInstanceBy...' but have to start it using one of the modeled start events"
    name = "null" if definition.name is None else definition.name
    return ExecutionFailed(
        f"Process '{name}' has no default start activity (e.g. none start event), {why} (e.g. message start events): initial is null",
        "NullValueException",
    )


def _tell_initiator(decision: Decision, command: StartProcessInstance) -> None:
    name, actor = decision.definition.initiator, decision.envelope.actor
    if name is not None and name not in command.variables:
        set_local(decision, 0, {name: NULL if actor is None else Value("String", actor)})


def suspend(decision: Decision, command: SuspendProcessInstance) -> None:
    """Suspend or resume; nothing where it already is so."""
    if command.suspended != decision.state.suspended:
        decision.record(ProcessInstanceSuspended() if command.suspended else ProcessInstanceResumed())


def delete(decision: Decision, command: DeleteProcessInstance) -> None:
    """Cancel everything in the instance; its outputs are mapped unless that is to be skipped."""
    decision.skip_io_mappings = command.skip_io_mappings
    decision.record(ProcessInstanceDeleted(command.reason, command.skip_io_mappings))
    cancel_all(decision, 0)
    decision.record(ProcessInstanceEnded("EXTERNALLY_TERMINATED"))


def hide_history(decision: Decision, command: HideHistory) -> None:
    """Take an ended instance out of history, once."""
    if decision.state.ended is None or decision.state.hidden:
        raise no_history(command.instance_id)
    decision.record(HistoryHidden())


def no_history(instance_id: str) -> NotFound:
    return NotFound(f"Historic process instance with id {instance_id} does not exist")
