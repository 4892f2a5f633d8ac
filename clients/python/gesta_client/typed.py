"""A variable with its type as it travels: for what Python's own types cannot say, and for a look at what arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Typed:
    """A value with Camunda's type name: `Typed(5, "Long")`, `Typed(None, "String")`, `Typed(b"…", "File", {"filename": "a.pdf"})`.

    To the server, bytes are written as base64, datetimes as Camunda's text and dicts and lists as JSON text; the rest goes as it is.
    From the server, `value` is the JSON value as it came.
    """

    value: Any
    type: str
    value_info: Mapping[str, Any] = field(default_factory=dict)
