"""BPMN errors: who catches them, and what catching does (BPMN page §5)."""

from __future__ import annotations

from domain.decision import Decision
from domain.elements import ErrorBoundaryEvent
from domain.facts import ErrorThrown
from domain.flow import cancel, depart, put_token
from domain.values import NULL, Value
from domain.variables import set_variables


def throw(decision: Decision, key: int, error_code: str, error_message: str | None) -> None:
    """Let a BPMN error leave an element instance: to the nearest handler, or the token just ends."""
    caught = _handler(decision, key, error_code)
    decision.record(ErrorThrown(key, error_code, error_message, caught[1].id if caught else None))
    if caught is None:
        decision.behaviour(decision.element(key)).terminate(decision, key)
        depart(decision, key, ())
    else:
        _catch(decision, *caught, error_code, error_message)


def _handler(decision: Decision, key: int, error_code: str) -> tuple[int, ErrorBoundaryEvent] | None:
    """The nearest boundary event for the code, and the element instance that it interrupts. A code is preferred to a catch-all."""
    for host in decision.state.scope_chain(key)[:-1]:
        events = [decision.definition.elements[event_id] for event_id in decision.element(host).boundary_events]
        fitting = [e for e in events if isinstance(e, ErrorBoundaryEvent) and e.error_code in (None, error_code)]
        if fitting:
            return host, min(fitting, key=lambda event: event.error_code is None)
    return None


def _catch(decision: Decision, host: int, event: ErrorBoundaryEvent, error_code: str, error_message: str | None) -> None:
    scope = decision.state.tokens[host].scope
    set_variables(decision, host, _error_variables(event, error_code, error_message))
    cancel(decision, host)
    put_token(decision, event, scope)


def _error_variables(event: ErrorBoundaryEvent, error_code: str, error_message: str | None) -> dict[str, Value]:
    variables = {}
    if event.code_variable is not None:
        variables[event.code_variable] = Value("String", error_code)
    if event.message_variable is not None:
        variables[event.message_variable] = NULL if error_message is None else Value("String", error_message)
    return variables
