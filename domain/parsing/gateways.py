"""Gateways (BPMN page §7), and the checks of exclusive ones that need all flows."""

from __future__ import annotations

from domain.elements import ExclusiveGateway, ParallelGateway
from domain.parsing.attributes import read_continuations
from domain.parsing.intermediate_events import read_catch_event
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.mappings import read_mapping
from domain.parsing.markup import BPMN, tag_of
from domain.parsing.reading import Reading
from domain.parsing.scope import Flow, Node, Scope, common


def read_gateway(reading: Reading, scope: Scope, node: Node) -> None:
    """Read a gateway of one of the kinds that Camunda runs."""
    read_continuations(reading, node.xml, node)
    match node.kind:
        case "exclusiveGateway":
            node.flow_node = ExclusiveGateway(**common(node, scope))
        case "parallelGateway":
            node.flow_node = ParallelGateway(**common(node, scope))
        case "inclusiveGateway":
            reading.not_yet(node.xml, "inclusive gateways")
        case _:
            reading.not_yet(node.xml, "event-based gateways")
    if node.kind == "eventBasedGateway" and node.async_after:
        reading.error("'asyncAfter' not supported for eventBasedGateway elements.", node.xml)
    read_execution_listeners(reading, node.xml)
    if node.kind == "eventBasedGateway":
        _read_events_behind(reading, scope, node)


def _read_events_behind(reading: Reading, scope: Scope, node: Node) -> None:
    for sibling in scope.behind(node.id):
        if sibling.tag == BPMN + "intermediateCatchEvent":
            read_mapping(reading, read_catch_event(reading, scope, sibling, node.id))
        else:
            reading.error("Event based gateway can only be connected to elements of type intermediateCatchEvent", node.xml)


def check_scope(reading: Reading, scope: Scope) -> None:
    """Check the flows behind every node of a process, in the order in which Camunda read them."""
    for node in scope.nodes.values():
        if tag_of(node.xml) == "exclusiveGateway":
            _check_exclusive(reading, node)
        if node.async_after:
            _check_flow_ids(reading, node)
        if node.inner is not None:
            check_scope(reading, node.inner)


def _check_flow_ids(reading: Reading, node: Node) -> None:
    for flow in node.outgoing:
        if flow.given_id is None:
            text = f"Sequence flow with sourceRef='{node.id}' must have an id, activity with id '{node.id}' uses 'asyncAfter'."
            reading.error(text, None, node.id)


def _check_exclusive(reading: Reading, node: Node) -> None:
    gateway, flows = f"Exclusive Gateway '{node.id}'", node.outgoing
    if not flows:
        reading.error(f"{gateway} has no outgoing sequence flows.", None, node.id)
    elif len(flows) > 1:
        _check_several(reading, node, gateway)
    elif flows[0].value.condition is not None:
        text = f"{gateway} has only one outgoing sequence flow ('{_name(flows[0])}'). This is not allowed to have a condition."
        reading.error(text, None, node.id, flows[0].given_id)


def _check_several(reading: Reading, node: Node, gateway: str) -> None:
    default = node.xml.get("default") or None
    bare = []
    for flow in node.outgoing:
        is_default = flow.given_id is not None and flow.given_id == default
        if flow.value.condition is None and not is_default:
            bare.append(flow)
        elif flow.value.condition is not None and is_default:
            text = f"{gateway} has outgoing sequence flow '{_name(flow)}' which is the default flow but has a condition too."
            reading.error(text, None, node.id, flow.given_id)
    for flow in bare:
        text = f"{gateway} has outgoing sequence flow '{_name(flow)}' without condition which is not the default flow."
        if default is not None or len(bare) > 1:
            reading.error(text, None, node.id, flow.given_id)
        else:
            assumed = "We assume it to be the default flow, but it is bad modeling practice, better set the default flow in your gateway."
            reading.warn(f"{text} {assumed}", None, node.id, flow.given_id)


def _name(flow: Flow) -> str:
    return flow.given_id or "null"
