"""Elements with nothing to do for an engine: none events, undefined and manual tasks."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.flow import leave


class PassThroughBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        leave(decision, key)
