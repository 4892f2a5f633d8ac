"""Content of processes and sub-processes, read in Camunda's order: the errors of a file come out in it."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.elements import SubProcess
from domain.parsing.activities import READERS, UNSUPPORTED
from domain.parsing.attributes import read_continuations
from domain.parsing.boundary_events import read_boundary_events
from domain.parsing.compensation import check_association, check_unresolved, handlers_of
from domain.parsing.end_events import read_end_events
from domain.parsing.flows import read_flows
from domain.parsing.intermediate_events import read_catch_event, read_throw_event
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.loops import read_loop
from domain.parsing.mappings import read_mapping
from domain.parsing.markup import BPMN, children, is_true, tag_of
from domain.parsing.nodes import new_node
from domain.parsing.reading import PARSING_FAILED, Reading
from domain.parsing.scope import Node, Scope, common
from domain.parsing.start_events import read_start_events
from domain.refusals import ExecutionFailed

_NEITHER_TRUE_NOR_FALSE = PARSING_FAILED + ' Cannot invoke "java.lang.Boolean.booleanValue()" because "isTriggeredByEvent" is null.'
_SUB_PROCESSES = ("subProcess", "transaction")


def read_scope(reading: Reading, scope: Scope) -> None:
    """Read all that a scope holds."""
    handlers = handlers_of(scope)
    read_start_events(reading, scope)
    for element in scope.xml.iterchildren(BPMN + "*"):
        if element.get("id") not in handlers or handlers[element.get("id")] is not element:
            _read_activity(reading, scope, element)
    for element in children(scope.xml, "intermediateCatchEvent"):
        if element.get("id") not in scope.nodes:
            read_mapping(reading, read_catch_event(reading, scope, element))
    read_end_events(reading, scope)
    read_boundary_events(reading, scope)
    read_flows(reading, scope, handlers)
    read_execution_listeners(reading, scope.xml)
    for element in children(scope.xml, "association"):
        handler = handlers.pop(element.get("targetRef"), None) if _is_compensation(scope, element) else None
        if handler is not None:
            _read_activity(reading, scope, handler)
        check_association(reading, scope, element)
    for handler in handlers.values():
        _read_activity(reading, scope, handler)
    check_unresolved(reading, scope)


def _is_compensation(scope: Scope, association: Element) -> bool:
    source = scope.nodes.get(association.get("sourceRef"))
    return source is not None and source.kind == "compensationBoundaryCatch"


def _read_activity(reading: Reading, scope: Scope, element: Element) -> None:
    tag = tag_of(element)
    if tag == "intermediateThrowEvent":
        node = read_throw_event(reading, scope, element)
        if node is not None:
            read_mapping(reading, node)
    elif tag in READERS or tag in _SUB_PROCESSES:
        loops = read_loop(reading, element)
        node = new_node(reading, scope, element, tag)
        node.loops = loops
        if tag in _SUB_PROCESSES:
            _read_sub_process(reading, scope, node)
        else:
            READERS[tag](reading, scope, node)
        read_mapping(reading, node)
    elif tag in UNSUPPORTED:
        reading.warn("Ignoring unsupported activity type", element)
        reading.not_yet(element, "ad-hoc sub-processes" if tag == "adHocSubProcess" else "complex gateways")


def _read_sub_process(reading: Reading, scope: Scope, node: Node) -> None:
    read_continuations(reading, node.xml, node)
    if node.xml.get("triggeredByEvent") in ("0", "1"):
        raise ExecutionFailed(_NEITHER_TRUE_NOR_FALSE)
    is_event = node.kind == "subProcess" and is_true(node.xml.get("triggeredByEvent"))
    node.inner = inner = Scope(node.id, node.xml, node.kind, scope, is_event)
    if is_event:
        reading.not_yet(node.xml, "event sub-processes")
    elif node.kind == "transaction":
        reading.not_yet(node.xml, "transactions")
    read_scope(reading, inner)
    if node.kind == "subProcess" and not is_event and inner.start is not None:
        node.flow_node = SubProcess(**common(node, scope), start=inner.start)
