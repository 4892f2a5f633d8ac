"""Call activities (BPMN page §9): Camunda's checks only, gesta does not run them yet."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.parsing.attributes import read_continuations
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.markup import extension, extension_elements
from domain.parsing.reading import Reading
from domain.parsing.scope import Node


def read_call_activity(reading: Reading, node: Node) -> None:
    """Check what is called, and what is passed to it and back."""
    element = node.xml
    read_continuations(reading, element, node)
    called, case = element.get("calledElement"), extension(element, "caseRef")
    if called is None and case is None:
        reading.error("Missing attribute 'calledElement' or 'caseRef'", element)
    elif called is not None and case is not None:
        text = "The attributes 'calledElement' or 'caseRef' cannot be used together: Use either 'calledElement' or 'caseRef'"
        reading.error(text, element)
    _check_version(reading, element, "calledElement" if called is not None else "case")
    reading.optional(called if called is not None else case)
    for parameter in extension_elements(element, "in"):
        if not parameter.get("businessKey"):
            _check_parameter(reading, parameter, element.get("id"))
    for parameter in extension_elements(element, "out"):
        _check_parameter(reading, parameter, element.get("id"))
    read_execution_listeners(reading, element)
    reading.not_yet(element, "call activities")


def _check_version(reading: Reading, element: Element, prefix: str) -> None:
    binding, version = f"{prefix}Binding", f"{prefix}Version"
    if extension(element, binding) == "version" and extension(element, version) is None:
        reading.error(f"Missing attribute '{version}' when '{binding}' has value 'version'", element)
    reading.optional(extension(element, version))


def _check_parameter(reading: Reading, parameter: Element, owner: str | None) -> None:
    if parameter.get("variables") == "all":
        return
    source, expression, target = (parameter.get(name) for name in ("source", "sourceExpression", "target"))
    if source is None and expression is None:
        reading.error("Missing parameter 'source' or 'sourceExpression' when passing variables", parameter, owner)
    elif not (expression if source is None else source):
        name = "sourceExpression" if source is None else "source"
        reading.error(f"Empty attribute '{name}' when passing variables", parameter, owner)
    elif source is None:
        reading.optional(expression)
    if source is None and expression is None:
        return
    if target is None:
        text = "Missing attribute 'target' when attribute 'source' or 'sourceExpression' is set"
        reading.error(text, parameter, owner)
    elif not target:
        reading.error("Empty attribute 'target' when attribute 'source' or 'sourceExpression' is set", parameter, owner)
