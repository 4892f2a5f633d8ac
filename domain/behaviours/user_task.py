"""User task: waits until somebody completes it over REST (BPMN page §6)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import UserTask, is_scope
from domain.expressions import Expression, to_value
from domain.facts import UserTaskCancelled, UserTaskCreated
from domain.iso_dates import iso_instant
from domain.refusals import ExecutionFailed
from domain.state import SCOPE_EXECUTION
from domain.values import Value

NORMAL_PRIORITY = 50


class UserTaskBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        element = decision.element(key)
        assert isinstance(element, UserTask)
        context = ScopeContext(decision, key, activity=key)
        decision.record(
            UserTaskCreated(
                key,
                element.id,
                decision.state.definition_id,
                _execution(decision, key),
                name=_text(element.task_name, context),
                description=_text(element.description, context),
                assignee=_text(element.assignee, context),
                owner=_text(element.owner, context),
                due=_date(element.due_date, context, "dueDate"),
                follow_up=_date(element.follow_up_date, context, "followUpDate"),
                priority=_priority(element.priority, context),
                form_key=_text(element.form_key, context),
                candidate_users=_names(element.candidate_users, context),
                candidate_groups=_names(element.candidate_groups, context),
                tenant_id=decision.state.tenant_id,
                scope=decision.state.tokens[key].scope,
            )
        )

    def terminate(self, decision: Decision, key: int) -> None:
        decision.record(UserTaskCancelled(key))


def _execution(decision: Decision, key: int) -> int:
    return key + SCOPE_EXECUTION if is_scope(decision.element(key)) else decision.state.execution_beside(key)


def _value(expression: Expression | None, context: ScopeContext) -> Value | None:
    if expression is None:
        return None
    value = to_value(expression.evaluate(context))
    return None if value.content is None else value


def _text(expression: Expression | None, context: ScopeContext) -> str | None:
    value = _value(expression, context)
    return None if value is None else str(value.content)


def _names(expressions: tuple[Expression, ...], context: ScopeContext) -> tuple[str, ...]:
    return tuple(name for name in (_text(expression, context) for expression in expressions) if name)


def _priority(expression: Expression | None, context: ScopeContext) -> int:
    value = _value(expression, context)
    if value is None:
        return NORMAL_PRIORITY
    try:
        return int(str(value.content))
    except ValueError:
        raise ExecutionFailed(f"Priority does not resolve to a number: {value.content!s}") from None


def _date(expression: Expression | None, context: ScopeContext, attribute: str) -> int | None:
    value = _value(expression, context)
    if value is None:
        return None
    if value.type == "Date" and isinstance(value.content, int):
        return value.content
    if value.type == "String":
        return iso_instant(str(value.content), attribute)
    raise ExecutionFailed(f"{attribute} gives a {value.type}; it has to be a Date or a text that holds one.")
