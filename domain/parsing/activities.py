"""Activities without content of their own, found by their tag (BPMN page §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.elements import PassThroughTask, ReceiveTask
from domain.parsing.attributes import read_continuations
from domain.parsing.call_activities import read_call_activity
from domain.parsing.gateways import read_gateway
from domain.parsing.listeners import read_execution_listeners
from domain.parsing.markup import child, extension
from domain.parsing.reading import Reading
from domain.parsing.scope import Node, Scope, common
from domain.parsing.service_tasks import read_send_task, read_service_task
from domain.parsing.triggers import message_name, subscribe
from domain.parsing.user_tasks import read_user_task
from domain.triggers import MessageTrigger


def _read_pass_through(reading: Reading, scope: Scope, node: Node) -> None:
    read_continuations(reading, node.xml, node)
    node.flow_node = PassThroughTask(**common(node, scope))
    read_execution_listeners(reading, node.xml)


def _read_receive_task(reading: Reading, scope: Scope, node: Node) -> None:
    read_continuations(reading, node.xml, node)
    read_execution_listeners(reading, node.xml)
    trigger = None
    if node.xml.get("messageRef") is not None:
        name = message_name(reading, node.xml, node.id)
        subscribe(reading, ("message", name, False), node.xml, (node.id, node.id))
        trigger = MessageTrigger(reading.expression(name or ""))
    node.flow_node = ReceiveTask(**common(node, scope), trigger=trigger)


def _read_script_task(reading: Reading, scope: Scope, node: Node) -> None:
    if child(node.xml, "script") is None and extension(node.xml, "resource") is None:
        reading.error("Unable to process ScriptTask: No script source or resource was given", None)
    read_continuations(reading, node.xml, node)
    read_execution_listeners(reading, node.xml)
    reading.never(node.xml, "scripts")


def _read_call_activity(reading: Reading, scope: Scope, node: Node) -> None:
    read_call_activity(reading, node)


READERS: Mapping[str, Callable[[Reading, Scope, Node], None]] = {
    "exclusiveGateway": read_gateway,
    "inclusiveGateway": read_gateway,
    "parallelGateway": read_gateway,
    "eventBasedGateway": read_gateway,
    "serviceTask": read_service_task,
    "businessRuleTask": read_service_task,
    "sendTask": read_send_task,
    "task": _read_pass_through,
    "manualTask": _read_pass_through,
    "userTask": read_user_task,
    "receiveTask": _read_receive_task,
    "scriptTask": _read_script_task,
    "callActivity": _read_call_activity,
}
UNSUPPORTED = ("adHocSubProcess", "complexGateway")
"""Camunda ignores them with a warning; the flows around them become errors."""
