"""Input and output parameters: what their texts, lists and maps give (BPMN page §4)."""

from __future__ import annotations

from functools import cmp_to_key

from domain.elements import ListValue, MapValue, ParameterValue
from domain.expressions.coercion import java_class
from domain.expressions.conversion import from_value, to_value
from domain.expressions.evaluation import Context
from domain.expressions.expression import Expression
from domain.expressions.operators import compare
from domain.refusals import ExecutionFailed
from domain.values import NULL, Value


def evaluate_parameter(value: ParameterValue, context: Context) -> Value:
    """Return the variable that a parameter makes; lists and maps become Java collections. Raises ExecutionFailed."""
    return NULL if value is None else to_value(_computed(value, context))


def _computed(value: ParameterValue, context: Context) -> object:
    match value:
        case ListValue():
            return [_item(item, context) for item in value.items]
        case MapValue():
            return _sorted({_key(key, context): _item(item, context) for key, item in value.entries})
        case Expression():
            return value.evaluate(context)
        case _:
            return None


def _item(value: ParameterValue, context: Context) -> object:
    item = _computed(value, context)
    return from_value(item) if isinstance(item, Value) else item


def _key(expression: Expression, context: Context) -> object:
    key = expression.evaluate(context)
    if key is None:
        raise ExecutionFailed('Cannot invoke "java.lang.Comparable.compareTo(Object)" because "k1" is null', "NullPointerException")
    if not isinstance(key, (str, int, float)):
        raise ExecutionFailed(f"class {java_class(key)} cannot be cast to class java.lang.Comparable", "ClassCastException")
    return key


def _sorted(entries: dict[object, object]) -> dict[object, object]:
    """Sort by key as java.util.TreeMap does, which refuses keys of different types."""
    kinds = sorted({java_class(key) for key in entries})
    if len(kinds) > 1:
        raise ExecutionFailed(f"class {kinds[0]} cannot be cast to class {kinds[1]}", "ClassCastException")
    return {key: entries[key] for key in sorted(entries, key=cmp_to_key(compare))}
