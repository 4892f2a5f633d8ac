"""What events wait for or throw: event definitions with Camunda's checks. gesta runs messages, signals and timers."""

from __future__ import annotations

from typing import Literal

from lxml.etree import _Element as Element

from domain.elements import SignalThrowEvent
from domain.parsing.attributes import SPACE
from domain.parsing.declarations import local_name
from domain.parsing.markup import XSI, child, extension, extension_elements, text_of
from domain.parsing.reading import Halted, Reading
from domain.parsing.scope import Node, Scope, common
from domain.triggers import MessageTrigger, SignalTrigger, TimerTrigger, Trigger, VariablePassed

FORMAL_EXPRESSION = ("http://www.omg.org/spec/BPMN/20100524/MODEL", "tFormalExpression")

NAMES = {
    "timerEventDefinition": "timer events",
    "messageEventDefinition": "message events",
    "signalEventDefinition": "signal events",
    "conditionalEventDefinition": "conditional events",
    "escalationEventDefinition": "escalation events",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "transactions",
    "linkEventDefinition": "link events",
    "errorEventDefinition": "event sub-processes",
}


def first_definition(event: Element, names: tuple[str, ...]) -> tuple[str, Element] | None:
    """Return the event definition that counts: the first of the names that the event has."""
    found = [(name, definition) for name in names if (definition := child(event, name)) is not None]
    return found[0] if found else None


def await_trigger(reading: Reading, node: Node, trigger: tuple[str, Element], owner: str | None) -> Trigger | None:
    """Read what a catching event waits for while `owner` is active; None for what gesta does not run, which is noted."""
    name, definition = trigger
    match name:
        case "timerEventDefinition":
            return read_timer(reading, definition, node)
        case "messageEventDefinition":
            message = message_name(reading, definition, node.id)
            subscribe(reading, ("message", message, False), definition, (owner, node.id))
            return MessageTrigger(reading.expression(message or ""))
        case "signalEventDefinition":
            signal = signal_name(reading, definition, node.id)
            if signal is None:
                raise Halted
            subscribe(reading, ("signal", signal, False), definition, (owner, node.id))
            return SignalTrigger(reading.expression(signal))
        case _:
            check_condition(reading, definition, node.id)
    reading.not_yet(node.xml, NAMES[name])
    return None


_TIMES: tuple[tuple[str, Literal["DATE", "DURATION", "CYCLE"]], ...] = (
    ("timeDate", "DATE"),
    ("timeCycle", "CYCLE"),
    ("timeDuration", "DURATION"),
)


def read_timer(reading: Reading, definition: Element, node: Node) -> TimerTrigger:
    """Read the time of a timer, which may be an expression."""
    found = [(time, kind) for name, kind in _TIMES if (time := child(definition, name)) is not None]
    if not found:
        reading.error("Timer needs configuration (either timeDate, timeCycle or timeDuration is needed).", definition, node.id)
        raise Halted
    time, kind = found[0]
    timer = TimerTrigger(kind, reading.expression(text_of(time).strip(SPACE)))
    if node.id is None:
        reading.error('Attribute "id" is required!', definition)
    return timer


def message_name(reading: Reading, element: Element, owner: str | None) -> str | None:
    """Return the name of the message that `messageRef` names."""
    reference = element.get("messageRef")
    if reference is None:
        reading.error("attribute 'messageRef' is required", element, owner)
    if local_name(reference) not in reading.messages:
        reading.error(f"Invalid 'messageRef': no message with id '{reference or 'null'}' found.", element, owner)
        raise Halted
    name = reading.messages[local_name(reference)]
    reading.optional(name)
    return name


def signal_name(reading: Reading, definition: Element, owner: str | None) -> str | None:
    """Return the name of the signal that `signalRef` names; None after an error if there is no such attribute."""
    reference = definition.get("signalRef")
    if reference is None:
        reading.error("signalEventDefinition does not have required property 'signalRef'", definition, owner)
        return None
    name = reading.signals.get(local_name(reference) or "")
    if name is None:
        reading.error(f"Could not find signal with id '{reference}'", definition, owner)
        raise Halted
    reading.expression(name)
    return name


def subscribe(reading: Reading, awaited: tuple[str, str | None, bool], element: Element, where: tuple[str | None, str | None]) -> None:
    """Register what an activity waits for: kind, name, and whether it starts the process. `where` is the activity and the event."""
    kind, name, _ = awaited
    owner, event = where
    if kind == "message" and not (name or "").strip(SPACE):
        reading.error("Cannot have a message event subscription with an empty or missing name", element, event)
    known = reading.subscriptions.setdefault(owner, set())
    if awaited in known:
        same = f"the same condition '{name}'" if kind == "conditional" else f"name '{name}' for scope '{owner or 'null'}'"
        reading.error(f"Cannot have more than one {kind} event subscription with {same}", element, event)
    known.add(awaited)


def check_condition(reading: Reading, definition: Element, owner: str | None) -> str:
    """Check the condition of a conditional event and return its text."""
    condition = child(definition, "condition")
    if condition is None:
        reading.error("Conditional event must contain an expression for evaluation.", definition, owner)
        raise Halted
    check_formal(reading, condition, owner)
    text = text_of(condition).strip(SPACE)
    if condition.get("language") is None:
        reading.expression(text)
    return text


def check_formal(reading: Reading, expression: Element, owner: str | None) -> None:
    """Note an error unless the type of an expression, if it is given, is `tFormalExpression`."""
    kind = expression.get(XSI + "type")
    if kind is None:
        return
    prefix, _, name = kind.rpartition(":")
    namespace = expression.nsmap.get(prefix) if prefix else FORMAL_EXPRESSION[0]
    if (namespace, name) != FORMAL_EXPRESSION:
        reading.error("Invalid type, only tFormalExpression is currently supported", expression, owner)


def handle_escalation(reading: Reading, definition: Element, node: Node, owner: str | None, *, sub_process: bool) -> None:
    """Check the escalation that a boundary event of `owner` or an event sub-process in `owner` catches."""
    reference = definition.get("escalationRef")
    if reference is not None and reference not in reading.escalations:
        reading.error(f"could not find escalation with id '{reference}'", definition, node.id)
    code = None if reference is None else reading.escalations.get(reference)
    codes = reading.escalation_handlers.setdefault((owner, sub_process), set())
    conflict = _conflict(code, codes, ("event subprocess", "event subprocesses") if sub_process else ("boundary event", "boundary events"))
    if conflict is not None:
        reading.error(conflict, definition, node.id)
    codes.add(code)
    reading.not_yet(node.xml, NAMES["escalationEventDefinition"])


def _conflict(code: str | None, others: set[str | None], names: tuple[str, str]) -> str | None:
    one, many = names
    catches_all = f"The escalation {one} without escalation code catch all escalation events."
    if not others:
        return None
    if code is None and None in others:
        text = f"The same scope can not contains more than one escalation {one} without escalation code."
        return f"{text} An escalation {one} without escalation code catch all escalation events."
    if code is None or None in others:
        text = f"The same scope can not contains an escalation {one} without escalation code and another one with escalation code."
        return f"{text} {catches_all}"
    return f"multiple escalation {many} with the same escalationCode '{code}' are not supported on same scope" if code in others else None


def throw_escalation(reading: Reading, definition: Element, node: Node, missing_code: str) -> None:
    """Check the escalation that an event throws."""
    reference = definition.get("escalationRef")
    if reference is None:
        reading.error("escalationEventDefinition does not have required attribute 'escalationRef'", definition, node.id)
    elif reference not in reading.escalations:
        reading.error(f"could not find escalation with id '{reference}'", definition, node.id)
    elif reading.escalations[reference] is None:
        reading.error(missing_code, definition, node.id)
    reading.not_yet(node.xml, NAMES["escalationEventDefinition"])


def read_thrown_signal(reading: Reading, scope: Scope, definition: Element, node: Node) -> None:
    """Read the signal that an event throws, and the variables that it passes on."""
    name = signal_name(reading, definition, node.id)
    if extension(definition, "async") == "true":
        reading.not_yet(definition, "signals that are thrown asynchronously (camunda:async)", node.id)
    passed = extension_elements(definition, "in")
    keys = [one.get("businessKey") for one in passed if one.get("businessKey")]
    node.flow_node = SignalThrowEvent(
        **common(node, scope),
        signal=reading.expression(name or ""),
        variables=tuple(_passed(reading, one) for one in passed if not one.get("businessKey")),
        business_key=reading.optional(keys[-1] if keys else None),
    )


def _passed(reading: Reading, parameter: Element) -> VariablePassed:
    local = parameter.get("local") == "true"
    if parameter.get("variables") == "all":
        return VariablePassed(local=local)
    return VariablePassed(parameter.get("target"), parameter.get("source"), reading.optional(parameter.get("sourceExpression")), local)
