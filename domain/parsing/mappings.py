"""`camunda:inputOutput` (BPMN page §4): texts, lists and maps, not scripts."""

from __future__ import annotations

from collections.abc import Callable

from lxml.etree import _Element as Element

from domain.elements import ListValue, MapValue, Parameter, ParameterValue, VariableMapping
from domain.expressions import Expression
from domain.parsing.attributes import SPACE
from domain.parsing.markup import extension_children, extension_element, tag_of, text_of
from domain.parsing.reading import Reading
from domain.parsing.scope import Node


class _Wrong(Exception):
    """Camunda stops reading the parameters at their first error."""

    def __init__(self, message: str, element: Element) -> None:
        super().__init__(message)
        self.message = message
        self.element = element


def read_mapping(reading: Reading, node: Node) -> None:
    """Read the input and output parameters of an activity."""
    holder = extension_element(node.xml, "inputOutput")
    if holder is None:
        return
    try:
        mapping = VariableMapping(
            tuple(_parameter(reading, node, one) for one in extension_children(holder, "inputParameter")),
            tuple(_parameter(reading, node, one) for one in extension_children(holder, "outputParameter")),
        )
    except _Wrong as wrong:
        reading.error(wrong.message, wrong.element, node.id)
        return
    if _is_supported(reading, node, mapping):
        node.mapping = mapping


def refuse_mapping(reading: Reading, element: Element) -> None:
    """Note an error if an event has parameters that may have none."""
    if extension_element(element, "inputOutput") is not None:
        reading.error(f"camunda:inputOutput mapping unsupported for element type '{tag_of(element)}'.", element)


def _is_supported(reading: Reading, node: Node, mapping: VariableMapping) -> bool:
    error = _unsupported(node, mapping)
    if error is not None:
        reading.error(error, node.xml)
    return error is None


def _unsupported(node: Node, mapping: VariableMapping) -> str | None:
    tag = tag_of(node.xml)
    if "task" not in tag.lower() and "Event" not in tag and tag not in ("transaction", "subProcess", "callActivity"):
        return f"camunda:inputOutput mapping unsupported for element type '{tag}'."
    if tag == "subProcess" and node.xml.get("triggeredByEvent") == "true":
        return f"camunda:inputOutput mapping unsupported for element type '{tag}' with attribute 'triggeredByEvent = true'."
    if mapping.outputs and tag == "endEvent":
        return f"camunda:outputParameter not allowed for element type '{tag}'."
    if mapping.outputs and node.loops:
        return "camunda:outputParameter not allowed for multi-instance constructs"
    return None


def _parameter(reading: Reading, node: Node, element: Element) -> Parameter:
    name = element.get("name")
    if not name:
        raise _Wrong(f"Missing attribute 'name' for {tag_of(element)}", element)
    return Parameter(name, _nested(reading, node, element))


def _nested(reading: Reading, node: Node, element: Element) -> ParameterValue:
    if len(element) > 1:
        raise _Wrong("Nested parameter can at most have one child element", element)
    return _value(reading, node, element[0] if len(element) else element)


def _value(reading: Reading, node: Node, element: Element) -> ParameterValue:
    read = _FORMS.get(tag_of(element))
    if read is not None:
        return read(reading, node, element)
    text = text_of(element).strip(SPACE)
    return reading.expression(text) if text else None


def _list(reading: Reading, node: Node, element: Element) -> ListValue:
    return ListValue(tuple(_value(reading, node, one) for one in element))


def _map(reading: Reading, node: Node, element: Element) -> MapValue:
    """Read the entries; a later one of the same key text wins."""
    entries: dict[str, tuple[Expression, ParameterValue]] = {}
    for entry in element:
        if tag_of(entry) != "entry":
            continue
        key = entry.get("key")
        if not key:
            raise _Wrong("Missing attribute 'key' for 'entry' element", entry)
        entries[key] = (reading.expression(key), _nested(reading, node, entry))
    return MapValue(tuple(entries.values()))


def _script(reading: Reading, node: Node, element: Element) -> None:
    if not element.get("scriptFormat"):
        raise _Wrong("Missing attribute 'scriptFormat' for 'script' element", element)
    reading.never(element, "scripts", node.id)


_FORMS: dict[str, Callable[[Reading, Node, Element], ParameterValue]] = {"list": _list, "map": _map, "script": _script}
