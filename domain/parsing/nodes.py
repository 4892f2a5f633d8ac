"""Start of every flow node: its place in the scope."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.parsing.attributes import check_priority
from domain.parsing.reading import Halted, Reading
from domain.parsing.scope import Node, Scope


def new_node(reading: Reading, scope: Scope, element: Element, kind: str) -> Node:
    """Enter a flow node into its scope. A second one of the same id stops the reading; the schema check has reported it."""
    identifier = element.get("id")
    if identifier is None:
        reading.never(element, "flow nodes without an id")
    elif identifier in reading.activity_ids:
        raise Halted
    else:
        reading.activity_ids.add(identifier)
    node = Node(identifier, element, kind, compensates=element.get("isForCompensation", "").lower() == "true")
    if node.compensates:
        reading.not_yet(element, "compensation (isForCompensation)")
    node.job_priority = reading.optional(check_priority(reading, element, "jobPriority"))
    scope.nodes[identifier] = node
    return node
