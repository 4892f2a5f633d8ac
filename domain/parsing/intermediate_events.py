"""Intermediate events (BPMN page §8)."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.elements import CatchEvent, PassThroughTask
from domain.parsing import triggers
from domain.parsing.attributes import read_continuations
from domain.parsing.compensation import throw_compensation
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.markup import child
from domain.parsing.nodes import new_node
from domain.parsing.reading import Reading
from domain.parsing.scope import Node, Scope, common
from domain.parsing.service_tasks import is_service_like, read_implementation, require_implementation

_CAUGHT = (
    "timerEventDefinition",
    "signalEventDefinition",
    "messageEventDefinition",
    "linkEventDefinition",
    "conditionalEventDefinition",
)
_KINDS = {
    "timerEventDefinition": "intermediateTimer",
    "signalEventDefinition": "intermediateSignalCatch",
    "messageEventDefinition": "intermediateMessageCatch",
    "conditionalEventDefinition": "intermediateConditional",
}
_THROWN = ("signalEventDefinition", "compensateEventDefinition", "messageEventDefinition", "escalationEventDefinition")


def read_catch_event(reading: Reading, scope: Scope, element: Element, gateway: str | None = None) -> Node:
    """Read a catching event; `gateway` is the id of the event-based gateway in front of it."""
    node = new_node(reading, scope, element, "intermediateCatchEvent")
    node.behind_event_gateway = gateway is not None
    read_continuations(reading, element, node)
    trigger = triggers.first_definition(element, _CAUGHT)
    if trigger is None:
        reading.error("Unsupported intermediate catch event type", element)
    elif trigger[0] == "linkEventDefinition":
        _read_caught_link(reading, node, trigger[1])
    else:
        _read_awaited(reading, scope, node, trigger, gateway or node.id)
    read_execution_listeners(reading, element)
    return node


def _read_awaited(reading: Reading, scope: Scope, node: Node, trigger: tuple[str, Element], owner: str | None) -> None:
    node.kind = _KINDS[trigger[0]]
    awaited = triggers.await_trigger(reading, node, trigger, owner)
    if awaited is not None:
        node.flow_node = CatchEvent(**common(node, scope), trigger=awaited)


def read_throw_event(reading: Reading, scope: Scope, element: Element) -> Node | None:
    """Read a throwing event; a link is no activity."""
    link = child(element, "linkEventDefinition")
    if link is not None:
        reading.link_sources[element.get("id")] = link.get("name")
        reading.not_yet(element, triggers.NAMES["linkEventDefinition"])
        return None
    node = new_node(reading, scope, element, "intermediateNoneThrowEvent")
    read_continuations(reading, element, node)
    trigger = triggers.first_definition(element, _THROWN)
    if trigger is None:
        node.flow_node = PassThroughTask(**common(node, scope))
    else:
        _read_thrown(reading, scope, node, trigger)
    read_execution_listeners(reading, element)
    if trigger is not None and trigger[0] == "messageEventDefinition" and is_service_like(trigger[1]):
        require_implementation(reading, trigger[1], "intermediateMessageThrowEvent")
    return node


def _read_thrown(reading: Reading, scope: Scope, node: Node, trigger: tuple[str, Element]) -> None:
    name, definition = trigger
    match name:
        case "signalEventDefinition":
            node.kind = "intermediateSignalThrow"
            triggers.read_thrown_signal(reading, scope, definition, node)
        case "compensateEventDefinition":
            throw_compensation(reading, scope, node, definition)
        case "messageEventDefinition" if is_service_like(definition):
            node.kind = "intermediateMessageThrowEvent"
            read_implementation(reading, scope, node, definition)
        case "messageEventDefinition":
            node.flow_node = PassThroughTask(**common(node, scope))
        case _:
            triggers.throw_escalation(reading, definition, node, "throwing escalation event must have an 'escalationCode'")


def _read_caught_link(reading: Reading, node: Node, definition: Element) -> None:
    name, own = definition.get("name"), node.xml.get("name")
    if node.behind_event_gateway:
        reading.error("IntermediateCatchLinkEvent is not allowed after an EventBasedGateway.", node.xml)
    if name in reading.link_targets:
        reading.error(f"Multiple Intermediate Catch Events with the same link event name ('{name}') are not allowed.", node.xml)
    else:
        if name != own:
            text = f"Link Event named '{own or 'null'}' contains link event definition with name '{name}'"
            reading.warn(f"{text} - it is recommended to use the same name for both.", node.xml)
        reading.link_targets[name] = node.id
    reading.not_yet(node.xml, triggers.NAMES["linkEventDefinition"])
