"""Flow nodes while a process is read: they get to know their flows and boundary events one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypedDict

from lxml.etree import _Element as Element
from msgspec.structs import replace

from domain.elements import Element as FlowNode
from domain.elements import SequenceFlow, VariableMapping
from domain.expressions import Expression
from domain.parsing.markup import children, extension_children, extension_element


class Common(TypedDict):
    """The fields that every flow node has from its start tag on."""

    id: str
    activity_type: str
    name: str | None
    scope: str | None
    properties: dict[str, str | None]


@dataclass(slots=True, eq=False)
class Flow:
    """A sequence flow; `given_id` is None where the model gives none."""

    given_id: str | None
    value: SequenceFlow


@dataclass(slots=True, eq=False)
class Node:
    """A flow node. `flow_node` stays None for what gesta does not run; that has been reported then."""

    id: str | None
    xml: Element
    kind: str
    """Camunda's name of the kind, `type` in its parser."""
    flow_node: FlowNode | None = None
    inner: Scope | None = None
    mapping: VariableMapping | None = None
    outgoing: list[Flow] = field(default_factory=list)
    incoming: int = 0
    boundary_events: list[str] = field(default_factory=list)
    loops: bool = False
    async_before: bool = False
    async_after: bool = False
    job_priority: Expression | None = None
    retry_cycle: Expression | None = None
    compensates: bool = False
    behind_event_gateway: bool = False

    @property
    def event_scope(self) -> str | None:
        """The id under which boundary events are registered."""
        return f"{self.id}#multiInstanceBody" if self.loops else self.id

    def finished(self) -> FlowNode | None:
        """Return the value, all that was read behind its start tag included."""
        if self.flow_node is None:
            return None
        return replace(
            self.flow_node,
            outgoing=tuple(flow.value for flow in self.outgoing),
            incoming=self.incoming,
            default_flow=self.xml.get("default"),
            mapping=self.mapping,
            boundary_events=tuple(self.boundary_events),
            async_before=self.async_before,
            async_after=self.async_after,
            job_priority=self.job_priority,
            retry_cycle=self.retry_cycle,
        )


@dataclass(slots=True, eq=False)
class Scope:
    """A process or a sub-process; `id` is None for the process, as in Camunda's messages."""

    id: str | None
    xml: Element
    kind: str
    parent: Scope | None = None
    is_event_sub_process: bool = False
    start: str | None = None
    """Id of the start event that it begins with by itself."""
    initiator: str | None = None
    nodes: dict[str | None, Node] = field(default_factory=dict)
    """In the order in which Camunda reads them."""
    unresolved: list[tuple[Element, str, str | None]] = field(default_factory=list)
    """Activities that a compensation refers to: where, which and whence."""

    _targets: dict[str | None, list[str | None]] | None = None
    _siblings: dict[str | None, Element] = field(default_factory=dict)

    def behind(self, source: str | None) -> Iterator[Element]:
        """Yield the elements that the sequence flows of a node lead to."""
        if self._targets is None:
            self._targets = {}
            self._siblings = {element.get("id"): element for element in self.xml}
            for flow in children(self.xml, "sequenceFlow"):
                self._targets.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
        return (self._siblings[target] for target in self._targets.get(source, ()) if target in self._siblings)

    def in_document_order(self) -> Iterator[Node]:
        """Yield all nodes, those of inner scopes behind their sub-process."""
        for element in self.xml:
            node = self.nodes.get(element.get("id"))
            if node is None or node.xml is not element:
                continue
            yield node
            if node.inner is not None:
                yield from node.inner.in_document_order()


def common(node: Node, scope: Scope) -> Common:
    """Return what a flow node's constructor wants first."""
    return {
        "id": node.id or "",
        "activity_type": node.kind,
        "name": node.xml.get("name"),
        "scope": scope.id,
        "properties": properties_of(node.xml),
    }


def properties_of(element: Element) -> dict[str, str | None]:
    """Return `camunda:properties`; a later one of the same name wins."""
    holder = extension_element(element, "properties")
    if holder is None:
        return {}
    found = extension_children(holder, "property")
    return {name: one.get("value") for one in found if (name := one.get("name")) is not None}
