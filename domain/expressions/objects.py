"""What expressions compute with. Python's own bool, float, str, bytes, list and dict stand for themselves, an int is a Java Long and a
tuple an array of texts; the classes here are what Python has no type for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

import msgspec


class Integer(int):
    """A Java Integer: as a number a Long, but it keeps its type when nothing is computed with it."""

    __slots__ = ()


class Short(int):
    """A Java Short."""

    __slots__ = ()


class LinkedMap(dict[object, object]):
    """A java.util.LinkedHashMap: keeps its order, where a plain dict is sorted by key."""


class Character(msgspec.Struct, frozen=True):
    """One UTF-16 unit of a text."""

    java_class: ClassVar[str] = "java.lang.Character"
    unit: str


class Date(msgspec.Struct, frozen=True, order=True):
    """A java.util.Date, epoch milliseconds."""

    java_class: ClassVar[str] = "java.util.Date"
    millis: int


class DateTime(msgspec.Struct, frozen=True, order=True):
    """The Joda DateTime that `dateTime()` gives, in UTC, epoch milliseconds."""

    java_class: ClassVar[str] = "org.joda.time.DateTime"
    millis: int


class Bean(msgspec.Struct, frozen=True):
    """An object of the engine, such as `execution`: only what is listed here can be reached.

    A property that is a function is computed when it is read; `getName()` reads the property `name`.
    """

    properties: Mapping[str, object]
    methods: Mapping[str, Callable[..., object]]
    java_class: str = "org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity"

    def read(self, name: str) -> object:
        """Return a property's value, raising KeyError when there is none."""
        value = self.properties[name]
        return value() if callable(value) else value
