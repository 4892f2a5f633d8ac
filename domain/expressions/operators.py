"""EL's operators (JSR-341 §1.7 to 1.12), with JUEL's messages."""

from __future__ import annotations

import math
from collections.abc import Callable

from domain.expressions.coercion import is_fractional, java_class, to_boolean, to_double, to_long, to_text
from domain.expressions.failures import Failure
from domain.expressions.java_numbers import wrap
from domain.expressions.objects import Character, Date, DateTime, Integer, Short
from domain.expressions.stored import opened

INTEGERS = frozenset((int, Integer, Short))
NUMBERS = frozenset((int, Integer, Short, float))


def add(left: object, right: object) -> int | float:
    if is_fractional(left) or is_fractional(right):
        return to_double(left) + to_double(right)
    return wrap(to_long(left) + to_long(right))


def subtract(left: object, right: object) -> int | float:
    if is_fractional(left) or is_fractional(right):
        return to_double(left) - to_double(right)
    return wrap(to_long(left) - to_long(right))


def multiply(left: object, right: object) -> int | float:
    if is_fractional(left) or is_fractional(right):
        return to_double(left) * to_double(right)
    return wrap(to_long(left) * to_long(right))


def divide(left: object, right: object) -> int | float:
    """Always give a Double, but Long 0 for two nulls."""
    if left is None and right is None:
        return 0
    dividend, divisor = to_double(left), to_double(right)
    if divisor:
        return dividend / divisor
    return math.nan if dividend == 0 or math.isnan(dividend) else math.copysign(math.inf, dividend) * math.copysign(1, divisor)


def remainder(left: object, right: object) -> int | float:
    """The sign is the dividend's."""
    if left is None and right is None:
        return 0
    if is_fractional(left) or is_fractional(right):
        dividend, divisor = to_double(left), to_double(right)
        return math.fmod(dividend, divisor) if divisor and math.isfinite(dividend) else math.nan
    whole, by = to_long(left), to_long(right)
    if by == 0:
        raise Failure("/ by zero")
    return abs(whole) % abs(by) * (1 if whole >= 0 else -1)


def negate(value: object) -> object:
    """Keep the type of a number; a text becomes Long or Double."""
    if isinstance(value, Integer):
        return value if value == -0x80000000 else Integer(-value)
    if isinstance(value, Short):
        return value if value == -0x8000 else Short(-value)
    if value is None or isinstance(value, str) or type(value) in NUMBERS:
        return -to_double(value) if is_fractional(value) else wrap(-to_long(value))
    raise Failure(f"Cannot negate 'class {java_class(value)}'")


def equal(left: object, right: object) -> bool:
    if left is right:
        return True
    if left is None or right is None:
        return False
    kinds = (type(left), type(right))
    if float in kinds:
        return to_double(left) == to_double(right)
    if not INTEGERS.isdisjoint(kinds):
        return to_long(left) == to_long(right)
    if bool in kinds:
        return to_boolean(left) == to_boolean(right)
    if str in kinds:
        return to_text(left) == to_text(right)
    return same(left, right)


def same(left: object, right: object) -> bool:
    """Java's `equals`: numbers of different types differ."""
    left, right = opened(left), opened(right)
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return left == right
    return type(left) is type(right) and left == right


def compare(left: object, right: object) -> int:
    """Return which is greater, below, at or above 0, of two values that are not null."""
    kinds = (type(left), type(right))
    if float in kinds:
        return _order(to_double(left), to_double(right))
    if not INTEGERS.isdisjoint(kinds):
        return _order(to_long(left), to_long(right))
    if str in kinds:
        first, second = to_text(left), to_text(right)
        return (first > second) - (first < second)
    if kinds[0] is kinds[1] and isinstance(left, (bool, Date, DateTime, Character)):
        return _order(_sortable(left), _sortable(right))
    raise Failure(f"Cannot compare 'class {java_class(left)}' and 'class {java_class(right)}'")


def _sortable(value: object) -> int:
    if isinstance(value, (Date, DateTime)):
        return value.millis
    return ord(value.unit) if isinstance(value, Character) else int(bool(value))


def _order(left: float, right: float) -> int:
    return (left > right) - (left < right)


def less(left: object, right: object) -> bool:
    if type(left) in INTEGERS and type(right) in INTEGERS:
        return to_long(left) < to_long(right)
    return False if left is None or right is None or left is right else compare(left, right) < 0


def greater(left: object, right: object) -> bool:
    return less(right, left)


def less_or_equal(left: object, right: object) -> bool:
    if left is None or right is None:
        return left is right
    return left is right or compare(left, right) <= 0


def greater_or_equal(left: object, right: object) -> bool:
    return less_or_equal(right, left)


def not_equal(left: object, right: object) -> bool:
    return not equal(left, right)


def empty(value: object) -> bool:
    """Tell whether the value is null, an empty text or an empty collection."""
    content = opened(value)
    return content is None or (isinstance(content, (str, bytes, list, tuple, dict)) and len(content) == 0)


BINARY: dict[str, Callable[[object, object], object]] = {
    "PLUS": add,
    "MINUS": subtract,
    "TIMES": multiply,
    "DIV": divide,
    "MOD": remainder,
    "EQ": equal,
    "NE": not_equal,
    "LT": less,
    "GT": greater,
    "LE": less_or_equal,
    "GE": greater_or_equal,
}
