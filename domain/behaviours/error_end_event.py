"""Error end event: throws its error outwards (BPMN page §5)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import ErrorEndEvent
from domain.errors import throw


class ErrorEndEventBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        event = decision.element(key)
        assert isinstance(event, ErrorEndEvent)
        message = None
        if event.error_message is not None:
            result = event.error_message.evaluate(ScopeContext(decision, key, activity=key))
            message = None if result is None else str(result)
        throw(decision, key, event.error_code, message)
