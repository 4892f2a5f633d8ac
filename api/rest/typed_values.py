"""One converter per variable type: from the JSON `value` to what the engine keeps (REST contract §3.1)."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from api.rest import coercions
from api.rest.dates import BadDate, parse_date
from api.rest.java_text import java_text
from domain.values import Scalar

_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,9})?", re.ASCII)
_NOT_FINITE = {
    "NaN": math.nan,
    "Infinity": math.inf,
    "+Infinity": math.inf,
    "INF": math.inf,
    "+INF": math.inf,
    "-Infinity": -math.inf,
    "-INF": -math.inf,
}
_SHORT = (-(2**15), 2**15 - 1)


class Inconvertible(Exception):
    """The value does not fit its type."""


def _whole_number(limits: tuple[int, int]) -> Callable[[Any], int | None]:
    def convert(value: Any) -> int | None:
        if type(value) is str:
            text = value.strip()
            if not text:
                return None
            if not _WHOLE.fullmatch(text):
                raise Inconvertible
            value = int(text)
        if type(value) is not int or not limits[0] <= value <= limits[1]:
            raise Inconvertible
        return value

    return convert


def _double(value: Any) -> float | None:
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        if text in _NOT_FINITE:
            return _NOT_FINITE[text]
        if not _DECIMAL.fullmatch(text):
            raise Inconvertible
        return float(text)
    if type(value) is not int and type(value) is not float:
        raise Inconvertible
    try:
        return float(value)
    except OverflowError:
        raise Inconvertible from None


def _boolean(value: Any) -> bool | None:
    if type(value) is not bool and type(value) is not str:
        raise Inconvertible
    try:
        return coercions.to_flag(value)
    except ValueError:
        raise Inconvertible from None


def _date(value: Any) -> int | None:
    if type(value) is not str:
        raise Inconvertible
    try:
        return parse_date(value) if value.strip() else None
    except BadDate:
        raise Inconvertible from None


def _string(value: Any) -> str:
    return value if type(value) is str else java_text(value)


def _bytes(value: Any) -> bytes:
    if type(value) is not str:
        raise Inconvertible
    try:
        return base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Inconvertible from None


def _null(value: Any) -> None:
    raise Inconvertible


CONVERTERS: Mapping[str, tuple[Callable[[Any], Scalar], str]] = {
    "String": (_string, "java.lang.String"),
    "Integer": (_whole_number(coercions.INT), "java.lang.Integer"),
    "Long": (_whole_number(coercions.LONG), "java.lang.Long"),
    "Short": (_whole_number(_SHORT), "java.lang.Short"),
    "Double": (_double, "java.lang.Double"),
    "Boolean": (_boolean, "java.lang.Boolean"),
    "Date": (_date, "java.util.Date"),
    "Bytes": (_bytes, "[B"),
    "Null": (_null, "javax.lang.model.type.NullType"),
}
"""By type: the converter of a value that is not null, and the Java class that messages name."""


def lenient_base64(text: str) -> bytes:
    """Decode as Java's MIME decoder does: what is no base64 is passed over."""
    kept = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0])
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return base64.b64decode(kept + "=" * (-len(kept) % 4))
