"""End events (BPMN page §8)."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.elements import ErrorEndEvent, NoneEndEvent, TerminateEndEvent
from domain.parsing import triggers
from domain.parsing.attributes import read_continuations
from domain.parsing.compensation import throw_compensation
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.mappings import read_mapping
from domain.parsing.markup import children
from domain.parsing.nodes import new_node
from domain.parsing.reading import Reading
from domain.parsing.scope import Node, Scope, common
from domain.parsing.service_tasks import is_service_like, read_implementation, require_implementation

_DEFINITIONS = (
    "errorEventDefinition",
    "cancelEventDefinition",
    "terminateEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "compensateEventDefinition",
    "escalationEventDefinition",
)


def read_end_events(reading: Reading, scope: Scope) -> None:
    """Read the end events of a scope."""
    for element in children(scope.xml, "endEvent"):
        node = new_node(reading, scope, element, "noneEndEvent")
        trigger = triggers.first_definition(element, _DEFINITIONS)
        if trigger is None:
            node.flow_node = NoneEndEvent(**common(node, scope))
        else:
            _read_trigger(reading, scope, node, trigger)
        read_mapping(reading, node)
        read_continuations(reading, element, node)
        read_execution_listeners(reading, element)
        if trigger is not None and trigger[0] == "messageEventDefinition" and is_service_like(trigger[1]):
            require_implementation(reading, trigger[1], "messageEndEvent")


def _read_trigger(reading: Reading, scope: Scope, node: Node, trigger: tuple[str, Element]) -> None:
    name, definition = trigger
    match name:
        case "errorEventDefinition":
            _read_error(reading, scope, node, definition)
        case "cancelEventDefinition":
            if scope.kind != "transaction":
                text = "end event with cancelEventDefinition only supported inside transaction subprocess"
                reading.error(text, definition, node.id)
            reading.not_yet(node.xml, triggers.NAMES[name])
        case "terminateEventDefinition":
            node.kind = "terminateEndEvent"
            node.flow_node = TerminateEndEvent(**common(node, scope))
        case "messageEventDefinition":
            _read_message(reading, scope, node, definition)
        case "signalEventDefinition":
            node.kind = "signalEndEvent"
            triggers.read_thrown_signal(reading, scope, definition, node)
        case "compensateEventDefinition":
            throw_compensation(reading, scope, node, definition)
        case _:
            triggers.throw_escalation(reading, definition, node, "escalation end event must have an 'escalationCode'")


def _read_error(reading: Reading, scope: Scope, node: Node, definition: Element) -> None:
    reference = definition.get("errorRef")
    if not reference:
        reading.error("'errorRef' attribute is mandatory on error end event", definition, node.id)
        return
    declared = reading.declared_errors.get(reference)
    if declared is not None and not declared.code:
        text = f"'errorCode' is mandatory on errors referenced by throwing error event definitions, but the error '{reference}'"
        reading.error(f"{text} does not define one.", definition, node.id)
    node.kind = "errorEndEvent"
    node.flow_node = ErrorEndEvent(
        **common(node, scope),
        error_code=reference if declared is None else declared.code or "",
        error_message=None if declared is None else declared.message,
    )


def _read_message(reading: Reading, scope: Scope, node: Node, definition: Element) -> None:
    """Read a message end event; without implementation it ends like a none end event."""
    if is_service_like(definition):
        node.kind = "messageEndEvent"
        read_implementation(reading, scope, node, definition)
    else:
        node.kind = "endEvent"
        node.flow_node = NoneEndEvent(**common(node, scope))
