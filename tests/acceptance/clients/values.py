"""Variables as they are on the wire."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any, TypeAlias

Variable: TypeAlias = dict[str, Any]


def variable(type: str, value: Any, **info: Any) -> Variable:
    """A value with its type."""
    return {"type": type, "value": value, "valueInfo": info}


def integer(value: int | None) -> Variable:
    return variable("Integer", value)


def text(value: str) -> Variable:
    return variable("String", value)


def date(value: str) -> Variable:
    """An instant, written in this machine's zone: it is the server's too."""
    local = datetime.fromisoformat(value).astimezone()
    return variable("Date", f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03}{local:%z}")


def octets(value: bytes) -> Variable:
    return variable("Bytes", b64encode(value).decode())


def json_object(value: str | None, java_class: str) -> Variable:
    """An object that a Java program would read."""
    return variable("Object", value, objectTypeName=java_class, serializationDataFormat="application/json")


TEXT = 'ünïcödé, "quotes", \\ and 🦉'
ORDER = '{"customer":"Ada","pieces":3,"notes":["fragile"]}'

EVERY_CLIENT = {
    "aBoolean": variable("Boolean", True),
    "aBytes": octets(bytes(range(256))),
    "aDate": date("2026-03-29T01:30:00.123+00:00"),
    "aDouble": variable("Double", 7.0),
    "aJson": variable("Json", '{"b" : [1, 2.0, null], "a" : "é"}'),
    "aNull": variable("Null", None),
    "aShort": variable("Short", -(2**15)),
    "aText": text(TEXT),
    "aXml": variable("Xml", "<?xml version=\"1.0\"?>\n<a b='c'>é</a>"),
    "anEmptyText": text(""),
    "anInteger": integer(2**31 - 1),
    "anUnsetDate": variable("Date", None),
    "anUnsetNumber": integer(None),
    "anUnsetText": variable("String", None),
}
"""Values of those types that every client takes as they are."""
