"""Which definitions may make decisions long: these run in a thread, so that no model keeps the event loop from answering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import msgspec

from api.engine.long_work import LONG
from domain.elements import BoundaryEvent, CatchEvent, Element, ExternalTask, ProcessDefinition, ReceiveTask, UserTask
from domain.expressions import Expression
from domain.triggers import SignalTrigger


def may_take_long(definition: ProcessDefinition) -> bool:
    """Tell whether a definition has many elements, a loop that waits for nobody, or an expression that calls something."""
    return (
        len(definition.elements) > LONG
        or runs_in_circles(definition)
        or any(not expression.is_literal and "(" in expression.text for expression in expressions_in(definition.elements))
    )


def runs_in_circles(definition: ProcessDefinition) -> bool:
    """Tell whether a token can come back to an element without having waited for anything from outside."""
    ways = {element.id: _ways(definition, element) for element in definition.elements.values()}
    try:
        TopologicalSorter(ways).prepare()
    except CycleError:
        return True
    return False


def _ways(definition: ProcessDefinition, element: Element) -> set[str]:
    """Where a token goes on from an element by itself."""
    if element.async_before:
        return set()
    waits = _waits(element)
    flows = () if waits or element.async_after else element.outgoing
    events = (event for event in element.boundary_events if not waits or _may_signal_itself(definition.elements[event]))
    return {*(flow.target for flow in flows), *events}


def _waits(element: Element) -> bool:
    """Tell whether a token stays in an element until another command comes."""
    waits = isinstance(element, ExternalTask | UserTask | CatchEvent | ReceiveTask)
    return waits and not _may_signal_itself(element)


def _may_signal_itself(event: Element) -> bool:
    """Tell whether an event waits for a signal: the process may throw it itself, at another place."""
    return isinstance(event, CatchEvent | BoundaryEvent) and isinstance(event.trigger, SignalTrigger)


def expressions_in(part: object) -> Iterator[Expression]:
    """Find the expressions anywhere in a part of a definition."""
    if isinstance(part, Expression):
        yield part
        return
    inner: tuple[object, ...] = ()
    if isinstance(part, msgspec.Struct):
        inner = tuple(getattr(part, name) for name in part.__struct_fields__)
    elif isinstance(part, Mapping):
        inner = tuple(part.values())
    elif isinstance(part, tuple):
        inner = part
    for one in inner:
        yield from expressions_in(one)
