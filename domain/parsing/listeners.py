"""Execution and task listeners: Camunda's checks only; gesta does not run expressions yet, and never Java or scripts."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.parsing.attributes import SPACE
from domain.parsing.markup import child, extension_children, extension_elements
from domain.parsing.reading import Reading

_FORMS = ("class", "expression", "delegateExpression")
_TASK_EVENTS = ("create", "assignment", "complete", "update", "delete", "timeout")


def read_execution_listeners(reading: Reading, element: Element) -> None:
    """Check the `camunda:executionListener` elements of a process or flow node."""
    for listener in extension_elements(element, "executionListener"):
        event = listener.get("event")
        if event in ("start", "end"):
            _check_execution_listener(reading, listener, element.get("id"))
        elif event is None or not event.strip(SPACE):
            reading.error("Attribute 'event' is mandatory on listener", listener, element.get("id"))
        else:
            reading.error("Attribute 'event' must be one of {start|end}", listener, element.get("id"))
        _refuse(reading, listener, "execution listeners", element.get("id"))


def read_take_listeners(reading: Reading, flow: Element) -> None:
    """Check the listeners of a sequence flow, whatever event they name."""
    for listener in extension_elements(flow, "executionListener"):
        _check_execution_listener(reading, listener, flow.get("id"))
        _refuse(reading, listener, "execution listeners", flow.get("id"))


def read_task_listeners(reading: Reading, task: Element) -> None:
    """Check the `camunda:taskListener` elements of a user task."""
    for listener in extension_elements(task, "taskListener"):
        event = listener.get("event")
        if event is None:
            reading.error("Attribute 'event' is mandatory on taskListener", task)
        elif event not in _TASK_EVENTS:
            reading.error(f"Attribute 'event' must be one of {{{'|'.join(_TASK_EVENTS)}}}", task)
        else:
            _check_timeout(reading, task, listener)
            _check_form(reading, listener, task.get("id"))
        _refuse(reading, listener, "task listeners", task.get("id"))


def _refuse(reading: Reading, listener: Element, what: str, owner: str | None) -> None:
    if _form(listener) == "expression":
        reading.not_yet(listener, what, owner)
    else:
        reading.never(listener, f"{what} in Java or a script language", owner)


def _check_timeout(reading: Reading, task: Element, listener: Element) -> None:
    if listener.get("event") != "timeout":
        return
    if not listener.get("id"):
        reading.error("Element 'id' is mandatory on taskListener of type 'timeout'", listener, task.get("id"))
    if child(listener, "timerEventDefinition") is None:
        reading.error("Element 'timerEventDefinition' is mandatory on taskListener of type 'timeout'", listener, task.get("id"))


def _check_execution_listener(reading: Reading, listener: Element, owner: str | None) -> None:
    form = _form(listener)
    if form in ("class", "delegateExpression") and not listener.get(form):
        reading.error(f"Attribute '{form}' cannot be empty", listener, owner)
    else:
        _check_form(reading, listener, owner)


def _check_form(reading: Reading, listener: Element, owner: str | None) -> None:
    form, scripts = _form(listener), extension_children(listener, "script")
    if form in ("expression", "delegateExpression"):
        reading.optional(listener.get(form))
    elif form is None and not scripts:
        forms = "'class', 'expression', 'delegateExpression' or 'script'"
        reading.error(f"Element {forms} is mandatory on {listener.tag.rpartition('}')[2]}", listener, owner)
    elif form is None and not scripts[0].get("scriptFormat"):
        reading.error("Missing attribute 'scriptFormat' for 'script' element", scripts[0], owner)


def _form(listener: Element) -> str | None:
    return next((form for form in _FORMS if listener.get(form) is not None), None)
