"""Columns are written as psycopg writes lists, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import DataError, adapters
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.array import ListBinaryDumper
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import StrBinaryDumper

from projections.columns import ColumnDumper


class Context:
    """Adapters of their own: those that all connections share stay as they are."""

    def __init__(self) -> None:
        self.adapters = AdaptersMap(adapters)
        self.connection = None


def written(dumper: type[ListBinaryDumper], items: list[Any]) -> tuple[bytes | None, int, int]:
    """What a dumper makes of a list: the bytes, their type and their format."""
    context = Context()
    for cls, item in ((int, Int8BinaryDumper), (str, StrBinaryDumper), (list, dumper)):
        context.adapters.register_dumper(cls, item)
    transformer = Transformer(context)
    [data] = transformer.dump_sequence([items], [PyFormat.BINARY])
    assert transformer.types is not None
    assert transformer.formats is not None
    return None if data is None else bytes(data), transformer.types[0], transformer.formats[0]


@pytest.mark.parametrize(
    "items",
    [
        [1, 2, 3],
        [-(2**63), None, 2**63 - 1],
        ["", "ä", None, "\U0001f986"],
        [b"", b"\x00\xff", None],
        [True, False, None],
        [None, 1.5, -0.0],
        [],
        [None, None],
        [[1, 2], [3, 4]],
    ],
    ids=repr,
)
def test_a_column_is_the_array_that_the_library_writes(items: list[Any]) -> None:
    assert written(ColumnDumper, items) == written(ListBinaryDumper, items)


@pytest.mark.parametrize("items", [[1, "x"], ["x", 1], [b"x", "x"], [2**63], [1, 1.5]], ids=repr)
def test_items_that_do_not_fit_their_column_are_refused(items: list[Any]) -> None:
    with pytest.raises(DataError, match="cannot write a column of type"):
        written(ColumnDumper, items)
