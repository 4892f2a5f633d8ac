"""Boundary events (BPMN page §8)."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.elements import BoundaryEvent, ErrorBoundaryEvent
from domain.parsing import triggers
from domain.parsing.attributes import read_continuations
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.mappings import refuse_mapping
from domain.parsing.markup import children, extension
from domain.parsing.nodes import new_node
from domain.parsing.reading import Halted, Reading
from domain.parsing.scope import Node, Scope, common

_DEFINITIONS = (
    "timerEventDefinition",
    "errorEventDefinition",
    "signalEventDefinition",
    "cancelEventDefinition",
    "compensateEventDefinition",
    "messageEventDefinition",
    "escalationEventDefinition",
    "conditionalEventDefinition",
)
_KINDS = {
    "timerEventDefinition": "boundaryTimer",
    "signalEventDefinition": "boundarySignal",
    "messageEventDefinition": "boundaryMessage",
    "conditionalEventDefinition": "boundaryConditional",
}


def read_boundary_events(reading: Reading, scope: Scope) -> None:
    """Read the boundary events of a scope and attach them to its activities."""
    once: set[tuple[str, str | None]] = set()
    for element in children(scope.xml, "boundaryEvent"):
        node = new_node(reading, scope, element, "boundaryEvent")
        read_continuations(reading, element, node)
        host = _host(reading, scope, element)
        trigger = triggers.first_definition(element, _DEFINITIONS)
        if trigger is None:
            reading.error("Unsupported boundary event type", element)
        elif trigger[0] == "errorEventDefinition":
            _read_error(reading, scope, node, host, trigger[1])
        else:
            _read_trigger(reading, scope, node, host, trigger)
            _check_once(reading, node, trigger, host, once)
        refuse_mapping(reading, element)
        read_execution_listeners(reading, element)


def _host(reading: Reading, scope: Scope, element: Element) -> Node:
    attached_to = element.get("attachedToRef")
    if not attached_to:
        reading.error("AttachedToRef is required when using a timerEventDefinition", element)
    host = scope.nodes.get((attached_to or "").rpartition(":")[2])
    if host is None:
        where = "Make sure that the referenced activity is defined in the same scope as the boundary event"
        reading.error(f"Invalid reference in boundary event. {where}", element)
        raise Halted
    return host


def _read_error(reading: Reading, scope: Scope, node: Node, host: Node, definition: Element) -> None:
    reference = definition.get("errorRef")
    declared = reading.declared_errors.get(reference)
    node.kind = "boundaryError"
    node.flow_node = ErrorBoundaryEvent(
        **common(node, scope),
        attached_to=host.id or "",
        error_code=reference if declared is None else declared.code,
        code_variable=extension(definition, "errorCodeVariable"),
        message_variable=extension(definition, "errorMessageVariable"),
    )
    host.boundary_events.append(node.id or "")


def _read_trigger(reading: Reading, scope: Scope, node: Node, host: Node, trigger: tuple[str, Element]) -> None:
    name, definition = trigger
    match name:
        case "cancelEventDefinition":
            if host.kind != "transaction":
                text = "boundary event with cancelEventDefinition only supported on transaction subprocesses"
                reading.error(text, definition, node.id)
            reading.not_yet(node.xml, triggers.NAMES[name])
        case "compensateEventDefinition":
            node.kind = "compensationBoundaryCatch"
            _warn_of_ignored(reading, definition, node)
            reading.not_yet(node.xml, triggers.NAMES[name])
        case "escalationEventDefinition":
            if host.kind in ("subProcess", "transaction", "callActivity", "userTask"):
                triggers.handle_escalation(reading, definition, node, host.event_scope, sub_process=False)
            else:
                where = "should only be attached to a subprocess, a call activity or an user task"
                reading.error(f"An escalation boundary event {where}", node.xml)
        case _:
            if node.id is None and name in ("messageEventDefinition", "signalEventDefinition"):
                reading.error("boundary event has no id", definition)
            _read_awaited(reading, scope, node, host, trigger)


def _read_awaited(reading: Reading, scope: Scope, node: Node, host: Node, trigger: tuple[str, Element]) -> None:
    node.kind = _KINDS[trigger[0]]
    awaited = triggers.await_trigger(reading, node, trigger, host.event_scope)
    if awaited is not None:
        interrupting = node.xml.get("cancelActivity", "true").lower() == "true"
        node.flow_node = BoundaryEvent(**common(node, scope), attached_to=host.id or "", trigger=awaited, interrupting=interrupting)
        host.boundary_events.append(node.id or "")


def _warn_of_ignored(reading: Reading, definition: Element, node: Node) -> None:
    for attribute in ("activityRef", "waitForCompletion"):
        if definition.get(attribute) is not None:
            text = f"attribute '{attribute}' is not supported on catching compensation event. attribute will be ignored"
            reading.warn(text, definition, node.id)


def _check_once(reading: Reading, node: Node, trigger: tuple[str, Element], host: Node, once: set[tuple[str, str | None]]) -> None:
    name, definition = trigger
    where = {"compensateEventDefinition": "activity", "cancelEventDefinition": "transaction subprocess"}.get(name)
    if where is not None and (name, host.id) in once:
        reading.error(f"multiple boundary events with {name} not supported on same {where}", definition, node.id)
    once.add((name, host.id))
