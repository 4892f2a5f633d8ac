"""Columns are written as psycopg writes lists, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import DataError
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.array import ListBinaryDumper
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import StrBinaryDumper

from projections.columns import ColumnDumper


def written(dumper: type[ListBinaryDumper], items: list[Any]) -> tuple[bytes | None, int, int]:
    """What a dumper makes of a list: the bytes, their type and their format."""
    transformer = Transformer()
    for cls, item in ((int, Int8BinaryDumper), (str, StrBinaryDumper), (list, dumper)):
        transformer.adapters.register_dumper(cls, item)
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
