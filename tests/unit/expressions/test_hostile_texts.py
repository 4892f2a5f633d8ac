"""Texts and values that would hang, crash or break out of a careless engine: each is refused, quickly and by name."""

from __future__ import annotations

import pytest

from domain.expressions import Expression, ExpressionSyntaxError
from domain.refusals import ExecutionFailed
from domain.values import Value
from tests.unit.expressions.scopes import recorded, result

LONG = Value("String", "a" * 1_000_000)
SCOPE = recorded(
    big=LONG,
    deep=Value("Json", "[" * 100_000 + "]" * 100_000),
    xxe=Value("Xml", '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'),
    items=Value("Json", "[" + ",".join(['{"b":"x"}'] * 40_000) + "]"),
)


@pytest.mark.parametrize(
    "text",
    [
        "${''.getClass().forName('java.lang.Runtime')}",
        "${s.class}",
        "${s.__class__.__mro__}",
        "${s['__class__']}",
        "${s['__len__']()}",
        "${s.encode('utf-8')}",
        "${list.append(1)}",
        "${map.__getitem__('k')}",
        "${execution.properties}",
        "${execution.methods}",
        "${execution.read('id')}",
        "${execution.getVariable.__globals__}",
        "${execution['__init__']}",
        "${js._data}",
        "${js.data()}",
        "${now().millis}",
        "${s.format('%1000000000s', 1)}",
    ],
)
def test_nothing_but_the_allow_list_is_reached(text: str) -> None:
    with pytest.raises(ExecutionFailed, match=r"^Unknown (property|method) used in expression: "):
        result(text, SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "${" + "(" * 100_000 + "1" + ")" * 100_000 + "}",
        "${" + "-" * 100_000 + "1}",
        "${a" + "[a" * 5_000 + "]" * 5_000 + "}",
        "${1" + "+1" * 4_000 + "}",
        "${" + "not " * 200 + "t}",
        "${" + "s.concat(" * 200 + "s" + ")" * 200 + "}",
        "${a}" * 10_000,
        "${" + "9" * 5_000 + "}",
    ],
)
def test_texts_without_end_are_refused(text: str) -> None:
    with pytest.raises(ExpressionSyntaxError, match=r"^Error parsing "):
        Expression.parse(text)


def test_deep_but_sensible_texts_are_fine() -> None:
    assert result("${1" + " + 1" * 120 + "}") == Value("Long", 121)
    assert result("${" + "s.concat(" * 120 + "s" + ")" * 120 + ".length()}") == Value("Integer", 363)


@pytest.mark.parametrize(
    "text",
    [
        "${big.replace('a', big)}",
        "${big.replaceAll('a', big)}",
        "${big.repeat(1000000)}",
        "${big}${big}",
        "${big.concat(big)}",
        "${" + " + ".join(["big.toLowerCase().length()"] * 100) + "}",
        "${" + " + ".join(["items.jsonPath('$..b').elementList().size()"] * 140) + "}",
        "${big.matches('(a|a)*b')}",
        "${big.replaceAll('a*a*a*b', '')}",
        "${s.matches('((a{1000}){1000}){1000}')}",
        "${s.matches('(((){1000}){1000}){1000}')}",
    ],
)
def test_too_much_work_is_refused(text: str) -> None:
    with pytest.raises(ExecutionFailed, match=r"^Error while evaluating expression: .*Cause: it (takes|makes|uses) "):
        result(text, SCOPE)


def test_patterns_that_go_back_without_end_elsewhere_are_answered() -> None:
    assert result("${'" + "a" * 5_000 + "!'.matches('(a+)+')}") == Value("Boolean", False)


def test_numbers_wrap_and_overflow_as_in_java() -> None:
    assert result("${9223372036854775807 * 9223372036854775807 * 3}") == Value("Long", 3)
    assert result("${1e308 * 1e308}") == Value("Double", float("inf"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${deep.isArray()}", "Unable to parse input into json node"),
        ("${xxe.textContent()}", "a document type declaration is not allowed"),
        ("${XML('<a/>').xPath('count(//*[count(//*)>0])').number()}", "is not among the paths allowed here"),
        ("${XML('<a/>').xPath('document(\"x\")').string()}", "is not among the paths allowed here"),
        ("${js.jsonPath('$..a..b').element()}", "Unable to compile"),
        ("${dateTime().plusDays(2147483647)}", "is beyond the year 9999"),
        ("${dateTime().plusYears(-2147483648)}", "is not within 1 and 9999"),
        ("${s.matches('(?=a)')}", "PatternSyntaxException"),
        ("${s.matches('(a)\\\\1')}", "PatternSyntaxException"),
        ("${s.matches('" + "(" * 500 + ")" * 500 + "')}", "PatternSyntaxException"),
    ],
)
def test_hostile_data_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        result(text, SCOPE)

    assert message in failed.value.message


def test_keys_of_any_type_find_nothing() -> None:
    assert result("${map[list] == null && map.get(map) == null && map[a] == null}") == Value("Boolean", True)


def test_a_list_that_holds_itself_is_not_unfolded() -> None:
    info = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/x-java-serialized-object"}
    itself = "rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAABdwQAAAABcQB+AAF4"

    assert result("${ob}|", recorded(ob=Value("Object", itself, info))) == Value("String", f"{itself}|")
