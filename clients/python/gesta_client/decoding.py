"""Variables on the wire to Python values: one entry per type of Camunda's that has a Python type of its own."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from gesta_client.dates import date_value
from gesta_client.typed import Typed

JSON_FORMAT = "application/json"


def decoded(typed: Typed) -> Any:
    """Turn a variable into a Python value; a type without an entry gives the JSON value as it came. Raise ValueError when it is none."""
    if typed.value is None:
        return None
    read = READERS.get(typed.type)
    return read(typed) if read else typed.value


def _from_json(typed: Typed) -> Any:
    """Json is text that holds JSON; a deserialised answer has the structure already."""
    return json.loads(typed.value) if isinstance(typed.value, str) else typed.value


def _from_object(typed: Typed) -> Any:
    """An Object in JSON reads as a structure; every other format stays the text it is."""
    return _from_json(typed) if typed.value_info.get("serializationDataFormat") == JSON_FORMAT else typed.value


READERS: dict[str, Callable[[Typed], Any]] = {
    "Bytes": lambda typed: b64decode(typed.value, validate=True),
    "Date": lambda typed: date_value(typed.value),
    "Double": lambda typed: float(typed.value),
    "Json": _from_json,
    "Object": _from_object,
}
