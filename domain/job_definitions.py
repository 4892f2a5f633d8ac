"""The kinds of jobs that instances of a process can have: one for each asynchronous border and each timer of its model (BPMN page §8)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.elements import BoundaryEvent, CatchEvent, Element, ProcessDefinition, TriggeredStartEvent
from domain.facts import JobDefinition
from domain.ids import named_id, stream_of_definition
from domain.state import ASYNC_AFTER, ASYNC_BEFORE, TIMER
from domain.triggers import TimerTrigger

_TIMERS = {BoundaryEvent: "timer-transition", CatchEvent: "timer-intermediate-transition", TriggeredStartEvent: "timer-start-event"}
CONTINUATION = "async-continuation"


def job_definitions(definition: ProcessDefinition) -> tuple[JobDefinition, ...]:
    """All job definitions of a process, in document order."""
    return tuple(found for element in definition.elements.values() for found in _of_element(element))


def _of_element(element: Element) -> Iterator[JobDefinition]:
    if element.async_before:
        yield JobDefinition(element.id, CONTINUATION, ASYNC_BEFORE)
    if element.async_after:
        yield JobDefinition(element.id, CONTINUATION, ASYNC_AFTER)
    if isinstance(element, BoundaryEvent | CatchEvent | TriggeredStartEvent) and isinstance(element.trigger, TimerTrigger):
        timer = element.trigger
        yield JobDefinition(element.id, _TIMERS[type(element)], f"{timer.kind}: {timer.time.text}")


def kind_of(job_definition: JobDefinition) -> str:
    """The kind of the jobs of a job definition, as in `JobCreated`."""
    return job_definition.configuration if job_definition.handler == CONTINUATION else TIMER


def job_definition_id(definition_id: str, element_id: str, kind: str) -> str:
    """The id of the job definition of an element's jobs of a kind."""
    return named_id(stream_of_definition(definition_id), f"{kind}/{element_id}")
