"""Writes Java's serialization of collections and plain values (Java Object Serialization Specification, chapter 6)."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Mapping
from itertools import chain

from domain.expressions.objects import Character, Date, DateTime, Integer, LinkedMap, Short
from domain.expressions.stored import opened

FIRST_HANDLE = 0x7E0000
NUMBER_CLASS = ("java.lang.Number", 0x86AC951D0B94E08B)
BOXES: dict[type, tuple[str, int, str, str, bool]] = {
    Integer: ("java.lang.Integer", 0x12E2A0A4F7818738, "I", ">i", True),
    Short: ("java.lang.Short", 0x684D37133460DA52, "S", ">h", True),
    int: ("java.lang.Long", 0x3B8BE490CC8F23DF, "J", ">q", True),
    float: ("java.lang.Double", 0x80B3C24A296BFB04, "D", ">d", True),
    bool: ("java.lang.Boolean", 0xCD207280D59CFAEE, "Z", ">?", False),
    Character: ("java.lang.Character", 0x348B47D96B1A2678, "C", ">H", False),
}
"""Per type: Java's class, its serialVersionUID, the field's type, its layout, and whether the class is a Number."""
JODA_DATE_TIME = bytes.fromhex(
    "737200166f72672e6a6f64612e74696d652e4461746554696d65b83c78646a5bddf90200007872001f6f72672e6a6f64612e74696d652e626173652e426173"
    "654461746554696d65fffff9e14f5d2ea30200024a0007694d696c6c69734c000b694368726f6e6f6c6f677974001a4c6f72672f6a6f64612f74696d652f43"
    "68726f6e6f6c6f67793b7870"
)
JODA_UTC = bytes.fromhex(
    "737200276f72672e6a6f64612e74696d652e6368726f6e6f2e49534f4368726f6e6f6c6f67792453747562a9c8116671375027030000787073720 01f"
    "6f72672e6a6f64612e74696d652e4461746554696d655a6f6e652453747562a62f019a7c321ae30300007870770900074574632f5554437878".replace(" ", "")
)


class UnwritableObject(Exception):
    """An object that Java cannot serialize, or that is unknown here."""

    def __init__(self, found: object) -> None:
        super().__init__(str(type(found)))
        self.found = found


def java_text(value: object) -> str:
    """Return the Base64 text of the one object's stream; raises UnwritableObject."""
    try:
        return base64.b64encode(JavaWriter().stream(value)).decode()
    except RecursionError:
        raise UnwritableObject(value) from None


def _utf(text: str) -> bytes:
    """Write Java's modified UTF-8: no zero byte, and surrogates each by itself."""
    units = text.encode("utf-16-be", "surrogatepass")
    return b"".join(_unit(unit) for (unit,) in struct.iter_unpack(">H", units)) if "\0" in text or not text.isascii() else text.encode()


def _unit(unit: int) -> bytes:
    return b"\xc0\x80" if unit == 0 else chr(unit).encode("utf-8", "surrogatepass")


class JavaWriter:
    """A stream under way, and which classes and shared objects it already holds."""

    def __init__(self) -> None:
        self._out = bytearray(b"\xac\xed\x00\x05")
        self._handles: dict[object, int] = {}
        self._count = 0
        self._writers: dict[type, Callable[..., None]] = {
            type(None): lambda _: self._out.append(0x70),
            str: self._text,
            bytes: self._bytes,
            list: self._list,
            tuple: self._array,
            dict: self._tree_map,
            LinkedMap: self._linked_map,
            Date: self._date,
            **{kind: self._box for kind in BOXES},
        }

    def stream(self, value: object) -> bytes:
        if isinstance(value, DateTime):
            return bytes(self._out) + JODA_DATE_TIME + struct.pack(">q", value.millis) + JODA_UTC
        self._write(value)
        return bytes(self._out)

    def _write(self, value: object) -> None:
        value = opened(value)
        write = self._writers.get(type(value))
        if write is None:
            raise UnwritableObject(value)
        write(value)

    def _pack(self, layout: str, value: float) -> None:
        self._out += struct.pack(layout, value)

    def _shared(self, key: object) -> bool:
        """Refer to what the stream already holds; else count it, and the caller writes it."""
        handle = self._handles.get(key)
        if handle is not None:
            self._out.append(0x71)
            self._pack(">I", FIRST_HANDLE + handle)
            return True
        self._handles[key] = self._count
        self._count += 1
        return False

    def _class(self, name: str, version: int, flags: int, fields: Mapping[str, str], parent: Callable[[], None] | None = None) -> None:
        """Describe a class; `fields` maps names to types."""
        if name in self._handles:
            self._shared(name)
            return
        self._out.append(0x72)
        self._name(name)
        self._shared(name)
        self._pack(">Q", version)
        self._pack(">B", flags)
        self._pack(">H", len(fields))
        for field, kind in fields.items():
            self._out += kind[0].encode()
            self._name(field)
            if len(kind) > 1:
                self._text(kind)
        self._out.append(0x78)
        if parent:
            parent()
        else:
            self._out.append(0x70)

    def _name(self, name: str) -> None:
        self._pack(">H", len(name))
        self._out += name.encode()

    def _text(self, text: str) -> None:
        written = _utf(text)
        self._count += 1
        self._out += struct.pack(">BH", 0x74, len(written)) if len(written) <= 0xFFFF else struct.pack(">BQ", 0x7C, len(written))
        self._out += written

    def _number_class(self) -> None:
        self._class(*NUMBER_CLASS, 0x02, {})

    def _box(self, value: float | Character) -> None:
        name, version, kind, layout, is_number = BOXES[type(value)]
        content = ord(value.unit) if isinstance(value, Character) else value
        cached = isinstance(content, int) and -128 <= content <= 127
        if cached and (name, content) in self._handles:
            self._shared((name, content))
            return
        self._out.append(0x73)
        self._class(name, version, 0x02, {"value": kind}, self._number_class if is_number else None)
        if cached:
            self._shared((name, content))
        else:
            self._count += 1
        self._pack(layout, content)

    def _begin(self, name: str, version: int, fields: Mapping[str, str], parent: Callable[[], None] | None = None, flags: int = 3) -> None:
        self._out.append(0x73)
        self._class(name, version, flags, fields, parent)
        self._count += 1

    def _list(self, items: list[object]) -> None:
        self._begin("java.util.ArrayList", 0x7881D21D99C7619D, {"size": "I"})
        self._out += struct.pack(">iBBi", len(items), 0x77, 4, len(items))
        self._end(items)

    def _end(self, items: list[object]) -> None:
        for item in items:
            self._write(item)
        self._out.append(0x78)

    def _tree_map(self, entries: dict[object, object]) -> None:
        self._begin("java.util.TreeMap", 0x0CC1F63E2D256AE6, {"comparator": "Ljava/util/Comparator;"})
        self._out += struct.pack(">BBBi", 0x70, 0x77, 4, len(entries))
        self._end(list(chain.from_iterable(entries.items())))

    def _linked_map(self, entries: LinkedMap) -> None:
        self._begin("java.util.LinkedHashMap", 0x34C04E5C106CC0FB, {"accessOrder": "Z"}, self._hash_map_class, flags=2)
        buckets = 16
        while buckets * 3 // 4 < len(entries):
            buckets *= 2
        self._out += struct.pack(">fiBBii", 0.75, buckets * 3 // 4, 0x77, 8, buckets, len(entries))
        self._end(list(chain.from_iterable(entries.items())))
        self._out.append(0)

    def _hash_map_class(self) -> None:
        self._class("java.util.HashMap", 0x0507DAC1C31660D1, 0x03, {"loadFactor": "F", "threshold": "I"})

    def _date(self, date: Date) -> None:
        self._begin("java.util.Date", 0x686A81014B597419, {})
        self._out += struct.pack(">BBqB", 0x77, 8, date.millis, 0x78)

    def _bytes(self, data: bytes) -> None:
        self._array_head("[B", 0xACF317F8060854E0, len(data))
        self._out += data

    def _array(self, items: tuple[object, ...]) -> None:
        self._array_head("[Ljava.lang.String;", 0xADD256E7E91D7B47, len(items))
        for item in items:
            self._write(item)

    def _array_head(self, name: str, version: int, length: int) -> None:
        self._out.append(0x75)
        self._class(name, version, 0x02, {})
        self._count += 1
        self._pack(">i", length)
