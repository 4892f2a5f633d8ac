"""Error boundary event: it is activated by the error that it catches, never by a flow, and its token goes on behind it."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.flow import leave


class ErrorBoundaryEventBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        leave(decision, key)
