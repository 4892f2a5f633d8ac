"""What the attributes of a user task come to when it is created (BPMN page §6): results of the wrong type are refused, as Camunda does."""

from __future__ import annotations

import re

from domain.context import ScopeContext
from domain.expressions import Date, Expression
from domain.expressions.coercion import java_class
from domain.expressions.java_numbers import saturated, wrap
from domain.expressions.stored import opened
from domain.iso_dates import iso_instant
from domain.refusals import ExecutionFailed

NORMAL_PRIORITY = 50
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_INT = range(-(1 << 31), 1 << 31)


def text(expression: Expression | None, context: ScopeContext, attribute: str) -> str | None:
    """Compute an attribute that has to be a text, or null."""
    value = _value(expression, context)
    return None if expression is None or value is None else _as_text(value, expression, attribute)


def names(expressions: tuple[Expression, ...], context: ScopeContext, attribute: str) -> tuple[str, ...]:
    """Compute candidates: each expression gives a text with names between commas, or a list of names."""
    return tuple(name for expression in expressions for name in _names(expression, context, attribute) if name)


def priority(expression: Expression | None, context: ScopeContext) -> int:
    """Compute a priority: numbers are cut as Java's intValue does."""
    value = _value(expression, context)
    if expression is None or value is None:
        return NORMAL_PRIORITY
    if isinstance(value, str):
        if _INTEGER.fullmatch(value) and int(value) in _INT:
            return int(value)
        raise ExecutionFailed(f"Priority does not resolve to a number: {value}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return saturated(value, 32) if isinstance(value, float) else wrap(value, 32)
    raise ExecutionFailed(f"Priority expression does not resolve to a number: {expression.text}")


def date(expression: Expression | None, context: ScopeContext, attribute: str) -> int | None:
    """Compute a date, as epoch ms; `attribute` is dueDate or followUpDate."""
    value = _value(expression, context)
    if expression is None or value is None:
        return None
    if isinstance(value, Date):
        return value.millis
    if isinstance(value, str):
        return iso_instant(value, attribute)
    told = {"dueDate": "Due date", "followUpDate": "Follow up date"}[attribute]
    raise ExecutionFailed(f"{told} expression does not resolve to a Date or Date string: {expression.text}")


def _value(expression: Expression | None, context: ScopeContext) -> object:
    return None if expression is None else opened(expression.evaluate(context))


def _names(expression: Expression, context: ScopeContext, attribute: str) -> list[str]:
    value = _value(expression, context)
    if isinstance(value, str):
        return [name.strip() for name in value.split(",")]
    if isinstance(value, list):
        return [_as_text(name, expression, attribute) for name in value]
    raise ExecutionFailed("Expression did not resolve to a string or collection of strings")


def _as_text(value: object, expression: Expression, attribute: str) -> str:
    if isinstance(value, str):
        return value
    kind = java_class(value).rpartition(".")[2]
    raise ExecutionFailed(f"The {attribute} '{expression.text}' gives a {kind}; it has to be a String.", "ClassCastException")
