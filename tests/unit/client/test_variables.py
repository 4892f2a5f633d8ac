"""Variables: Python to the wire, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gesta_client import Typed, UnreadableVariable, Variables
from gesta_client.encoding import encoded, encoded_variables

SUMMER = datetime(2015, 10, 6, 16, 34, 42, 123000, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("value", "type", "wire"),
    [
        (None, "Null", None),
        (True, "Boolean", True),
        (2**31 - 1, "Integer", 2147483647),
        (-(2**31), "Integer", -2147483648),
        (2**31, "Long", 2147483648),
        (-(2**63), "Long", -9223372036854775808),
        (7.0, "Double", 7.0),
        (float("-inf"), "Double", "-Infinity"),
        ("5", "String", "5"),
        (SUMMER, "Date", "2015-10-06T16:34:42.123+0200"),
        (b"\x00\xff", "Bytes", "AP8="),
        ({"ä": [1, None]}, "Json", '{"ä": [1, null]}'),
        ([1, 2], "Json", "[1, 2]"),
    ],
)
def test_a_python_value_travels_with_its_type_and_comes_back(value: object, type: str, wire: object) -> None:
    sent = encoded(value)

    assert sent == {"value": wire, "type": type, "valueInfo": {}}
    assert Variables.received({"it": sent})["it"] == value


def test_a_number_that_is_none_travels_as_the_word_for_it() -> None:
    sent = encoded(float("nan"))

    assert sent["value"] == "NaN"
    assert str(Variables.received({"it": sent})["it"]) == "nan"


def test_a_typed_value_says_how_it_travels() -> None:
    sent = encoded(Typed(b"%PDF", "File", {"filename": "order.pdf"}))

    assert sent == {"value": "JVBERg==", "type": "File", "valueInfo": {"filename": "order.pdf"}}
    assert encoded(Typed(5, "Long")) == {"value": 5, "type": "Long", "valueInfo": {}}
    assert encoded(Typed("{broken", "Json"))["value"] == "{broken"


def test_what_arrived_is_sent_back_as_it_was() -> None:
    wire = {"value": '{ "a":1 }', "type": "Object", "valueInfo": {"objectTypeName": "A", "serializationDataFormat": "application/json"}}

    assert encoded(Variables.received({"it": wire}).typed("it")) == wire


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (2**63, "variable 'it': 9223372036854775808 does not fit into a Long"),
        (datetime(2015, 10, 6), "variable 'it': datetime.* has no time zone"),
        ({1, 2}, "variable 'it': a set has no variable type"),
        ({"a": float("nan")}, "variable 'it': Out of range float values"),
    ],
)
def test_a_value_without_a_form_is_refused_by_name(value: object, complaint: str) -> None:
    with pytest.raises((TypeError, ValueError), match=complaint):
        encoded_variables({"it": value})


@pytest.mark.parametrize(
    ("type", "wire", "info", "value"),
    [
        ("Integer", None, {}, None),
        ("Short", 3, {}, 3),
        ("Xml", "<a/>", {}, "<a/>"),
        ("File", None, {"filename": "a.pdf"}, None),
        ("Double", 7, {}, 7.0),
        ("Date", "2015-01-01T00:00:00.000+0000", {}, datetime(2015, 1, 1, tzinfo=UTC)),
        ("Object", '{"a":1}', {"serializationDataFormat": "application/json"}, {"a": 1}),
        ("Object", {"a": 1}, {"serializationDataFormat": "application/json"}, {"a": 1}),
        ("Object", "<a/>", {"serializationDataFormat": "application/xml"}, "<a/>"),
        ("OfTheFuture", [1], {}, [1]),
    ],
)
def test_a_received_variable_is_read_by_its_type(type: str, wire: object, info: dict[str, Any], value: object) -> None:
    variables = Variables.received({"it": {"value": wire, "type": type, "valueInfo": info}})

    assert dict(variables) == {"it": value}
    assert variables.typed("it") == Typed(wire, type, info)


def test_an_unreadable_variable_disturbs_no_other() -> None:
    variables = Variables.received({"bad": {"value": "{", "type": "Json", "valueInfo": {}}, "good": encoded(1)})

    assert variables["good"] == 1
    assert variables.typed("bad").value == "{"
    with pytest.raises(UnreadableVariable, match="variable 'bad' is no Json"):
        variables["bad"]


def test_a_name_that_was_not_fetched_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Variables.received(None)["absent"]
