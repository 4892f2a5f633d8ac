"""How BPMN markup is asked: by namespace and local name, never by prefix."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from domain.refusals import ExecutionFailed

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ACTIVITI = "{http://activiti.org/bpmn}"
"""The old name of the extension namespace, read alike."""
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def tag_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(parent: Element, name: str) -> Iterator[Element]:
    """Yield the BPMN children of that name in document order."""
    return parent.iterchildren(BPMN + name)


def child(parent: Element, name: str) -> Element | None:
    """Return the one BPMN child of that name; Camunda fails on a second one."""
    return _only(list(parent.iterchildren(BPMN + name)), name)


def extension(element: Element, name: str) -> str | None:
    """Return a `camunda:` attribute."""
    value = element.get(CAMUNDA + name)
    return element.get(ACTIVITI + name) if value is None else value


def extension_children(element: Element, name: str) -> list[Element]:
    """Return the `camunda:` children of that name."""
    return list(element.iterchildren(CAMUNDA + name, ACTIVITI + name))


def extension_elements(element: Element, name: str) -> list[Element]:
    """Return the `camunda:` elements of that name below `extensionElements`."""
    holder = child(element, "extensionElements")
    return [] if holder is None else extension_children(holder, name)


def extension_element(element: Element, name: str) -> Element | None:
    """Return the one `camunda:` element of that name below `extensionElements`."""
    return _only(extension_elements(element, name), name)


def text_of(element: Element) -> str:
    """Return the text directly inside an element, around its children too."""
    if len(element) == 0:
        return element.text or ""
    return (element.text or "") + "".join(inner.tail or "" for inner in element)


def is_true(text: str | None, default: bool = False) -> bool:
    """Read a boolean as Camunda does: `true` or one of its old synonyms."""
    return default if text is None else text in ("true", "enabled", "on", "active", "yes")


def _only(found: list[Element], name: str) -> Element | None:
    if len(found) > 1:
        raise ExecutionFailed(f"ENGINE-01009 Error while parsing process. Parsing exception: multiple elements with tag name {name} found")
    return found[0] if found else None
