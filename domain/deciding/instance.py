"""Decisions about what is inside a running process instance: user tasks, variables, incidents."""

from __future__ import annotations

from domain.commands import AnnotateIncident, CompleteUserTask, ModifyVariables
from domain.decision import Decision
from domain.elements import UserTask
from domain.facts import IncidentAnnotated, UserTaskCompleted, VariablesModified, VariablesRemoved
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


def annotate_incident(decision: Decision, command: AnnotateIncident) -> None:
    key = ordinal_of(command.incident_id)
    if key not in decision.state.incidents:
        raise Rejected("incident is null")
    decision.record(IncidentAnnotated(key, command.annotation))


def unknown_instance(instance_id: str) -> NotFound:
    return NotFound(f"No process instance found for id '{instance_id}': processInstance is null")
