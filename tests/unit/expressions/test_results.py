"""What expressions give, and of which type, as Camunda recorded it."""

from __future__ import annotations

import pytest

from domain.values import Value
from tests.unit.expressions.recorded_results import RESULTS
from tests.unit.expressions.scopes import JAVA_FORMAT, NOW, Scope, recorded, result


@pytest.mark.parametrize(("text", "expected"), RESULTS)
def test_an_expression_gives_what_camunda_gives(text: str, expected: Value) -> None:
    assert result(text) == expected


def test_integers_stay_apart_from_longs_and_shorts() -> None:
    scope = Scope({"i": Value("Integer", 3), "l": Value("Long", 3), "h": Value("Short", 3)})

    assert [result(f"${{{name}}}", scope) for name in "ilh"] == list(scope.variables.values())
    assert [result(f"${{-{name}}}", scope) for name in "ilh"] == [Value("Integer", -3), Value("Long", -3), Value("Short", -3)]


def test_dates_come_from_the_command() -> None:
    assert result("${now()}") == Value("Date", NOW)
    assert result("${dateTime().plusDays(2).toDate()}") == Value("Date", NOW + 2 * 86_400_000)
    assert result("${dateTime().plusMonths(1).toDate().getMonth()}") == Value("Integer", 2)
    assert result("on ${now()}") == Value("String", "on Sat Feb 03 04:05:06 UTC 2024")
    assert result("${dateTime().withTimeAtStartOfDay()}|") == Value("String", "2024-02-03T00:00:00.000Z|")
    assert result("${dateTime().toString('yyyy-MM-dd')}") == Value("String", "2024-02-03")


def test_dates_are_compared() -> None:
    scope = recorded(dt=Value("Date", NOW - 1))

    assert result("${dt < now() && dt.before(now()) && dt == dt}", scope) == Value("Boolean", True)
    assert result("${dt.year}", scope) == Value("Integer", 124)


def test_the_user_is_known() -> None:
    scope = Scope(user="mary")

    assert result("${currentUser()} ${authenticatedUserId}", scope) == Value("String", "mary mary")


def test_a_variable_does_not_hide_the_execution() -> None:
    assert result("${execution.id}", recorded(execution=Value("String", "x"))) == Value("String", "e")


def test_xml_is_seen_as_spin_shows_it() -> None:
    scope = recorded(x=Value("Xml", '<?xml version="1.0"?><r p="1"><c k="v">hi</c><c>ho</c></r>'))
    expected = '<?xml version="1.0" encoding="UTF-8"?><r p="1">\n  <c k="v">hi</c>\n  <c>ho</c>\n</r>\n'

    assert result("${x}", scope) == Value("Xml", expected)
    assert result("${x.attr('p').value()}${x.childElements('c')[1].textContent()}", scope) == Value("String", "1ho")
    assert result("${x.xPath('/r/c[1]').element().attr('k').value()}", scope) == Value("String", "v")
    assert result("${x.xPath('count(/r/c)').number()}", scope) == Value("Double", 2.0)


def test_json_is_written_without_blanks() -> None:
    scope = recorded(js=Value("Json", '{ "a" : 1.0, "b": 1e10, "c":"ä/\\u0001\\n", "a":2}'))

    assert result("${js}", scope) == Value("Json", '{"a":2,"b":1.0E10,"c":"ä/\\u0001\\n"}')


def test_objects_stored_as_json_are_lists_and_maps() -> None:
    stored = Value("Object", '[1, {"k": null}]', {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"})
    scope = recorded(ob=stored)

    assert result("${ob[0]}", scope) == Value("Integer", 1)
    assert result("${ob[1].k == null && ob.size() == 2}", scope) == Value("Boolean", True)
    assert result("${ob}", scope) == stored


def test_objects_of_unknown_classes_pass_through() -> None:
    info = {"objectTypeName": "com.example.Order", "serializationDataFormat": JAVA_FORMAT}
    stored = Value("Object", "rO0ABXNyABFjb20uZXhhbXBsZS5PcmRlcg==", info)

    assert result("${ob}", recorded(ob=stored)) == stored
