"""Decisions about what is inside a running process instance: user tasks, variables, incidents."""

from __future__ import annotations

from domain.commands import AnnotateIncident, CompleteUserTask, CreateIncident, ModifyVariables, ResolveIncident
from domain.decision import Decision
from domain.elements import UserTask
from domain.facts import (
    IncidentAnnotated,
    IncidentDismissed,
    IncidentRaised,
    IncidentReported,
    IncidentResolved,
    UserTaskCompleted,
    VariablesModified,
    VariablesRemoved,
)
from domain.ids import ordinal_of
from domain.refusals import MissingValue, NotFound, Rejected, Suspended
from domain.state import TASK
from domain.variables import refuse_java_serialization, set_local, set_variables


def complete_user_task(decision: Decision, command: CompleteUserTask) -> None:
    """End the wait of a user task; its process instance goes on."""
    key = ordinal_of(command.task_id) - TASK
    if not decision.state.is_waiting(key) or not isinstance(decision.element(key), UserTask):
        raise MissingValue(f"Cannot find task with id {command.task_id}: task is null")
    if decision.state.suspended:
        raise Suspended(f"ENGINE-03050 Task with id '{command.task_id}' is suspended.")
    refuse_java_serialization(command.variables)
    decision.record(UserTaskCompleted(key, command.variables))
    set_variables(decision, key, command.variables)
    decision.later(("complete", key))
    decision.settle()


def modify_variables(decision: Decision, command: ModifyVariables) -> None:
    """Set variables as seen from an execution, then remove others; all or nothing."""
    scope = decision.state.scope_of_execution(ordinal_of(command.execution_id))
    if scope is None:
        raise MissingValue(f"execution {command.execution_id} doesn't exist: execution is null")
    refuse_java_serialization(command.modifications)
    decision.record(VariablesModified(scope, command.modifications, command.deletions, command.local))
    if command.local:
        set_local(decision, scope, command.modifications)
    else:
        set_variables(decision, scope, command.modifications)
    for name in command.deletions:
        _remove(decision, scope, name, command.local)


def _remove(decision: Decision, scope: int, name: str, local: bool) -> None:
    for key in [scope] if local else decision.state.scope_chain(scope):
        if name in decision.state.variables.get(key, {}):
            decision.record(VariablesRemoved(key, (name,)))
            return


def create_incident(decision: Decision, command: CreateIncident) -> int:
    """Create an incident at the element that an execution is in, and return its key."""
    state, ordinal = decision.state, ordinal_of(command.execution_id)
    place = _place_of(decision, ordinal)
    if place is None:
        raise Rejected(f"Cannot find an execution with executionId '{command.execution_id}': execution is null")
    decision.record(IncidentReported(ordinal, command.incident_type, command.configuration, command.message))
    decision.record(
        IncidentRaised(
            state.next_key,
            command.incident_type,
            place,
            state.tokens[place].element_id,
            state.definition_id,
            command.configuration,
            command.message,
            state.tenant_id,
            of=state.next_key,
            execution=ordinal,
        )
    )
    return state.next_key


def _place_of(decision: Decision, ordinal: int) -> int | None:
    """The element instance that an incident of an execution belongs to."""
    state = decision.state
    scope = state.scope_of_execution(ordinal)
    if scope is None:
        return None
    beside = state.token_beside(ordinal)
    if state.is_waiting(beside):
        return beside
    return scope or next((key for key in state.tokens_in(0) if state.is_waiting(key)), None)


def resolve_incident(decision: Decision, command: ResolveIncident) -> None:
    """Resolve an incident that somebody created; others end with what failed."""
    incident = decision.state.incidents.get(ordinal_of(command.incident_id))
    if incident is None:
        raise NotFound(f"Cannot find an incident with id '{command.incident_id}': incident is null")
    if incident.of != incident.key:
        raise Rejected(f"Cannot resolve an incident of type {incident.incident_type}")
    decision.record(IncidentDismissed(incident.key))
    decision.record(IncidentResolved(incident.key))


def annotate_incident(decision: Decision, command: AnnotateIncident) -> None:
    key = ordinal_of(command.incident_id)
    if key not in decision.state.incidents:
        raise Rejected("incident is null")
    decision.record(IncidentAnnotated(key, command.annotation))


def unknown_instance(instance_id: str) -> NotFound:
    return NotFound(f"No process instance found for id '{instance_id}': processInstance is null")
