"""What starts a definition while it is the latest version of its process: messages, signals and timers (BPMN page §8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.context import NoScope
from domain.elements import ProcessDefinition, TriggeredStartEvent
from domain.facts import Fact, JobCreated, StartSubscriptionOpened
from domain.ids import derived_id, stream_of_definition
from domain.priorities import priority_of
from domain.refusals import ExecutionFailed
from domain.state import TIMER
from domain.timers import moment_of
from domain.triggers import MessageTrigger, TimerTrigger
from domain.waiting import MESSAGE, SIGNAL, event_name


def start_events(definition: ProcessDefinition) -> Iterator[TriggeredStartEvent]:
    """The events of the process itself that something sets off."""
    return (e for e in definition.elements.values() if isinstance(e, TriggeredStartEvent) and e.scope is None)


def start_messages(definition: ProcessDefinition) -> list[str]:
    """The names of the messages that start a definition."""
    return [event.trigger.name.text for event in start_events(definition) if isinstance(event.trigger, MessageTrigger)]


def refuse_claimed_messages(definitions: Sequence[ProcessDefinition], claimed: Mapping[str, str]) -> None:
    """One message starts one process of a tenant. `claimed` has the keys of processes by the messages that start them now."""
    claims = dict(claimed)
    for definition in definitions:
        for name in start_messages(definition):
            if claims.setdefault(name, definition.key) != definition.key:
                why = f"there already is a message event subscription for the message with name '{name}'."
                raise ExecutionFailed(f"ENGINE-01011 Cannot deploy process definition '{definition.resource}': {why}")


def open_starts(definition: ProcessDefinition, seed: str, now: int) -> list[tuple[str, Fact]]:
    """Facts with the ids of their streams: from now on the definition is what its messages, signals and timers start."""
    return [_opened(definition, event, seed, now) for event in start_events(definition)]


def _opened(definition: ProcessDefinition, event: TriggeredStartEvent, seed: str, now: int) -> tuple[str, Fact]:
    trigger = event.trigger
    if isinstance(trigger, TimerTrigger):
        return derived_id(seed, f"{definition.id}/{event.id}"), first_timer(definition, event, trigger, now)
    kind = MESSAGE if isinstance(trigger, MessageTrigger) else SIGNAL
    opened = StartSubscriptionOpened(event.id, kind, event_name(trigger.name, NoScope(now)), definition.id, definition.tenant_id)
    return stream_of_definition(definition.id), opened


def first_timer(definition: ProcessDefinition, event: TriggeredStartEvent, timer: TimerTrigger, now: int) -> JobCreated:
    """The first firing of a start timer. Raises ExecutionFailed for what is no time."""
    moment = moment_of(timer, NoScope(now), event.id, now)
    return scheduled(definition, event, moment.due, moment.cycle, now)


def scheduled(
    definition: ProcessDefinition, event: TriggeredStartEvent, due: int, repeat: str | None, now: int, offset: int = 0
) -> JobCreated:
    priority = priority_of(event.job_priority or definition.job_priority, NoScope(now))
    return JobCreated(
        0, TIMER, event.id, definition.id, due=due, repeat=repeat, priority=priority, tenant_id=definition.tenant_id, offset=offset
    )
