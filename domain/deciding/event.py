"""Decisions about messages and signals that reach a running instance, and executions that somebody moves on (REST contract §10.5)."""

from __future__ import annotations

from domain.decision import Decision
from domain.elements import CatchEvent, ExternalTask, ReceiveTask, UserTask, is_scope
from domain.event_commands import EventCommand, ReceiveMessage, ReceiveSignal, SignalExecution
from domain.facts import ExecutionSignalled, MessageCorrelated, SignalReceived
from domain.ids import ordinal_of
from domain.refusals import ExecutionFailed, MissingValue, Suspended
from domain.signals import receivers
from domain.state import SCOPE_EXECUTION
from domain.triggering import deliver
from domain.variables import refuse_java_serialization, set_variables
from domain.waiting import MESSAGE


class NotSubscribed(ExecutionFailed):
    """The execution does not wait for the message or signal."""


def decide(decision: Decision, command: EventCommand) -> None:
    match command:
        case ReceiveMessage():
            receive_message(decision, command)
        case ReceiveSignal():
            receive_signal(decision, command)
        case SignalExecution():
            signal_execution(decision, command)


def receive_message(decision: Decision, command: ReceiveMessage) -> None:
    """Let a message reach the execution that waits for it."""
    key = subscription_of(decision, command)
    if key is None:
        raise not_subscribed(command)
    _refuse_suspended(decision, command.execution_id)
    for variables in (command.variables, command.local_variables, command.triggered_variables):
        refuse_java_serialization(variables)
    decision.record(MessageCorrelated(key, command.variables, command.local_variables, command.triggered_variables))
    deliver(decision, key, command.variables, command.local_variables, command.triggered_variables)
    decision.settle()


def subscription_of(decision: Decision, command: ReceiveMessage) -> int | None:
    """The subscription of an execution for a message."""
    holder = ordinal_of(command.execution_id) - SCOPE_EXECUTION
    found = sorted(decision.state.awaited.get((MESSAGE, command.name), ()))
    return next((key for key in found if decision.state.subscriptions[key].holder == holder), None)


def not_subscribed(command: ReceiveMessage) -> NotSubscribed:
    return NotSubscribed(
        f"Execution with id '{command.execution_id}' does not have a subscription to a message event with name '{command.name}': "
        "eventSubscriptions is empty"
    )


def receive_signal(decision: Decision, command: ReceiveSignal) -> None:
    """Let a signal reach the instance's subscriptions, each up to its next wait state before the next one has it."""
    holder = None if command.execution_id is None else ordinal_of(command.execution_id) - SCOPE_EXECUTION
    keys = receivers(decision, command.name, holder)
    if not keys:
        raise NotSubscribed(f"Execution '{command.execution_id}' has not subscribed to a signal event with name '{command.name}'. is empty")
    _refuse_suspended(decision, command.execution_id or decision.state.id)
    refuse_java_serialization(command.variables)
    decision.record(SignalReceived(command.name, command.variables, holder))
    for key in keys:
        if key in decision.state.subscriptions:
            deliver(decision, key, command.variables, {}, {})
            decision.settle()


def signal_execution(decision: Decision, command: SignalExecution) -> None:
    """End the wait of the activity that an execution is in, whatever it waits for."""
    key = _current_activity(decision, ordinal_of(command.execution_id))
    if key is None:
        raise ExecutionFailed(f"cannot signal execution {command.execution_id}: it has no current activity")
    element = decision.element(key)
    if not isinstance(element, ReceiveTask | CatchEvent | UserTask | ExternalTask):
        raise ExecutionFailed(f"ENGINE-02010 The activity with id '{element.id}' doesn't accept signals.")
    _refuse_suspended(decision, command.execution_id)
    refuse_java_serialization(command.variables)
    decision.record(ExecutionSignalled(ordinal_of(command.execution_id), command.variables))
    set_variables(decision, key, command.variables)
    decision.behaviour(element).terminate(decision, key)
    decision.later(("complete", key))
    decision.settle()


def _current_activity(decision: Decision, ordinal: int) -> int | None:
    """The element instance that runs on an execution itself."""
    state = decision.state
    own, beside = ordinal - SCOPE_EXECUTION, state.token_beside(ordinal)
    scope = state.scope_of_execution(ordinal)
    if scope is None:
        raise MissingValue(f"execution {state.part(ordinal)} doesn't exist: execution is null")
    if scope and scope == own and not state.children.get(own):
        return own
    alone = [beside] if state.is_waiting(beside) else state.tokens_in(scope)
    return next((key for key in alone[:1] if len(alone) == 1 and state.is_waiting(key) and not is_scope(decision.element(key))), None)


def _refuse_suspended(decision: Decision, execution_id: str) -> None:
    if decision.state.suspended:
        raise Suspended(f"ENGINE-03043 Execution with id '{execution_id}' is suspended.")
