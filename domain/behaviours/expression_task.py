"""Service task whose work is an expression: computed at once, its result perhaps kept as a variable (BPMN page §6)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import ExpressionTask
from domain.expressions import to_value
from domain.flow import leave
from domain.variables import set_variables


class ExpressionTaskBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        element = decision.element(key)
        assert isinstance(element, ExpressionTask)
        result = element.expression.evaluate(ScopeContext(decision, key, activity=key))
        if element.result_variable is not None:
            set_variables(decision, key, {element.result_variable: to_value(result)})
        leave(decision, key)
