"""Values in columns: what queries compare stands in columns of its own, and the whole value in one more where these do not say it all."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from domain.values import Scalar, Value

COMPARED_LENGTH = 4000
"""Queries compare that many characters of a text, as Camunda keeps no more."""

_WHOLE = frozenset(("Boolean", "Short", "Integer", "Long", "Date"))
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Value).decode


class Stored(NamedTuple):
    """The columns of a value."""

    type: str
    text_value: str | None = None
    long_value: int | None = None
    double_value: float | None = None
    payload: bytes | None = None


def stored(value: Value) -> Stored:
    """Put a value into its columns."""
    kind, content = value.type, value.content
    if value.info:
        return Stored(kind, payload=_encode(value))
    if content is None:
        return Stored(kind)
    if kind == "String" and isinstance(content, str):
        return Stored(kind, content[:COMPARED_LENGTH], payload=_encode(value) if len(content) > COMPARED_LENGTH else None)
    if kind in _WHOLE and isinstance(content, int):
        return Stored(kind, long_value=int(content))
    if kind == "Double" and isinstance(content, int | float):
        return Stored(kind, double_value=float(content))
    return Stored(kind, payload=_encode(value))


def restored(value: Stored) -> Value:
    """The value that was put into columns."""
    if value.payload is not None:
        return _decode(value.payload)
    content: Scalar = next((part for part in value[1:4] if part is not None), None)
    return Value(value.type, bool(content) if value.type == "Boolean" and content is not None else content)
