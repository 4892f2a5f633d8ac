"""BPMN models as texts, written so that a test shows what matters to it.

    definition("start > a > x; x > b ? ${n > 1}; x > end", node("exclusiveGateway", "x", default="x-end"))

is a process with the flows of the text (their ids are `from-to`), the given nodes, and for every other name in the text a start event
(`start…`), an end event (`end…`) or an external task whose topic is its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr, unescape

from msgspec.structs import replace

from domain.elements import ProcessDefinition
from domain.parsing import parse_model

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="tests"'
)
_BETWEEN_PATHS = re.compile(r";(?![^{]*\})")


class Xml(NamedTuple):
    """A piece of a model."""

    text: str
    id: str | None = None


def node(tag: str, id: str | None = None, *inner: Xml | str, **attributes: str | None) -> Xml:
    """An element; `camunda_topic` is the attribute `camunda:topic`, an attribute that is None is not there, a string inside is text."""
    named = {"id": id, **attributes}
    shown = "".join(f" {name.replace('_', ':')}={quoteattr(value)}" for name, value in named.items() if value is not None)
    content = "".join(escape(one) if isinstance(one, str) else one.text for one in inner)
    return Xml(f"<{tag}{shown}>{content}</{tag}>", id)


def external(id: str, *inner: Xml, tag: str = "serviceTask", **attributes: str | None) -> Xml:
    """An external task."""
    return node(tag, id, *inner, **{"camunda_type": "external", "camunda_topic": id, **attributes})


def extensions(*inner: Xml) -> Xml:
    return node("extensionElements", None, *inner)


def error_definition(code: str, expression: str) -> Xml:
    """`camunda:errorEventDefinition`, without the extension elements around it."""
    return node("camunda:errorEventDefinition", None, errorRef=f"error-{code}", expression=expression)


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> Xml:
    """`camunda:inputOutput`, without the extension elements around it."""
    given = [node("camunda:inputParameter", None, text, name=name) for name, text in (inputs or {}).items()]
    taken = [node("camunda:outputParameter", None, text, name=name) for name, text in (outputs or {}).items()]
    return node("camunda:inputOutput", None, *given, *taken)


def catches_error(id: str, on: str, code: str | None = None, **attributes: str | None) -> Xml:
    """A boundary event for the error `code`, for every error if there is none; `attributes` are those of its definition."""
    reference = {} if code is None else {"errorRef": f"error-{code}"}
    return node("boundaryEvent", id, node("errorEventDefinition", None, **reference, **attributes), attachedToRef=on)


def throws_error(id: str, code: str) -> Xml:
    """An error end event."""
    return node("endEvent", id, node("errorEventDefinition", None, errorRef=f"error-{code}"))


def terminates(id: str) -> Xml:
    """A terminate end event."""
    return node("endEvent", id, node("terminateEventDefinition"))


def on_message(name: str) -> Xml:
    """The definition of an event that waits for a message."""
    return node("messageEventDefinition", None, messageRef=f"message-{name}")


def on_signal(name: str, *inner: Xml) -> Xml:
    """The definition of an event that waits for a signal, or throws one with what stands inside."""
    return node("signalEventDefinition", None, *inner, signalRef=f"signal-{name}")


def on_time(time: str = "PT1M", kind: str = "timeDuration") -> Xml:
    """The definition of an event that waits for a time."""
    return node("timerEventDefinition", None, node(kind, None, time, xsi_type="tFormalExpression"))


def receives(id: str, message: str | None = None, *inner: Xml, **attributes: str | None) -> Xml:
    """A receive task."""
    return node("receiveTask", id, *inner, **{"messageRef": message and f"message-{message}", **attributes})


def catches(id: str, trigger: Xml, *inner: Xml, **attributes: str | None) -> Xml:
    """An intermediate catch event; `inner` stands before its trigger."""
    return node("intermediateCatchEvent", id, *inner, trigger, **attributes)


def boundary(id: str, on: str, trigger: Xml, interrupting: bool = True, *inner: Xml, **attributes: str | None) -> Xml:
    """A boundary event; `inner` stands before its trigger."""
    stops = None if interrupting else "false"
    return node("boundaryEvent", id, *inner, trigger, **{"attachedToRef": on, "cancelActivity": stops, **attributes})


def starts(id: str, trigger: Xml, *inner: Xml, **attributes: str | None) -> Xml:
    """A start event that something sets off; `inner` stands before its trigger."""
    return node("startEvent", id, *inner, trigger, **attributes)


def throws_signal(id: str, name: str, *inner: Xml, tag: str = "intermediateThrowEvent", **attributes: str | None) -> Xml:
    """An event that throws a signal; `inner` stands in its definition."""
    return node(tag, id, on_signal(name, *inner), **attributes)


def sub_process(id: str, flows: str, *nodes: Xml, inner: Xml | None = None, **attributes: str | None) -> Xml:
    """An embedded sub-process; `inner` stands before its content."""
    return node("subProcess", id, *(() if inner is None else (inner,)), *scope(flows, *nodes), **attributes)


def scope(flows: str, *nodes: Xml) -> list[Xml]:
    """What stands inside a process or sub-process."""
    made = {given.id for given in nodes}
    content, taken = list(nodes), []
    for part in filter(None, (part.strip() for part in _BETWEEN_PATHS.split(flows))):
        path, _, condition = part.partition(" ? ")
        names = [name.strip() for name in path.split(">")]
        content += [_implied(name) for name in dict.fromkeys(names) if name not in made]
        made.update(names)
        taken += [_flow(source, target, condition) for source, target in pairwise(names)]
    return content + taken


def _implied(name: str) -> Xml:
    if name.startswith(("start", "end")):
        return node("startEvent" if name.startswith("start") else "endEvent", name)
    return external(name)


def _flow(source: str, target: str, condition: str) -> Xml:
    test = [node("conditionExpression", None, condition, xsi_type="tFormalExpression")] if condition else []
    return node("sequenceFlow", f"{source}-{target}", *test, sourceRef=source, targetRef=target)


def process(flows: str, *nodes: Xml, key: str = "p", inner: Xml | None = None, **attributes: str | None) -> Xml:
    """An executable process; `inner` stands before its content."""
    content = [*(() if inner is None else (inner,)), *scope(flows, *nodes)]
    return node("process", key, *content, **{"isExecutable": "true", **attributes})


def model(*content: Xml) -> bytes:
    """A file with that content; what it refers to as `error-X`, `message-X`, `signal-X` has the code or name X unless it is declared."""
    text = "".join(one.text for one in content)
    declared = "".join(
        _declared(text, tag, attribute) for tag, attribute in (("error", "errorCode"), ("message", "name"), ("signal", "name"))
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {NAMESPACES}>{declared}{text}</definitions>\n'.encode()


def _declared(text: str, tag: str, attribute: str) -> str:
    """What is referred to and stands nowhere."""
    names = dict.fromkeys(unescape(name) for name in re.findall(rf'{tag}Ref="{tag}-([^"]+)"', text))
    return "".join(node(tag, f"{tag}-{name}", **{attribute: name}).text for name in names if f'id="{tag}-{name}"' not in text)


def definition(flows: str, *nodes: Xml, declared: Sequence[Xml] = (), **attributes: str | None) -> ProcessDefinition:
    """A process that is deployed as `p:1:d`; `declared` stands beside it in the file."""
    (read,) = parse_model("p.bpmn", model(*declared, process(flows, *nodes, key="p", inner=None, **attributes)))
    return replace(read, id="p:1:d", version=1, deployment_id="d")
