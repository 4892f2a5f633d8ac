"""Attributes and children that many elements share: priorities, documentation, asynchronous continuations."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from domain.parsing.markup import children, extension, extension_element, text_of
from domain.parsing.reading import Reading
from domain.parsing.scope import Node

SPACE = " \t\r\n"
_INTEGER = re.compile(r"[+-]?[0-9]+")


def java_integer(text: str) -> int | None:
    """Read what `Integer.parseInt` reads; None for anything else."""
    if not _INTEGER.fullmatch(text) or len(text) > 64:
        return None
    number = int(text)
    return number if -(2**31) <= number < 2**31 else None


def is_expression(text: str) -> bool:
    """Tell whether a text starts as an expression, which is where Camunda stops to check constants."""
    return text.strip(SPACE).startswith(("${", "#{"))


def check_priority(reading: Reading, element: Element, name: str) -> str | None:
    """Return a priority attribute, after an error if it is a constant but no number."""
    text = extension(element, name)
    if text is not None and not is_expression(text) and java_integer(text) is None:
        reading.error(f"Value '{text}' for attribute '{name}' is not a valid number", element)
    return text


def documentation(element: Element) -> str | None:
    """Return the texts of `documentation`, None if there is no such element."""
    found = [text_of(one).strip(SPACE) for one in children(element, "documentation")]
    return "\n\n".join(found) if found else None


def read_continuations(reading: Reading, element: Element, node: Node) -> None:
    """Read `camunda:asyncBefore`, its old name `camunda:async`, `camunda:asyncAfter`, and how failed jobs are tried again."""
    node.async_before = extension(element, "async") == "true" or extension(element, "asyncBefore") == "true"
    node.async_after = extension(element, "asyncAfter") == "true"
    cycle = extension_element(element, "failedJobRetryTimeCycle")
    node.retry_cycle = None if cycle is None else reading.expression(text_of(cycle).strip(SPACE))
