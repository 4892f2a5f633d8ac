"""What an event does that an element instance has waited for: it ends the wait, or a boundary event takes over (BPMN page §8)."""

from __future__ import annotations

from domain.decision import Decision
from domain.elements import BoundaryEvent
from domain.flow import cancel, put_token
from domain.values import Variables
from domain.variables import set_local, set_variables


def deliver(decision: Decision, subscription: int, variables: Variables, local: Variables, triggered: Variables) -> None:
    """Let a message or signal reach an open subscription, with variables as the waiting element sees them, its own, and the event's."""
    waiting = decision.state.subscriptions[subscription]
    set_variables(decision, waiting.holder, variables)
    set_local(decision, waiting.holder, local)
    event = decision.definition.elements[waiting.element_id]
    place = decision.state.tokens[waiting.holder].scope if isinstance(event, BoundaryEvent) else waiting.holder
    set_local(decision, place, triggered)
    trigger(decision, waiting.holder, waiting.element_id)


def trigger(decision: Decision, holder: int, element_id: str) -> None:
    """What the element instance `holder` waited for has come: its own event, or the one of its boundary event."""
    event = decision.definition.elements[element_id]
    if not isinstance(event, BoundaryEvent):
        decision.later(("complete", holder))
        return
    scope = decision.state.tokens[holder].scope
    if event.interrupting:
        cancel(decision, holder)
    put_token(decision, event, scope)
