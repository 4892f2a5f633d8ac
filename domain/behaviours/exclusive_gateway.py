"""Exclusive gateway: the first flow whose condition holds, else the default flow; merges without waiting (BPMN page §7)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.elements import Element, SequenceFlow
from domain.flow import default_flow, depart, is_open
from domain.refusals import ExecutionFailed


class ExclusiveGatewayBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        depart(decision, key, (_choose(decision, key),))


def _choose(decision: Decision, key: int) -> SequenceFlow:
    gateway = decision.element(key)
    for flow in gateway.outgoing:
        if flow.id != gateway.default_flow and is_open(decision, flow, key):
            return flow
    return _default(gateway)


def _default(gateway: Element) -> SequenceFlow:
    default = default_flow(gateway)
    if default is not None:
        return default
    if gateway.default_flow is not None:
        raise ExecutionFailed(
            f"ENGINE-02005 Default sequence flow '{gateway.default_flow}' for element with id '{gateway.id}' could not be not found."
        )
    raise ExecutionFailed(
        f"ENGINE-02004 No outgoing sequence flow for the element with id '{gateway.id}' could be selected for continuing the process."
    )
