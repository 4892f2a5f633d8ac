"""Columns of rows as PostgreSQL's binary arrays: what the hot path sends most of, so written out without a look at every item's type."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

from psycopg import DataError, postgres
from psycopg.abc import Buffer, DumperKey
from psycopg.adapt import PyFormat
from psycopg.types.array import ListBinaryDumper

_HEAD = struct.Struct("!IIIII").pack
"""Dimensions, whether there are nulls, the items' type, their number, the first one's index."""
_LENGTH = struct.Struct("!I").pack
_INT8 = struct.Struct("!Iq").pack
_FLOAT8 = struct.Struct("!Id").pack
_NULL = b"\xff\xff\xff\xff"

Item: TypeAlias = Callable[[Any], bytes]


class Kind(NamedTuple):
    """How items of one Python type are written, their length before each."""

    oid: int
    array_oid: int
    item: Item

    @classmethod
    def of(cls, name: str, item: Item) -> Kind:
        info = postgres.types[name]
        return cls(info.oid, info.array_oid, item)


def _text(item: str) -> bytes:
    data = item.encode()
    return _LENGTH(len(data)) + data


KINDS: dict[type, Kind] = {
    str: Kind.of("text", _text),
    int: Kind.of("int8", lambda item: _INT8(8, item)),
    bool: Kind.of("bool", lambda item: b"\0\0\0\x01\x01" if item else b"\0\0\0\x01\0"),
    bytes: Kind.of("bytea", lambda item: _LENGTH(len(item)) + item),
    float: Kind.of("float8", lambda item: _FLOAT8(8, item)),
}


class ColumnDumper(ListBinaryDumper):
    """The library's dumper of lists, faster where all items are of one plain type or null; whole numbers are always of eight bytes."""

    _kind: Kind | None = None

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:
        kind = _kind_of(obj)
        return super().get_key(obj, format) if kind is None else cast(DumperKey, (self.cls, kind))

    def upgrade(self, obj: list[Any], format: PyFormat) -> Any:
        kind = _kind_of(obj)
        if kind is None:
            return super().upgrade(obj, format)
        return _dumper(kind)

    def dump(self, obj: list[Any]) -> Buffer | None:
        if self._kind is None:
            return super().dump(obj)
        return written(obj, self._kind)


@cache
def _dumper(kind: Kind) -> ColumnDumper:
    dumper = ColumnDumper(list)
    dumper.oid, dumper._kind = kind.array_oid, kind
    return dumper


def _kind_of(items: Sequence[Any]) -> Kind | None:
    """The kind of the first item that is not null."""
    for item in items:
        if item is not None:
            return KINDS.get(type(item))
    return None


def written(items: Sequence[Any], kind: Kind) -> bytes:
    """Write an array. Raises DataError for an item of another type or beyond its range."""
    write, nulls = kind.item, None in items
    try:
        data = b"".join([_NULL if item is None else write(item) for item in items] if nulls else map(write, items))
    except (struct.error, AttributeError, TypeError) as error:
        raise DataError(f"cannot write a column of type {kind.oid}: {error}") from error
    return _HEAD(1, nulls, kind.oid, len(items), 1) + data
