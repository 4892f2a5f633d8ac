"""Values in columns: what queries compare stands in columns of its own, and the whole value in one more where these do not say it all."""

from __future__ import annotations

from typing import NamedTuple

from domain.values import Scalar, Value
from projections import large_values
from projections.large_values import compared_text, decode_value

_WHOLE = frozenset(("Boolean", "Short", "Integer", "Long", "Date"))


class Stored(NamedTuple):
    """The columns of a value."""

    type: str
    text_value: str | None = None
    long_value: int | None = None
    double_value: float | None = None
    payload: bytes | None = None
    large: bytes | None = None
    """The hash of an encoding that is put away."""


def stored(value: Value) -> Stored:
    """Put a value into its columns."""
    kind, content = value.type, value.content
    if value.info:
        return _encoded(value)
    if content is None:
        return Stored(kind)
    if kind == "String":
        text = compared_text(value)
        return Stored(kind, text) if text == content else _encoded(value, text)
    if kind in _WHOLE and isinstance(content, int):
        return Stored(kind, long_value=int(content))
    if kind == "Double" and isinstance(content, int | float):
        return Stored(kind, double_value=float(content))
    return _encoded(value)


def _encoded(value: Value, text: str | None = None) -> Stored:
    payload, large = large_values.stored(value)
    return Stored(value.type, text, payload=payload, large=large)


def restored(value: Stored) -> Value:
    """The value that was put into columns, its encoding being read from where it is."""
    if value.payload is not None:
        return decode_value(value.payload)
    content: Scalar = next((part for part in value[1:4] if part is not None), None)
    return Value(value.type, bool(content) if value.type == "Boolean" and content is not None else content)
