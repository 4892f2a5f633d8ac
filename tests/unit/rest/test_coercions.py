"""What JSON values are taken for."""

from collections.abc import Callable
from typing import Any

import pytest

from api.rest import coercions
from api.rest.coercions import Flag, Int, Long, PlainInt, Text, Texts
from api.rest.errors import RestError
from api.rest.json_body import JsonObject, decode, parse_body


@pytest.mark.parametrize(
    ("convert", "value", "wanted"),
    [
        (coercions.to_text, "a", "a"),
        (coercions.to_text, 7, "7"),
        (coercions.to_text, 1.5, "1.5"),
        (coercions.to_text, True, "true"),
        (coercions.to_text, None, None),
        (coercions.to_int, 5, 5),
        (coercions.to_int, "5000", 5000),
        (coercions.to_int, " 5 ", 5),
        (coercions.to_int, 1.9, 1),
        (coercions.to_int, -1.9, -1),
        (coercions.to_int, "", None),
        (coercions.to_int, 2147483647, 2147483647),
        (coercions.to_long, 9223372036854775807, 9223372036854775807),
        (coercions.to_flag, "true", True),
        (coercions.to_flag, "FALSE", False),
        (coercions.to_flag, 2, True),
        (coercions.to_flag, "", None),
        (coercions.to_date, "1970-01-01T00:00:01.000+0000", 1000),
        (coercions.to_date, "", None),
        (coercions.to_list, [1], [1]),
        (coercions.to_texts, [1, None, "a"], ["1", None, "a"]),
        (coercions.to_object, {"a": 1}, {"a": 1}),
        (coercions.to_objects, [{"a": 1}, None], [{"a": 1}]),
    ],
)
def test_takes(convert: Callable[[Any], Any], value: Any, wanted: Any) -> None:
    assert convert(value) == wanted
    assert type(convert(value)) is type(wanted)


@pytest.mark.parametrize(
    ("convert", "value"),
    [
        (coercions.to_text, []),
        (coercions.to_text, {}),
        (coercions.to_int, "1.5"),
        (coercions.to_int, "0x10"),
        (coercions.to_int, "1_0"),
        (coercions.to_int, True),
        (coercions.to_int, []),
        (coercions.to_int, {}),
        (coercions.to_int, 2147483648),
        (coercions.to_int, 1e300),
        (coercions.to_long, 9223372036854775808),
        (coercions.to_long, "9" * 5000),
        (coercions.to_flag, "yes"),
        (coercions.to_flag, 1.5),
        (coercions.to_date, "2001-01-31"),
        (coercions.to_date, 5),
        (coercions.to_list, {}),
        (coercions.to_texts, [[]]),
        (coercions.to_object, []),
        (coercions.to_objects, [1]),
    ],
)
def test_refuses(convert: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(ValueError, match="is due, not"):
        convert(value)


class Body(JsonObject):
    worker_id: Text = None
    lock_duration: Long = None
    retries: PlainInt = 0
    max_tasks: Int = None
    local_variables: Flag = False
    names: Texts = None


def test_a_model_reads_camel_case_leniently() -> None:
    body = parse_body(
        {"workerId": 7, "lockDuration": "5000", "retries": None, "maxTasks": 1.5, "localVariables": "true", "names": [1], "ghost": 1}, Body
    )
    assert body == Body(worker_id="7", lock_duration=5000, retries=0, max_tasks=1, local_variables=True, names=["1"])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"workerId": []}, "workerId: a text is due, not []"),
        ({"retries": "1.5"}, 'retries: a whole number is due, not "1.5"'),
        ({"retries": 2147483648}, "retries: a whole number from -2147483648 to 2147483647 is due, not 2147483648"),
        ({"names": {}}, "names: a list is due, not {}"),
        ({"localVariables": "perhaps"}, 'localVariables: true or false is due, not "perhaps"'),
    ],
)
def test_a_model_refuses_with_400_and_the_place(value: Any, message: str) -> None:
    with pytest.raises(RestError) as refused:
        parse_body(value, Body)
    assert (refused.value.status, refused.value.body) == (400, {"type": "InvalidRequestException", "message": message, "code": None})


@pytest.mark.parametrize("raw", [b"{not json", b"{} x", b"NaN", b'"\xff"', b"[" * 5000 + b"]" * 5000, b'"\\ud800"', b'{"a":1e999}'])
def test_what_is_not_json_is_400(raw: bytes) -> None:
    with pytest.raises(RestError) as refused:
        decode(raw)
    assert refused.value.status == 400


def test_texts_that_the_database_cannot_hold_are_400() -> None:
    assert decode(rb'{"a":"\\u0000"}') == {"a": "\\u0000"}
    for raw in (rb'{"a":["\u0000"]}', rb'{"\u0000":1}'):
        with pytest.raises(RestError, match=r"U\+0000"):
            decode(raw)
