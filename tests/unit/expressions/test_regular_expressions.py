"""`matches`, `replaceAll`, `replaceFirst` and `split`: results that Java gives."""

from __future__ import annotations

import pytest

from domain.expressions import Expression
from tests.unit.expressions.scopes import Scope


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("abc", "a.c", True),
        ("abc", "(a|b)*c", True),
        ("abc", "[^x]{3}", True),
        ("abc", "ab", False),
        ("2024-01-31", "[0-9]{4}-[0-9]{2}-[0-9]{2}", True),
        ("2024-1-31", "\\\\d{4}-\\\\d{2}-\\\\d{2}", False),
        ("a@b.de", "[a-z]+@[a-z]+\\\\.[a-z]{2,}", True),
        ("ABC", "(?i)a[b]c", True),
        ("a-b", "[a\\\\-b-]+", True),
        ("]", "[]]", True),
        ("", "a?", True),
        ("aaa", "a{1,2}", False),
        ("a\nb", "a.b", False),
        ("abc", "^abc$", True),
    ],
)
def test_the_whole_text_must_match(text: str, pattern: str, expected: bool) -> None:
    assert Expression.parse(f"${{'{text}'.matches('{pattern}')}}").evaluate(Scope()) is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("'a1b22c'.replaceAll('[0-9]+', '#')", "a#b#c"),
        ("'abc'.replaceFirst('[ab]', 'x')", "xbc"),
        ("'abc'.replaceAll('', '-')", "-a-b-c-"),
        ("'abc'.replaceAll('x*', '-')", "-a-b-c-"),
        ("'abc'.replaceAll('b|bc', '-')", "a-c"),
        ("'abc'.replaceAll('bc|b', '-')", "a-"),
        ("'aaa'.replaceAll('a+?', '-')", "---"),
        ("'aaa'.replaceFirst('a{2}', '-')", "-a"),
        ("'aXbXc'.replaceAll('X', '')", "abc"),
    ],
)
def test_matches_are_replaced(call: str, expected: str) -> None:
    assert Expression.parse(f"${{{call}}}").evaluate(Scope()) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("'a,b,,'.split(',')", ("a", "b")),
        ("'a,b,c'.split(',', 2)", ("a", "b,c")),
        ("'a,b,,'.split(',', -1)", ("a", "b", "", "")),
        ("'abc'.split('')", ("a", "b", "c")),
        ("''.split(',')", ("",)),
        ("','.split(',')", ()),
        ("'a  b c'.split(' +')", ("a", "b", "c")),
        ("'a.b'.split('\\\\.')", ("a", "b")),
    ],
)
def test_texts_are_split(call: str, expected: tuple[str, ...]) -> None:
    assert Expression.parse(f"${{{call}}}").evaluate(Scope()) == expected
