"""Priorities of external tasks and jobs: a number, or an expression that gives one (BPMN page §3)."""

from __future__ import annotations

from domain.expressions import Context, Expression, to_value
from domain.refusals import ExecutionFailed


def priority_of(priority: Expression | None, context: Context) -> int:
    """Compute a priority; nothing at all is 0."""
    if priority is None:
        return 0
    if priority.is_literal:
        return int(priority.text)
    value = to_value(priority.evaluate(context))
    if value.type in ("Short", "Integer", "Long") and isinstance(value.content, int):
        return value.content
    if value.type == "Double":
        raise ExecutionFailed(": Priority value must be either Short, Integer, or Long")
    raise ExecutionFailed(": Priority value is not an Integer")
