"""Models that gesta refuses though Camunda runs them, and what it says of them."""

from __future__ import annotations

import re

import pytest

from domain.parsing import ModelRefused, Problem, parse_model
from tests.unit.domain.models import Xml, extensions, model, node, scope

NOT_YET = "gesta does not run {} yet"
NEVER = "gesta never runs {}"
DECLARED = (
    node("message", "message", name="m"),
    node("signal", "signal", name="s"),
    node("escalation", "escalation", escalationCode="e"),
    node("error", "error", errorCode="E"),
)


def script(tag: str = "script") -> Xml:
    return node(tag, None, "1", scriptFormat="javascript")


def listener(event: str = "start", kind: str = "executionListener", **form: str) -> Xml:
    """A listener in extension elements; it is an expression unless `form` says otherwise."""
    return extensions(node(f"camunda:{kind}", None, event=event, **(form or {"expression": "${1}"})))


def case(name: str, content: list[Xml], *messages: str) -> object:
    return pytest.param(content, messages, id=name)


def one(name: str, element: Xml, place: str, reason: str, flows: str = "start > x") -> object:
    """A model with one element that is refused, and why."""
    return case(name, scope(flows, element), f"{place}: {reason}")


def problems_of(content: list[Xml]) -> tuple[tuple[Problem, ...], str]:
    """Why a process with that content is refused, and the text of its model."""
    file = model(*DECLARED, node("process", "p", *content, isExecutable="true"))
    with pytest.raises(ModelRefused) as refused:
        parse_model("p.bpmn", file)
    return refused.value.errors, file.decode()


def problem(text: str, message: str) -> Problem:
    """The problem that a message tells: it stands behind the start tag of the element that the message begins with."""
    named = re.match(r"(\w+)(?: '(\w+)')?: ", message)
    assert named is not None
    tag, name = named.groups()
    tags = list(re.finditer(rf"<(?:camunda:)?{tag}(?=[\s/>])[^>]*>", text))
    own = [found for found in tags if name is not None and f' id="{name}"' in found.group()]
    end = (own or tags)[0].end()
    line, column = text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end)
    return Problem(message, line, column, name, () if name is None else (name,))
