"""Start events of processes, sub-processes and event sub-processes (BPMN page §8). gesta runs those of processes and sub-processes."""

from __future__ import annotations

from lxml.etree import _Element as Element

from domain.elements import NoneStartEvent, TriggeredStartEvent
from domain.parsing import triggers
from domain.parsing.attributes import read_continuations
from domain.parsing.forms import read_start_form
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.mappings import refuse_mapping
from domain.parsing.markup import children, extension, tag_of
from domain.parsing.nodes import new_node
from domain.parsing.reading import PARSING_FAILED, Reading
from domain.parsing.scope import Node, Scope, common
from domain.refusals import ExecutionFailed
from domain.triggers import MessageTrigger, Trigger

_NO_ID = (
    PARSING_FAILED + ' Cannot invoke "String.equals(Object)" because the return value of'
    ' "org.camunda.bpm.engine.impl.util.xml.Element.attribute(String)" is null.'
)
_OF_PROCESS = ("timerEventDefinition", "messageEventDefinition", "signalEventDefinition", "conditionalEventDefinition")
_OF_EVENT_SUB_PROCESS = (
    "errorEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "timerEventDefinition",
    "compensateEventDefinition",
    "escalationEventDefinition",
    "conditionalEventDefinition",
)
_NOT_IN_SUB_PROCESS = {
    "conditionalEventDefinition": "conditionalEventDefinition is not allowed on start event within a subprocess",
    "timerEventDefinition": "timerEventDefinition is not allowed on start event within a subprocess",
    "escalationEventDefinition": "escalationEventDefinition is not allowed on start event within a subprocess",
    "compensateEventDefinition": "compensateEventDefinition is not allowed on start event within a subprocess",
    "errorEventDefinition": "errorEventDefinition only allowed on start event if subprocess is an event subprocess",
    "messageEventDefinition": "messageEventDefinition only allowed on start event if subprocess is an event subprocess",
    "signalEventDefinition": "signalEventDefintion only allowed on start event if subprocess is an event subprocess",
}


def read_start_events(reading: Reading, scope: Scope) -> None:
    """Read the start events of a scope and find the one that it starts with."""
    elements = list(children(scope.xml, "startEvent"))
    nodes = [_read(reading, scope, element) for element in elements]
    if not nodes and tag_of(scope.xml) in ("process", "subProcess"):
        reading.error(f"{tag_of(scope.xml)} must define a startEvent element", scope.xml)
    if scope.parent is None:
        _select_start(reading, scope, nodes)


def _read(reading: Reading, scope: Scope, element: Element) -> Node:
    node = new_node(reading, scope, element, "startEvent")
    read_continuations(reading, element, node)
    trigger = None
    if scope.parent is None:
        trigger = _read_of_process(reading, node)
        scope.initiator = extension(element, "initiator") or scope.initiator
    else:
        _read_of_sub_process(reading, scope, node)
    refuse_mapping(reading, element)
    read_execution_listeners(reading, element)
    fields = common(node, scope)
    node.flow_node = NoneStartEvent(**fields) if trigger is None else TriggeredStartEvent(**fields, trigger=trigger)
    return node


def _read_of_process(reading: Reading, node: Node) -> Trigger | None:
    found = triggers.first_definition(node.xml, _OF_PROCESS)
    if found is None:
        return None
    name, definition = found
    match name:
        case "timerEventDefinition":
            node.kind = "startTimerEvent"
            return triggers.read_timer(reading, definition, node)
        case "messageEventDefinition":
            node.kind = "messageStartEvent"
            return _read_message(reading, node, definition)
        case "signalEventDefinition":
            node.kind = "signalStartEvent"
            return triggers.await_trigger(reading, node, found, None)
        case _:
            node.kind = "conditionalStartEvent"
            condition = triggers.check_condition(reading, definition, node.id)
            triggers.subscribe(reading, ("conditional", condition, True), node.xml, (None, node.id))
    reading.not_yet(node.xml, triggers.NAMES[name])
    return None


def _read_message(reading: Reading, node: Node, definition: Element) -> MessageTrigger:
    name = triggers.message_name(reading, definition, node.id)
    if name is not None and not reading.expression(name).is_literal:
        text = f"Invalid message name '{name}' for element 'messageEventDefinition'"
        reading.error(f"{text}: expressions in the message start event name are not allowed!", definition, node.id)
    triggers.subscribe(reading, ("message", name, True), node.xml, (None, node.id))
    return MessageTrigger(reading.expression(name or ""))


def _read_of_sub_process(reading: Reading, scope: Scope, node: Node) -> None:
    if scope.start is None:
        scope.start = node.id
    else:
        reading.error("multiple start events not supported for subprocess", scope.xml, node.id)
    if scope.is_event_sub_process:
        _read_of_event_sub_process(reading, scope, node)
        return
    for name, message in _NOT_IN_SUB_PROCESS.items():
        for definition in children(node.xml, name):
            reading.error(message, definition, node.id)


def _read_of_event_sub_process(reading: Reading, scope: Scope, node: Node) -> None:
    trigger = triggers.first_definition(node.xml, _OF_EVENT_SUB_PROCESS)
    owner = None if scope.parent is None else scope.parent.id
    if trigger is None:
        kinds = "'error', 'message', 'timer', 'signal', 'compensation' or 'escalation'"
        reading.error(f"start event of event subprocess must be of type {kinds}", node.xml)
        return
    name, definition = trigger
    match name:
        case "errorEventDefinition":
            if node.xml.get("isInterrupting", "true").lower() != "true":
                reading.error("error start event of event subprocess must be interrupting", node.xml)
        case "compensateEventDefinition":
            _read_compensation(reading, scope, node)
        case "escalationEventDefinition":
            triggers.handle_escalation(reading, definition, node, owner, sub_process=True)
        case _:
            triggers.await_trigger(reading, node, trigger, owner)


def _read_compensation(reading: Reading, scope: Scope, node: Node) -> None:
    if scope.parent is not None and scope.parent.parent is None:
        why = "since throwing compensation through a call activity-induced process hierarchy is not supported"
        text = f"event subprocess with compensation start event is only supported for embedded subprocess ({why})"
        reading.error(text, node.xml)


def _select_start(reading: Reading, scope: Scope, nodes: list[Node]) -> None:
    exclusive = [node for node in nodes if node.kind in ("startEvent", "startTimerEvent")]
    for node in exclusive[1:]:
        reading.error("multiple none start events or timer start events not supported on process definition", scope.xml, node.id)
    initial = exclusive[0] if exclusive else nodes[0] if len(nodes) == 1 else None
    if initial is not None:
        scope.start = initial.id
        if any(node.id is None for node in nodes):
            raise ExecutionFailed(_NO_ID)
        read_start_form(reading, initial.xml)
