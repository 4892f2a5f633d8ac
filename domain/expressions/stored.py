"""`Object` variables: what Java wrote is read only when an expression looks inside, and only as lists, maps and plain values."""

from __future__ import annotations

import base64
import binascii

import msgspec

from domain.expressions.java_numbers import boxed
from domain.expressions.java_reading import UnreadableObject, read_java
from domain.expressions.objects import LinkedMap
from domain.values import Value


class StoredObject:
    """An `Object` variable. Passed on, it stays as it is; its content is a list, a map or a plain value, or unknown."""

    __slots__ = ("_content", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self._content: object = self
        if value.content is None:
            self._content = None

    def content(self) -> object:
        """Return what the variable holds, or the object itself when it is of a class unknown here."""
        if self._content is self:
            self._content = self._read()
        return self._content

    def _read(self) -> object:
        text = self.value.content
        data_format = (self.value.info or {}).get("serializationDataFormat", "")
        if not isinstance(text, str):
            return self
        try:
            if data_format == "application/json":
                return java_of_json(msgspec.json.decode(text))
            return read_java(base64.b64decode(text, validate=True))
        except (UnreadableObject, msgspec.DecodeError, binascii.Error, RecursionError):
            return self


def java_of_json(value: object) -> object:
    """Return what Jackson makes of JSON: ArrayList, LinkedHashMap, Integer or Long, Double, String, Boolean."""
    if isinstance(value, list):
        return [java_of_json(item) for item in value]
    if isinstance(value, dict):
        return LinkedMap((key, java_of_json(item)) for key, item in value.items())
    return boxed(value) if type(value) is int else value


def opened(value: object) -> object:
    """Return the content of an `Object` variable, any other value as it is."""
    return value.content() if isinstance(value, StoredObject) else value
