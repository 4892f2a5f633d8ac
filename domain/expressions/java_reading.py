"""Reads Java's serialization of collections and plain values (Java Object Serialization Specification, chapter 6)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from domain.expressions.objects import Character, Date, Integer, LinkedMap, Short

PRIMITIVES = {"B": ">b", "C": ">H", "D": ">d", "F": ">f", "I": ">i", "J": ">q", "S": ">h", "Z": ">?"}
FIRST_HANDLE = 0x7E0000
BOXES: dict[str, Callable[..., object]] = {
    "java.lang.Integer": Integer,
    "java.lang.Short": Short,
    "java.lang.Byte": Short,
    "java.lang.Long": int,
    "java.lang.Double": float,
    "java.lang.Float": float,
    "java.lang.Boolean": bool,
    "java.lang.Character": lambda unit: Character(chr(unit)),
}
LISTS = {"java.util.ArrayList", "java.util.LinkedList", "java.util.HashSet", "java.util.LinkedHashSet"}
MAPS = {"java.util.TreeMap", "java.util.HashMap", "java.util.LinkedHashMap"}


class UnreadableObject(Exception):
    """The stream holds a class that is unknown here, or is damaged."""


class ClassDescription(NamedTuple):
    name: str
    flags: int
    fields: tuple[tuple[str, str], ...]
    parent: ClassDescription | None


def read_java(data: bytes) -> object:
    """Return the one object of a stream; raises UnreadableObject."""
    try:
        reader = JavaReader(data)
        if reader.take(">I") != 0xACED0005:
            raise UnreadableObject("no Java object stream")
        return reader.content()
    except (struct.error, UnicodeDecodeError, IndexError, TypeError) as damaged:
        raise UnreadableObject(str(damaged)) from None


class JavaReader:
    """A position in a stream and the objects that later parts of it may refer to."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._handles: list[object] = []
        self._contents: dict[int, Callable[[], object]] = {
            0x70: lambda: None,
            0x71: self._reference,
            0x72: self._class_description,
            0x73: self._object,
            0x74: self._text,
            0x75: self._array,
            0x7C: lambda: self._text(">Q"),
        }

    def take(self, layout: str) -> int:
        """Read one primitive value."""
        (value,) = struct.unpack_from(layout, self._data, self._position)
        self._position += struct.calcsize(layout)
        number: int = value
        return number

    def content(self) -> object:
        """Read the next object, reference or null."""
        read = self._contents.get(self.take(">B"))
        if read is None:
            raise UnreadableObject("unknown kind of content")
        return read()

    def _reference(self) -> object:
        """Return what was read before; a collection that is met twice could unfold without end, so it is refused."""
        found = self._handles[self.take(">I") - FIRST_HANDLE]
        if found is None or isinstance(found, (list, dict)):
            raise UnreadableObject("a collection that is met twice")
        return found

    def _utf(self, layout: str = ">H") -> str:
        """Read Java's modified UTF-8: zero in two bytes, characters beyond U+FFFF as two surrogates."""
        length = self.take(layout)
        self._position += length
        units = self._data[self._position - length : self._position].replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
        return units.encode("utf-16", "surrogatepass").decode("utf-16")

    def _text(self, layout: str = ">H") -> str:
        text = self._utf(layout)
        self._handles.append(text)
        return text

    def _class_description(self) -> ClassDescription:
        name = self._utf()
        self._position += 8
        slot = len(self._handles)
        self._handles.append(None)
        flags, fields = self.take(">B"), tuple(self._field() for _ in range(self.take(">H")))
        self._expect(0x78)
        parent = self.content()
        description = ClassDescription(name, flags, fields, parent if isinstance(parent, ClassDescription) else None)
        self._handles[slot] = description
        return description

    def _field(self) -> tuple[str, str]:
        kind, name = chr(self.take(">B")), self._utf()
        if kind in "L[":
            self.content()
        return kind, name

    def _expect(self, marker: int) -> None:
        if self.take(">B") != marker:
            raise UnreadableObject("unexpected content")

    def _description(self) -> ClassDescription:
        description = self.content()
        if not isinstance(description, ClassDescription):
            raise UnreadableObject("no class description")
        return description

    def _object(self) -> object:
        description = self._description()
        slot = len(self._handles)
        self._handles.append(None)
        made = self._instance(description)
        self._handles[slot] = made
        return made

    def _instance(self, description: ClassDescription) -> object:
        name = description.name
        if name in LISTS:
            return self._list(description)
        if name in MAPS:
            return self._map(description)
        values = self._fields(description)
        if name in BOXES:
            return BOXES[name](values["value"])
        if name == "java.util.Date":
            self._position += 2
            date = Date(self.take(">q"))
            self._expect(0x78)
            return date
        raise UnreadableObject(f"unknown class {name}")

    def _fields(self, description: ClassDescription | None) -> dict[str, object]:
        if description is None:
            return {}
        values = self._fields(description.parent)
        for kind, name in description.fields:
            values[name] = self.take(PRIMITIVES[kind]) if kind in PRIMITIVES else self.content()
        return values

    def _list(self, description: ClassDescription) -> list[object]:
        self._fields(description)
        items = [self.content() for _ in range(self._count())]
        self._expect(0x78)
        return items

    def _map(self, description: ClassDescription) -> dict[object, object]:
        linked = description.name == "java.util.LinkedHashMap"
        self._fields(description.parent if linked else description)
        entries = LinkedMap() if linked else {}
        for _ in range(self._count()):
            key = self.content()
            entries[key] = self.content()
        self._expect(0x78)
        if linked:
            self._position += 1
        return entries

    def _count(self) -> int:
        """Read the block in front of the elements; it ends with their number."""
        self._expect(0x77)
        length = self.take(">B")
        self._position += length - 4
        return self.take(">i")

    def _array(self) -> object:
        name = self._description().name
        self._handles.append(None)
        count = self.take(">i")
        if name == "[B":
            self._position += count
            return self._data[self._position - count : self._position]
        if name == "[Ljava.lang.String;":
            return tuple(self.content() for _ in range(count))
        raise UnreadableObject(f"unknown class {name}")
