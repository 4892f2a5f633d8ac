"""Signal throw and end event: the instance's own receivers have the signal at once, others in the same transaction (BPMN page §8)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import SignalThrowEvent
from domain.expressions import to_value
from domain.facts import SignalThrown
from domain.signals import receive
from domain.triggers import VariablePassed
from domain.values import NULL, Value
from domain.variables import local, visible
from domain.waiting import event_name


class SignalThrowEventBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        event = decision.element(key)
        assert isinstance(event, SignalThrowEvent)
        context = ScopeContext(decision, key, activity=key)
        variables: dict[str, Value] = {}
        for passed in event.variables:
            variables.update(_passed(decision, passed, key, context))
        thrown = SignalThrown(key, event_name(event.signal, context), variables, _business_key(event, context))
        decision.record(thrown)
        decision.signals.append(thrown)
        receive(decision, thrown.name, variables)
        decision.later(("complete", key))


def _passed(decision: Decision, passed: VariablePassed, key: int, context: ScopeContext) -> dict[str, Value]:
    state, transient = decision.state, decision.transient
    if passed.target is None:
        return local(state, key, transient) if passed.local else visible(state, key, transient)
    if passed.expression is not None:
        return {passed.target: to_value(passed.expression.evaluate(context))}
    source = passed.source or ""
    found = local(state, key, transient).get(source) if passed.local else context.variable(source)
    return {passed.target: NULL if found is None else found}


def _business_key(event: SignalThrowEvent, context: ScopeContext) -> str | None:
    if event.business_key is None:
        return None
    value = event.business_key.evaluate(context)
    return None if value is None else str(value)
