"""What a method of the allow-list takes: its parameters coerce the arguments as EL does before Java is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple, TypeAlias

from domain.expressions.coercion import to_double, to_long, to_text
from domain.expressions.failures import Failure, MethodFailed
from domain.expressions.objects import Character, Date, DateTime


class Parameter(Enum):
    """The Java type of a parameter."""

    TEXT = "java.lang.String"
    CHARACTERS = "java.lang.CharSequence"
    NUMBER = "int"
    DOUBLE = "double"
    DATE = "java.util.Date"
    INSTANT = "org.joda.time.ReadableInstant"
    ANY = "java.lang.Object"


class Method(NamedTuple):
    """A function of the object and its coerced arguments; a `metered` one also gets `spend`."""

    call: Callable[..., object]
    parameters: tuple[Parameter, ...] = ()
    metered: bool = False


Methods: TypeAlias = Mapping[tuple[str, int], Method]


class ArgumentMismatch(Exception):
    """An argument cannot become what the parameter wants."""


def _whole(argument: object) -> int:
    number = to_long(argument)
    if not -0x80000000 <= number <= 0x7FFFFFFF:
        return (number + 0x80000000 & 0xFFFFFFFF) - 0x80000000
    return number


def _characters(argument: object) -> str:
    if isinstance(argument, str):
        return argument
    if argument is None:
        raise MethodFailed('java.lang.NullPointerException: Cannot invoke "java.lang.CharSequence.toString()" because "s" is null')
    raise ArgumentMismatch


def _date(argument: object) -> Date:
    if argument is None:
        raise MethodFailed('java.lang.NullPointerException: Cannot invoke "Object.getClass()" because "date" is null')
    if not isinstance(argument, Date):
        raise ArgumentMismatch
    return argument


def _instant(argument: object) -> DateTime:
    if not isinstance(argument, DateTime):
        raise ArgumentMismatch
    return argument


COERCIONS: dict[Parameter, Callable[[object], object]] = {
    Parameter.TEXT: to_text,
    Parameter.CHARACTERS: _characters,
    Parameter.NUMBER: _whole,
    Parameter.DOUBLE: to_double,
    Parameter.DATE: _date,
    Parameter.INSTANT: _instant,
}


def coerced(parameter: Parameter, argument: object) -> object:
    """Turn an argument into what the parameter wants; raises ArgumentMismatch."""
    coerce = COERCIONS.get(parameter)
    if coerce is None:
        return argument
    try:
        return coerce(argument)
    except Failure as failure:
        if isinstance(failure, MethodFailed):
            raise
        raise ArgumentMismatch from None


def code_point(argument: object) -> str:
    """Return what `indexOf` looks for: a text, or the character with a number."""
    if isinstance(argument, Character):
        return argument.unit
    if isinstance(argument, int) and not isinstance(argument, bool):
        return chr(argument) if 0 <= argument < 0xD800 or 0xDFFF < argument <= 0x10FFFF else "?"
    if isinstance(argument, str):
        return argument
    raise ArgumentMismatch
