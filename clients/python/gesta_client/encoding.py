"""Python values to variables on the wire: one entry per Python type."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gesta_client.dates import date_text
from gesta_client.typed import Typed

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)


def encoded_variables(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Encode variables by name. Raise TypeError or ValueError that names the variable."""
    return {name: _named(name, value) for name, value in values.items()}


def encoded(value: Any) -> dict[str, Any]:
    """Encode one value as `{"value", "type", "valueInfo"}`.

    bool → Boolean, int → Integer or Long by its size, float → Double, str → String, datetime → Date, bytes → Bytes,
    dict, list and tuple → Json, None → Null; a Typed says itself.
    Raise TypeError for another type, ValueError for a value that has no form on the wire.
    """
    typed = value if isinstance(value, Typed) else Typed(value, type_name(value))
    return {"value": wire_value(typed.value), "type": typed.type, "valueInfo": dict(typed.value_info)}


def type_name(value: Any) -> str:
    """Name Camunda's type for a Python value. Raise TypeError when there is none."""
    for kind, named in TYPE_NAMES:
        if isinstance(value, kind):
            return named(value)
    raise TypeError(f"a {type(value).__name__} has no variable type; convert it, or say how it travels with Typed(value, type)")


def wire_value(value: Any) -> Any:
    """Turn a Python value into what stands under `value` in the JSON."""
    for kind, write in WRITTEN:
        if isinstance(value, kind):
            return write(value)
    return value


def _integer_type(value: int) -> str:
    if value in INT32:
        return "Integer"
    if value in INT64:
        return "Long"
    raise ValueError(f"{value} does not fit into a Long (64 bits); send it as text or as JSON")


def _named(name: str, value: Any) -> dict[str, Any]:
    try:
        return encoded(value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"variable {name!r}: {error}") from error


def _number(value: float) -> float | str:
    """JSON has no NaN and no infinity: they go as Java's words for them."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


# bool before int: a bool is an int in Python.
TYPE_NAMES: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (type(None), lambda _: "Null"),
    (bool, lambda _: "Boolean"),
    (int, _integer_type),
    (float, lambda _: "Double"),
    (str, lambda _: "String"),
    (datetime, lambda _: "Date"),
    ((bytes, bytearray), lambda _: "Bytes"),
    ((dict, list, tuple), lambda _: "Json"),
)

WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (float, _number),
    (datetime, date_text),
    ((bytes, bytearray), lambda value: b64encode(value).decode()),
    ((dict, list, tuple), _json),
)
