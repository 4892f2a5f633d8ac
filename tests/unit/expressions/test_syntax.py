"""Texts that are no expressions: JUEL's messages, as Camunda gives them at deployment."""

from __future__ import annotations

import copy
import pickle

import pytest

from domain.expressions import Expression, ExpressionSyntaxError
from tests.unit.expressions.scopes import Scope

OPERANDS = "<IDENTIFIER>|<STRING>|<FLOAT>|<INTEGER>|'true'|'false'|'null'|'-'|'!'|'not'|'empty'|'('"


@pytest.mark.parametrize(
    ("text", "position", "encountered", "expected"),
    [
        ("${y", 3, "null", "'}'"),
        ("${a} #{b}", 5, "#{", "'${'"),
        ("${}", 2, "}", OPERANDS),
        ("${1 +}", 5, "}", OPERANDS),
        ("${a b}", 4, "b", "'}'"),
        ("${a +* b}", 5, "*", OPERANDS),
        ("${a.}", 4, "}", "<IDENTIFIER>"),
        ("${a.empty}", 4, "empty", "<IDENTIFIER>"),
        ("${a[}", 4, "}", OPERANDS),
        ("${(a}", 4, "}", "')'"),
        ("${a)}", 3, ")", "'}'"),
        ("${f(}", 4, "}", "')'"),
        ("${a.1}", 3, ".1", "'}'"),
        ("${a instanceof b}", 4, "instanceof", "'}'"),
        ("${9223372036854775808}", 2, "9223372036854775808", "<INTEGER>"),
        ("${[1,2]}", 2, "[", OPERANDS),
        ("${a ? b}", 7, "}", "':'"),
        ("${a[1}", 5, "}", "']'"),
        ("${s.concat('a',)}", 15, ")", OPERANDS),
    ],
)
def test_a_syntax_error_is_told_as_juel_does(text: str, position: int, encountered: str, expected: str) -> None:
    with pytest.raises(ExpressionSyntaxError) as refused:
        Expression.parse(text)

    told = f"Error parsing '{text}': syntax error at position {position}, encountered '{encountered}', expected {expected}."
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("text", "position", "encountered", "expected"),
    [
        ("${'a\\b'}", 2, "invalid escape sequence \\b", "\\' or \\\\"),
        ("${'abc}", 2, "unterminated string", "'"),
        ("${'abc\\", 2, "unterminated string", "' or \\"),
        ("${a = 1}", 4, "invalid character '='", "expression token"),
        ("${a & b}", 4, "invalid character '&'", "expression token"),
        ("${@}", 2, "invalid character '@'", "expression token"),
    ],
)
def test_a_lexical_error_is_told_as_juel_does(text: str, position: int, encountered: str, expected: str) -> None:
    with pytest.raises(ExpressionSyntaxError) as refused:
        Expression.parse(text)

    assert (
        str(refused.value)
        == f"Error parsing '{text}': lexical error at position {position}, encountered {encountered}, expected {expected}."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${ghost()}", "Could not resolve function 'ghost'."),
        ("${now(1)}", "Parameters for function 'now' do not match."),
        ("${S()}", "Parameters for function 'S' do not match."),
    ],
)
def test_functions_are_resolved_when_the_text_is_parsed(text: str, message: str) -> None:
    with pytest.raises(ExpressionSyntaxError) as refused:
        Expression.parse(text)

    assert str(refused.value) == message


def test_a_literal_is_its_text() -> None:
    literal = Expression.parse("42 \\ } {")

    assert literal.is_literal
    assert literal.evaluate(Scope()) == "42 \\ } {"
    assert not Expression.parse("${42}").is_literal


def test_expressions_are_values() -> None:
    expression = Expression.parse("${a + 1}")

    assert expression == Expression.parse("${a + 1}") != Expression.parse("${a + 2}")
    assert len({expression, Expression.parse("${a + 1}")}) == 1
    assert pickle.loads(pickle.dumps(expression)) == copy.deepcopy(expression) == expression
