"""What JSON values are taken for (REST contract §1, JSON leniency): one converter per kind, and the same as pydantic types.

Null and absent are the same. A converter raises ValueError with the reason; `json_body` makes a 400 of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator

from api.rest.dates import BadDate, parse_date

INT = (-(2**31), 2**31 - 1)
LONG = (-(2**63), 2**63 - 1)
DURATION = (LONG[0], 2**62)
"""In ms: what may be added to a moment and still is one."""
_WHOLE_NUMBER = re.compile(r"\s*[+-]?\d{1,40}\s*", re.ASCII)
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _refuse(value: object, due: str) -> ValueError:
    return ValueError(f"{due} is due, not {shown(value)}")


def shown(value: object) -> str:
    """A JSON value in a message, cut short."""
    words = {True: "true", False: "false"}
    text = words[value] if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def to_text(value: Any) -> str | None:
    """Take numbers and booleans for text too."""
    if value is None or type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int or type(value) is float:
        return str(value)
    raise _refuse(value, "a text")


def _whole(value: Any, limits: tuple[int, int]) -> int | None:
    if type(value) is str:
        if not value.strip():
            return None
        if not _WHOLE_NUMBER.fullmatch(value):
            raise _refuse(value, "a whole number")
        value = int(value)
    if value is None:
        return None
    if type(value) is not int and type(value) is not float:
        raise _refuse(value, "a whole number")
    if not limits[0] <= value <= limits[1]:
        raise _refuse(value, f"a whole number from {limits[0]} to {limits[1]}")
    return int(value)


def to_int(value: Any) -> int | None:
    """A Java Integer; fractions are cut, numbers may be written as text."""
    return _whole(value, INT)


def to_long(value: Any) -> int | None:
    """A Java Long; fractions are cut, numbers may be written as text."""
    return _whole(value, LONG)


def to_duration(value: Any) -> int | None:
    """A Java Long that is added to the time of day, in ms."""
    return _whole(value, DURATION)


def to_flag(value: Any) -> bool | None:
    """A boolean; true and false may be written as text, a whole number is true unless it is 0."""
    if value is None or type(value) is bool:
        return value
    if type(value) is int:
        return value != 0
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
    raise _refuse(value, "true or false")


def to_date(value: Any) -> int | None:
    """A date in Camunda's pattern, as epoch milliseconds."""
    if value is None or value == "":
        return None
    if type(value) is str:
        try:
            return parse_date(value)
        except BadDate:
            raise _refuse(value, "a date like 2015-10-06T16:34:42.000+0200") from None
    raise _refuse(value, "a date like 2015-10-06T16:34:42.000+0200")


def to_list(value: Any) -> list[Any] | None:
    """A list of anything."""
    if value is None or type(value) is list:
        return value
    raise _refuse(value, "a list")


def to_texts(value: Any) -> list[str | None] | None:
    """A list of texts; nulls inside it stay."""
    items = to_list(value)
    return None if items is None else [to_text(item) for item in items]


def to_object(value: Any) -> dict[str, Any] | None:
    """An object."""
    if value is None or type(value) is dict:
        return value
    raise _refuse(value, "an object")


def to_objects(value: Any) -> list[dict[str, Any]] | None:
    """A list of objects; null entries are left out."""
    items = to_list(value)
    return None if items is None else [item for item in map(to_object, items) if item is not None]


def or_else(convert: Callable[[Any], Any], default: Any) -> Callable[[Any], Any]:
    """Return a converter that gives `default` where `convert` gives null (Java's primitive fields)."""

    def converted(value: Any) -> Any:
        found = convert(value)
        return default if found is None else found

    return converted


Text = Annotated[str | None, BeforeValidator(to_text)]
Int = Annotated[int | None, BeforeValidator(to_int)]
Long = Annotated[int | None, BeforeValidator(to_long)]
OptionalFlag = Annotated[bool | None, BeforeValidator(to_flag)]
Flag = Annotated[bool, BeforeValidator(or_else(to_flag, False))]
PlainInt = Annotated[int, BeforeValidator(or_else(to_int, 0))]
PlainDuration = Annotated[int, BeforeValidator(or_else(to_duration, 0))]
Date = Annotated[int | None, BeforeValidator(to_date, json_schema_input_type=str | None)]
Texts = Annotated[list[str | None] | None, BeforeValidator(to_texts)]
Object = Annotated[dict[str, Any] | None, BeforeValidator(to_object)]
Objects = Annotated[list[dict[str, Any]] | None, BeforeValidator(to_objects)]
