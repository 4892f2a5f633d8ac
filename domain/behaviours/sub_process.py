"""Embedded sub-process: a scope of its own that completes when its last token has ended (BPMN page §9)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.decision import Decision
from domain.elements import SubProcess
from domain.flow import put_token


class SubProcessBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        sub_process = decision.element(key)
        assert isinstance(sub_process, SubProcess)
        put_token(decision, decision.definition.elements[sub_process.start], key)
