"""Boundary event for a message, a signal or a time: it is activated by what it waited for, and its token goes on behind it."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.flow import leave


class BoundaryEventBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        leave(decision, key)
