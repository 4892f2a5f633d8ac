"""Compensation (BPMN page §10): Camunda's checks only, gesta does not run it yet."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.parsing import triggers
from domain.parsing.reading import Reading
from domain.parsing.scope import Node, Scope


def throw_compensation(reading: Reading, scope: Scope, node: Node, definition: Element) -> None:
    """Check what a throwing compensation event refers to; the activity may stand further down in the file."""
    activity = definition.get("activityRef")
    if activity is not None:
        scope.unresolved.append((definition, activity, node.id))
    if definition.get("waitForCompletion", "true") != "true":
        text = "'waitForCompletion=false' is not supported. Compensation event will wait for compensation to join."
        reading.warn(f"Unsupported attribute value for 'waitForCompletion': {text}", definition, node.id)
    reading.not_yet(node.xml, triggers.NAMES["compensateEventDefinition"])


def check_unresolved(reading: Reading, scope: Scope) -> None:
    """Report what was referred to and is not there, now that the scope is read."""
    place = scope.parent if scope.is_event_sub_process and scope.parent is not None else scope
    for definition, activity, thrower in scope.unresolved:
        if activity not in scope.nodes and activity not in place.nodes:
            text = f"no activity with id '{activity}' in scope '{place.id or 'null'}'"
            reading.error(f"Invalid attribute value for 'activityRef': {text}", definition, thrower)


def check_association(reading: Reading, scope: Scope, association: Element) -> None:
    """Check that a compensation boundary event leads to a compensation handler."""
    source = scope.nodes.get(association.get("sourceRef"))
    target = scope.nodes.get(association.get("targetRef"))
    if source is None or target is None or source.kind != "compensationBoundaryCatch" or target.compensates:
        return
    text = "compensation boundary catch must be connected to element with isForCompensation=true"
    reading.error(text, association, source.id, target.id)


def handlers_of(scope: Scope) -> dict[str | None, Element]:
    """Return the activities of a scope that are compensation handlers; they are read last."""
    return {element.get("id"): element for element in scope.xml if element.get("isForCompensation", "").lower() == "true"}


def check_flow_at_handler(
    reading: Reading, flow: Element, ends: tuple[str | None, str | None], handlers: dict[str | None, Element]
) -> bool:
    """Tell whether a sequence flow stays clear of compensation handlers; report it if not."""
    for end, direction in zip(ends, ("outgoing", "incoming"), strict=True):
        if end in handlers:
            why = "A compensation activity should not have an incoming or outgoing sequence flow."
            text = f"Invalid {direction} sequence flow of compensation activity '{end}'. {why}"
            reading.error(text, flow, end, flow.get("id"))
            return False
    return True
