"""Statements as PostgreSQL itself takes them."""

from __future__ import annotations

from psycopg.adapt import PyFormat

from api.engine.together import Translated, translated


def test_placeholders_become_numbers_and_formats() -> None:
    found = translated("SELECT %s, %b::text[] WHERE x LIKE '%%a' AND y % 2 = 1")

    assert found == Translated(b"SELECT $1, $2::text[] WHERE x LIKE '%a' AND y % 2 = 1", [PyFormat.AUTO, PyFormat.BINARY], [])


def test_a_name_is_one_parameter_however_often_it_stands() -> None:
    found = translated("SELECT %(b)s, %(a)b, %(b)s")

    assert found == Translated(b"SELECT $1, $2, $1", [PyFormat.AUTO, PyFormat.BINARY], ["b", "a"])


def test_named_parameters_are_put_in_order_and_plain_ones_stay() -> None:
    named, plain = translated("SELECT %(b)s, %(a)s"), translated("SELECT %s, %s")

    assert (named.ordered({"a": 1, "b": 2, "c": 3}), plain.ordered([1, 2])) == ([2, 1], [1, 2])
