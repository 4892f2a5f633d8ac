"""Terminate end event: cancels every other token of its own scope, which then ends normally (BPMN page §8)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.flow import cancel, leave


class TerminateEndEventBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        scope = decision.state.tokens[key].scope
        for other in decision.state.tokens_in(scope):
            if other != key:
                cancel(decision, other)
        leave(decision, key)
