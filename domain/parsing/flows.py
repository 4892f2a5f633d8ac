"""Sequence flows (BPMN page §7): between nodes of one scope, with or without a condition."""

from __future__ import annotations

from collections import Counter

from lxml.etree import _Element as Element

from domain.elements import SequenceFlow
from domain.expressions import Expression
from domain.parsing.attributes import SPACE
from domain.parsing.compensation import check_flow_at_handler
from domain.parsing.listeners import read_take_listeners
from domain.parsing.markup import child, children, text_of
from domain.parsing.reading import Reading
from domain.parsing.scope import Flow, Node, Scope
from domain.parsing.triggers import check_formal

Ends = tuple[str | None, str | None]


def read_flows(reading: Reading, scope: Scope, handlers: dict[str | None, Element]) -> None:
    """Read the flows of a scope; one that leads to a link without target ends the reading of flows, as in Camunda."""
    nameless: Counter[Ends] = Counter()
    for element in children(scope.xml, "sequenceFlow"):
        source_id, target_id = element.get("sourceRef"), element.get("targetRef")
        if target_id in reading.link_sources:
            link = reading.link_sources[target_id]
            if link not in reading.link_targets:
                text = f"sequence flow points to link event source with name '{link}' but no event target with that name exists."
                reading.error(f"{text} Most probably your link events are not configured correctly.", element)
                return
            target_id = reading.link_targets[link]
        if check_flow_at_handler(reading, element, (source_id, target_id), handlers):
            _read_flow(reading, scope, element, (source_id, target_id), nameless)


def _read_flow(reading: Reading, scope: Scope, element: Element, ends: Ends, nameless: Counter[Ends]) -> None:
    source, target = scope.nodes.get(ends[0]), scope.nodes.get(ends[1])
    identifier = element.get("id")
    if source is None:
        reading.error(f"Invalid source '{ends[0]}' of sequence flow '{identifier or 'null'}'", element)
    elif target is None:
        reading.error(f"Invalid destination '{ends[1]}' of sequence flow '{identifier or 'null'}'", element)
    elif source.kind == "eventBasedGateway":
        pass
    elif (error := _misplaced(source, target)) is not None:
        reading.error(error, element)
    else:
        condition = _condition(reading, element)
        read_take_listeners(reading, element)
        nameless[ends] += identifier is None
        made = identifier or f"{ends[0]}->{ends[1]}#{nameless[ends]}"
        source.outgoing.append(Flow(identifier, SequenceFlow(made, source.id or "", target.id or "", condition)))
        target.incoming += 1


def _misplaced(source: Node, target: Node) -> str | None:
    if target.behind_event_gateway:
        return f"Invalid incoming sequenceflow for intermediateCatchEvent with id '{target.id}' connected to an event-based gateway."
    if _is_event_sub_process(source):
        return "Invalid outgoing sequence flow of event subprocess"
    if _is_event_sub_process(target):
        return "Invalid incoming sequence flow of event subprocess"
    return None


def _is_event_sub_process(node: Node) -> bool:
    return node.inner is not None and node.inner.is_event_sub_process


def _condition(reading: Reading, flow: Element) -> Expression | None:
    element = child(flow, "conditionExpression")
    if element is None:
        return None
    check_formal(reading, element, flow.get("id"))
    if element.get("language") is not None:
        reading.never(element, "conditions in a script language", flow.get("id"))
        return None
    return reading.expression(text_of(element).strip(SPACE))
