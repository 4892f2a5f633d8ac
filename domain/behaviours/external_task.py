"""External task: a worker's task is open while the element is active (BPMN page §3)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import ExternalTask
from domain.expressions import Expression, to_value
from domain.facts import ExternalTaskCancelled, ExternalTaskCreated, IncidentDeleted
from domain.priorities import priority_of
from domain.refusals import ExecutionFailed


class ExternalTaskBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        element, state = decision.element(key), decision.state
        assert isinstance(element, ExternalTask)
        context = ScopeContext(decision, key, activity=key)
        created = ExternalTaskCreated(
            key,
            element.id,
            state.definition_id,
            _topic(element.topic, context),
            priority_of(element.priority or decision.definition.task_priority, context),
            tuple(state.scope_chain(key)),
            state.business_key,
            state.tenant_id,
        )
        decision.record_for_task(key, created)

    def terminate(self, decision: Decision, key: int) -> None:
        incident = decision.state.incident_of.get(key)
        if incident is not None:
            decision.record(IncidentDeleted(incident))
        if decision.task_reported != key:
            decision.record_for_task(key, ExternalTaskCancelled())


def _topic(topic: Expression, context: ScopeContext) -> str | None:
    if topic.is_literal:
        return topic.text
    value = to_value(topic.evaluate(context))
    if value.content is None:
        return None
    if value.type != "String" or not isinstance(value.content, str):
        raise ExecutionFailed(f"The topic '{topic.text}' gives a {value.type}; it has to be a String.", "ClassCastException")
    return value.content
