"""Query parameters and the same filters in bodies."""

from typing import Any

import pytest

from api.rest.errors import RestError
from api.rest.query_params import (
    ANY_OF,
    DATE,
    FLAG,
    ID,
    INTEGER,
    LIKE,
    LIST,
    LONG,
    NO_ID,
    TEXT,
    read_filters,
    read_json_filters,
    read_json_sorting,
    read_page,
    read_sorting,
)
from api.rest.variable_filters import variables_kind
from projections.querying import Page
from projections.variable.conditions import VariableFilter

KINDS = {"l": LONG, "i": INTEGER, "f": FLAG, "d": DATE, "t": TEXT, "in": LIST, "any": ANY_OF, "id": ID, "like": LIKE}
KEYS = {"name": "n"}


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("l", "1.5", 1),
        ("l", " 5 ", 5),
        ("l", "1e2", 100),
        ("i", "-1", -1),
        ("f", "true", True),
        ("f", "2", True),
        ("t", "", ""),
        ("in", "a, b", ["a", " b"]),
        ("any", "", [""]),
        ("d", "1970-01-01T00:00:00.000+0000", 0),
        ("id", "ghost", NO_ID),
        ("like", "a\\", "a\\\\"),
    ],
)
def test_reads(name: str, text: str, wanted: Any) -> None:
    assert read_filters({name: text}, KINDS) == {name: wanted}


@pytest.mark.parametrize(("name", "text"), [("f", "false"), ("f", "0"), ("f", "null"), ("l", "null"), ("d", ""), ("in", ""), ("x", "y")])
def test_what_says_nothing_does_not_filter(name: str, text: str) -> None:
    assert read_filters({name: text}, KINDS) == {}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("l", "x", "Cannot convert value x to java type java.lang.Long"),
        ("l", "", "Cannot convert value  to java type java.lang.Long"),
        ("i", "99999999999", "Cannot convert value 99999999999 to java type java.lang.Integer"),
        ("i", "1_0", "Cannot convert value 1_0 to java type java.lang.Integer"),
        ("l", "1e999", "Cannot convert value 1e999 to java type java.lang.Long"),
        ("f", "TRUE", "Cannot convert value TRUE to java type java.lang.Boolean"),
        ("f", "", "Cannot convert value  to java type java.lang.Boolean"),
        ("d", "x", 'Cannot convert value "x" to java type java.util.Date'),
        ("d", '"x"', 'Cannot convert value "x" to java type java.util.Date because of double quotes'),
    ],
)
def test_refuses_in_camundas_words(name: str, text: str, reason: str) -> None:
    with pytest.raises(RestError) as error:
        read_filters({name: text}, KINDS)
    assert error.value.body["message"] == f"Cannot set query parameter '{name}' to value '{text}': {reason}"
    assert (error.value.status, error.value.type) == (400, "InvalidRequestException")


def test_bodies() -> None:
    assert read_json_filters({"l": "5", "f": False, "in": [], "any": [None], "t": 7, "like": None}, KINDS) == {
        "l": 5,
        "any": [NO_ID],
        "t": "7",
    }
    with pytest.raises(RestError, match="in contains null value") as error:
        read_json_filters({"in": [None]}, KINDS)
    assert (error.value.status, error.value.type) == (500, "NullValueException")


def test_paging() -> None:
    assert read_page({}) == Page(0, None)
    assert read_page({"firstResult": "2", "maxResults": "+3"}) == Page(2, 3)
    assert read_page({"firstResult": "", "maxResults": "0"}) == Page(0, 0)
    for text in ("x", "1.5", "99999999999"):
        with pytest.raises(RestError) as error:
            read_page({"maxResults": text})
        assert (error.value.status, error.value.type, error.value.message) == (404, "QueryParamException", "HTTP 404 Not Found")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"sortBy": "colour", "sortOrder": "asc"}, "Cannot set query parameter 'sortBy' to value 'colour'"),
        ({"sortBy": "name", "sortOrder": "ASC"}, "Cannot set query parameter 'sortOrder' to value 'ASC'"),
        ({"sortBy": "name"}, "Only a single sorting parameter specified. sortBy and sortOrder required"),
        ({"sortOrder": "asc"}, "Only a single sorting parameter specified. sortBy and sortOrder required"),
    ],
)
def test_bad_sorting_of_a_get(params: dict[str, str], message: str) -> None:
    with pytest.raises(RestError) as error:
        read_sorting(params, KEYS)
    assert error.value.message == message


def test_sorting() -> None:
    assert read_sorting({}, KEYS) == []
    assert read_sorting({"sortBy": "name", "sortOrder": "desc"}, KEYS) == [("name", "desc")]
    assert read_json_sorting({"sorting": [{}, {"sortBy": "name", "sortOrder": "asc"}]}, KEYS) == [("name", "asc")]
    for entry in ({"sortBy": "ghost", "sortOrder": "asc"}, {"sortBy": "name"}):
        with pytest.raises(RestError) as error:
            read_json_sorting({"sorting": [entry]}, KEYS)
        assert (error.value.status, error.value.type, error.value.code) == (400, "NotValidException", 0)


VARIABLES = {"variables": variables_kind("variables")}


def test_variable_filters() -> None:
    assert read_filters({"variables": "a_eq_x,b_like_%y"}, VARIABLES) == {
        "variables": [VariableFilter("a", "eq", "String", "x"), VariableFilter("b", "like", "String", "%y")]
    }
    body = {"variables": [{"name": "n", "operator": "gt", "value": 5.5}, {"name": "b", "operator": "eq", "value": False}]}
    assert read_json_filters(body, VARIABLES) == {
        "variables": [VariableFilter("n", "gt", "Number", 5.5), VariableFilter("b", "eq", "Boolean", False)]
    }


@pytest.mark.parametrize("text", ["s", "s_eq_", "a_b_eq_c_d", "a_eq_x_eq_y"])
def test_variable_filters_of_another_form(text: str) -> None:
    with pytest.raises(RestError, match="variable query parameter has to have format KEY_OPERATOR_VALUE") as error:
        read_filters({"variables": text}, VARIABLES)
    assert error.value.status == 400


@pytest.mark.parametrize(
    ("item", "status", "message"),
    [
        ({"name": "s", "operator": "is", "value": 1}, 400, "Invalid variable comparator specified: is"),
        ({"operator": "eq", "value": 1}, 500, "name is null"),
        ({"name": "s", "operator": "eq", "value": []}, 500, "Object values cannot be used to query"),
        ({"name": "s", "operator": "gt", "value": True}, 500, "Booleans and null cannot be used in 'greater than' condition"),
    ],
)
def test_refused_variable_filters(item: Any, status: int, message: str) -> None:
    with pytest.raises(RestError) as error:
        read_json_filters({"variables": [item]}, VARIABLES)
    assert (error.value.status, error.value.message) == (status, message)
