"""Which definitions may make decisions long: these run in a thread, so that no model keeps the event loop from answering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import msgspec

from api.engine.long_work import LONG
from domain.elements import ExternalTask, ProcessDefinition, UserTask
from domain.expressions import Expression


def may_take_long(definition: ProcessDefinition) -> bool:
    """Tell whether a definition has many elements, a loop that waits for nobody, or an expression that calls something."""
    return (
        len(definition.elements) > LONG
        or runs_in_circles(definition)
        or any(not expression.is_literal and "(" in expression.text for expression in expressions_in(definition.elements))
    )


def runs_in_circles(definition: ProcessDefinition) -> bool:
    """Tell whether a token can come back to an element without having waited for a worker or a user."""
    ways = {
        element.id: {*(flow.target for flow in element.outgoing), *element.boundary_events}
        for element in definition.elements.values()
        if not isinstance(element, ExternalTask | UserTask)
    }
    try:
        TopologicalSorter(ways).prepare()
    except CycleError:
        return True
    return False


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
