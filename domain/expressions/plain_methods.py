"""Methods of numbers, truth values, characters, lists, maps and dates."""

from __future__ import annotations

import math

from domain.expressions.coercion import java_class
from domain.expressions.dates import formatted, millis, plus_months, utc
from domain.expressions.failures import MethodFailed
from domain.expressions.java_numbers import saturated, wrap
from domain.expressions.objects import Character, Date, DateTime, Integer, Short
from domain.expressions.operators import compare, same
from domain.expressions.signatures import Method, Methods, Parameter

ANY, DATE, INSTANT, NUMBER, TEXT = Parameter.ANY, Parameter.DATE, Parameter.INSTANT, Parameter.NUMBER, Parameter.TEXT
DAY = 86_400_000


def _cut(number: int | float, bits: int) -> int:
    """Cast to an integer of that many bits: a double saturates, an integer loses its upper bits."""
    if isinstance(number, float):
        return saturated(number, bits)
    half = 1 << (bits - 1)
    return (int(number) + half) % (1 << bits) - half


def _compared(left: object, right: object) -> Integer:
    if type(left) is not type(right):
        ours, theirs = java_class(left), java_class(right)
        raise MethodFailed(
            f"java.lang.ClassCastException: class {theirs} cannot be cast to class {ours} "
            f"({theirs} and {ours} are in module java.base of loader 'bootstrap')"
        )
    return Integer(compare(left, right))


NUMBER_METHODS: Methods = {
    ("intValue", 0): Method(lambda number: Integer(_cut(number, 32))),
    ("longValue", 0): Method(lambda number: _cut(number, 64)),
    ("shortValue", 0): Method(lambda number: Short(_cut(int(_cut(number, 32)), 16))),
    ("doubleValue", 0): Method(float),
    ("compareTo", 1): Method(_compared, (ANY,)),
}
DOUBLE_METHODS: Methods = {
    **NUMBER_METHODS,
    ("isNaN", 0): Method(math.isnan),
    ("isInfinite", 0): Method(math.isinf),
}
BOOLEAN_METHODS: Methods = {
    ("booleanValue", 0): Method(bool),
    ("compareTo", 1): Method(_compared, (ANY,)),
}
CHARACTER_METHODS: Methods = {
    ("charValue", 0): Method(lambda character: character),
    ("compareTo", 1): Method(_compared, (ANY,)),
}


def _get(items: list[object], index: int) -> object:
    if not 0 <= index < len(items):
        raise MethodFailed(f"java.lang.IndexOutOfBoundsException: Index {index} out of bounds for length {len(items)}")
    return items[index]


def _index_of(items: list[object], wanted: object) -> Integer:
    return Integer(next((index for index, item in enumerate(items) if same(item, wanted)), -1))


def _sublist(items: list[object], start: int, end: int) -> list[object]:
    if not 0 <= start <= end <= len(items):
        raise MethodFailed(f"java.lang.IndexOutOfBoundsException: fromIndex: {start}, toIndex: {end}, size: {len(items)}")
    return items[start:end]


LIST_METHODS: Methods = {
    ("size", 0): Method(lambda items: Integer(len(items))),
    ("isEmpty", 0): Method(lambda items: not items),
    ("get", 1): Method(_get, (NUMBER,)),
    ("contains", 1): Method(lambda items, wanted: _index_of(items, wanted) >= 0, (ANY,)),
    ("indexOf", 1): Method(_index_of, (ANY,)),
    ("subList", 2): Method(_sublist, (NUMBER, NUMBER)),
}


def entry(entries: dict[object, object], key: object) -> object:
    """Return the value of a key, None when there is none."""
    return entries.get(key) if _is_key(key) else None


def _is_key(key: object) -> bool:
    return key is None or isinstance(key, (str, int, float, Date, Character))


MAP_METHODS: Methods = {
    ("size", 0): Method(lambda entries: Integer(len(entries))),
    ("isEmpty", 0): Method(lambda entries: not entries),
    ("get", 1): Method(entry, (ANY,)),
    ("getOrDefault", 2): Method(lambda entries, key, other: entries[key] if _is_key(key) and key in entries else other, (ANY, ANY)),
    ("containsKey", 1): Method(lambda entries, key: _is_key(key) and key in entries, (ANY,)),
    ("containsValue", 1): Method(lambda entries, wanted: _index_of(list(entries.values()), wanted) >= 0, (ANY,)),
    ("keySet", 0): Method(lambda entries: list(entries)),
    ("values", 0): Method(lambda entries: list(entries.values())),
}
DATE_METHODS: Methods = {
    ("getTime", 0): Method(lambda date: date.millis),
    ("after", 1): Method(lambda date, other: date.millis > other.millis, (DATE,)),
    ("before", 1): Method(lambda date, other: date.millis < other.millis, (DATE,)),
    ("compareTo", 1): Method(lambda date, other: Integer(compare(date, other)), (DATE,)),
    ("getYear", 0): Method(lambda date: Integer(utc(date.millis).year - 1900)),
    ("getMonth", 0): Method(lambda date: Integer(utc(date.millis).month - 1)),
    ("getDate", 0): Method(lambda date: Integer(utc(date.millis).day)),
    ("getDay", 0): Method(lambda date: Integer(utc(date.millis).isoweekday() % 7)),
    ("getHours", 0): Method(lambda date: Integer(utc(date.millis).hour)),
    ("getMinutes", 0): Method(lambda date: Integer(utc(date.millis).minute)),
    ("getSeconds", 0): Method(lambda date: Integer(utc(date.millis).second)),
}


def _shifted(unit: int) -> Method:
    """Return the method that goes on by a number of units of that many milliseconds."""
    return Method(lambda date, count: _moved(date, count * unit), (NUMBER,))


def _moved(date: DateTime, by: int) -> DateTime:
    return DateTime(millis(utc(wrap(date.millis + by))))


DATE_TIME_METHODS: Methods = {
    ("toDate", 0): Method(lambda date: Date(date.millis)),
    ("getMillis", 0): Method(lambda date: date.millis),
    ("withTimeAtStartOfDay", 0): Method(lambda date: DateTime(date.millis - date.millis % DAY)),
    ("toString", 1): Method(lambda date, pattern: formatted(date.millis, pattern), (TEXT,)),
    ("isAfter", 1): Method(lambda date, other: date.millis > other.millis, (INSTANT,)),
    ("isBefore", 1): Method(lambda date, other: date.millis < other.millis, (INSTANT,)),
    ("getYear", 0): Method(lambda date: Integer(utc(date.millis).year)),
    ("getMonthOfYear", 0): Method(lambda date: Integer(utc(date.millis).month)),
    ("getDayOfMonth", 0): Method(lambda date: Integer(utc(date.millis).day)),
    ("getDayOfWeek", 0): Method(lambda date: Integer(utc(date.millis).isoweekday())),
    ("getHourOfDay", 0): Method(lambda date: Integer(utc(date.millis).hour)),
    ("getMinuteOfHour", 0): Method(lambda date: Integer(utc(date.millis).minute)),
    ("getSecondOfMinute", 0): Method(lambda date: Integer(utc(date.millis).second)),
    ("plusMonths", 1): Method(lambda date, count: DateTime(plus_months(date.millis, count)), (NUMBER,)),
    ("minusMonths", 1): Method(lambda date, count: DateTime(plus_months(date.millis, -count)), (NUMBER,)),
    ("plusYears", 1): Method(lambda date, count: DateTime(plus_months(date.millis, 12 * count)), (NUMBER,)),
    ("minusYears", 1): Method(lambda date, count: DateTime(plus_months(date.millis, -12 * count)), (NUMBER,)),
    **{
        (f"{direction}{name}", 1): _shifted(sign * unit)
        for direction, sign in (("plus", 1), ("minus", -1))
        for name, unit in (("Weeks", 7 * DAY), ("Days", DAY), ("Hours", 3_600_000), ("Minutes", 60_000), ("Seconds", 1000), ("Millis", 1))
    },
}
