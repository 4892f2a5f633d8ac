"""What an active element waits for from outside: its own message, signal or time, and those of its boundary events."""

from __future__ import annotations

from collections.abc import Iterator

from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import BoundaryEvent, CatchEvent, Element, ReceiveTask
from domain.expressions import Context, Expression, to_value
from domain.facts import IncidentDeleted, JobRemoved, SubscriptionClosed, SubscriptionOpened
from domain.refusals import ExecutionFailed
from domain.timers import schedule
from domain.triggers import MessageTrigger, SignalTrigger, TimerTrigger, Trigger

MESSAGE, SIGNAL = "message", "signal"
"""Kinds of subscriptions."""

Awaiting = BoundaryEvent | CatchEvent | ReceiveTask


def waits_for_events(element: Element) -> bool:
    """Tell whether anything from outside may concern the element while it is active."""
    return bool(element.boundary_events) or isinstance(element, CatchEvent | ReceiveTask)


def open_subscriptions(decision: Decision, key: int, element: Element) -> None:
    """Subscribe to messages and signals. This comes before the inputs, so names do not see them (BPMN page §1)."""
    for event, trigger in _awaited(decision, element):
        if not isinstance(trigger, TimerTrigger):
            _subscribe(decision, key, event, trigger)


def start_timers(decision: Decision, key: int, element: Element) -> None:
    """Schedule timers; their times see the inputs."""
    for event, trigger in _awaited(decision, element):
        if isinstance(trigger, TimerTrigger):
            assert not isinstance(event, ReceiveTask)
            schedule(decision, key, event, trigger)


def stop_waiting(decision: Decision, key: int) -> None:
    """Close whatever a token still waits for; an incident that somebody created at it ends too."""
    if key not in decision.state.held:
        return
    for held in sorted(decision.state.held[key]):
        if held in decision.state.subscriptions:
            decision.record(SubscriptionClosed(held))
        elif held in decision.state.jobs:
            _remove_job(decision, held)
        else:
            decision.record(IncidentDeleted(held))


def event_name(name: Expression, context: Context) -> str:
    """Compute the name of a message or signal."""
    if name.is_literal:
        return name.text
    value = to_value(name.evaluate(context))
    if value.content is None:
        return ""
    if value.type != "String" or not isinstance(value.content, str):
        raise ExecutionFailed(f"The event name '{name.text}' gives a {value.type}; it has to be a String.", "ClassCastException")
    return value.content


def _awaited(decision: Decision, element: Element) -> Iterator[tuple[Awaiting, Trigger]]:
    if isinstance(element, CatchEvent | ReceiveTask) and element.trigger is not None:
        yield element, element.trigger
    for event_id in element.boundary_events:
        event = decision.definition.elements[event_id]
        if isinstance(event, BoundaryEvent):
            yield event, event.trigger


def _subscribe(decision: Decision, key: int, event: Awaiting, trigger: MessageTrigger | SignalTrigger) -> None:
    state = decision.state
    kind = MESSAGE if isinstance(trigger, MessageTrigger) else SIGNAL
    name = event_name(trigger.name, ScopeContext(decision, key, activity=key))
    decision.record(SubscriptionOpened(state.next_key, kind, name, event.id, key, state.definition_id, state.tenant_id))


def _remove_job(decision: Decision, key: int) -> None:
    incident = decision.state.incident_of.get(key)
    if incident is not None:
        decision.record(IncidentDeleted(incident))
    decision.record(JobRemoved(key))
