"""Filters, sorting and paging of list queries as SQL with named parameters."""

from __future__ import annotations

import pytest

from projections.querying import Condition, Page, Where, apply_filters, like_pattern, limit, order_by
from projections.variable.conditions import VariableFilter, variable_matches


def test_no_condition_is_no_clause() -> None:
    assert (Where().sql, Where().parameters) == ("", {})


def test_conditions_hold_together_with_their_values_apart() -> None:
    where = Where()

    where.add("a = {}", "x' OR true --")
    where.add("b BETWEEN {} AND {}", 1, 2)
    where.add("c IS NULL")

    assert where.sql == " WHERE a = %(p0)s AND b BETWEEN %(p1)s AND %(p2)s AND c IS NULL"
    assert where.parameters == {"p0": "x' OR true --", "p1": 1, "p2": 2}


def either(where: Where) -> None:
    where.add("b = {}", 2)
    where.add("c = {}", 3)


def test_alternatives_share_the_parameters() -> None:
    where = Where()
    where.add("a = {}", 1)

    where.any_of(either)

    assert where.sql == " WHERE a = %(p0)s AND (b = %(p1)s OR c = %(p2)s)"
    assert where.parameters == {"p0": 1, "p1": 2, "p2": 3}


def test_no_alternatives_demand_nothing() -> None:
    where = Where()

    where.any_of(lambda inner: None)

    assert where.sql == ""


def test_a_filter_is_a_text_a_flag_or_a_function() -> None:
    conditions: dict[str, Condition] = {
        "id": "t.id = {}",
        "open": "t.ended IS NULL",
        "either": lambda where, value: where.add("x = {} OR y = {}", value, value),
        "unused": "never",
    }
    where = Where()

    apply_filters(where, {"id": "i", "open": True, "either": 5}, conditions)

    assert where.sql == " WHERE t.id = %(p0)s AND t.ended IS NULL AND x = %(p1)s OR y = %(p2)s"
    assert where.parameters == {"p0": "i", "p1": 5, "p2": 5}


def test_sorting_ends_with_the_tie() -> None:
    columns = {"created": "t.create_time", "priority": "t.priority"}

    assert order_by([], columns, "t.id") == " ORDER BY t.id"
    assert order_by([("priority", "desc"), ("created", "asc")], columns, "t.id") == " ORDER BY t.priority DESC, t.create_time ASC, t.id"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (Page(), ""),
        (Page(0, 10), " LIMIT 10"),
        (Page(5), " OFFSET 5"),
        (Page(5, 10), " LIMIT 10 OFFSET 5"),
        (Page(0, 0), " LIMIT 0"),
        (Page(-3, -1), " LIMIT 0"),
    ],
)
def test_a_page_is_a_part_of_the_list(page: Page, text: str) -> None:
    assert limit(page) == text


@pytest.mark.parametrize(
    ("text", "pattern"), [("a%", "a%"), ("\\", "\\\\"), ("a\\\\", "a\\\\"), ("a\\\\\\", "a\\\\\\\\"), ("\\%", "\\%"), ("", "")]
)
def test_a_pattern_never_ends_in_a_lone_backslash(text: str, pattern: str) -> None:
    assert like_pattern(text) == pattern


def matched(wanted: VariableFilter) -> tuple[str, dict[str, object]]:
    where = Where()
    return variable_matches(where, wanted), where.parameters


@pytest.mark.parametrize(
    ("value", "types"),
    [
        (5, ["Short", "Integer", "Long"]),
        (5.0, ["Short", "Integer", "Long"]),
        (2**15, ["Integer", "Long"]),
        (-(2**15), ["Short", "Integer", "Long"]),
        (2**31, ["Long"]),
        (-(2**31) - 1, ["Long"]),
        (2**63 - 1, ["Long"]),
    ],
)
def test_a_whole_number_is_compared_with_every_type_that_can_hold_it(value: float, types: list[str]) -> None:
    _, parameters = matched(VariableFilter("n", "eq", "Number", value))

    assert parameters == {"p0": "n", "p1": float(value), "p2": types, "p3": int(value)}


@pytest.mark.parametrize("value", [1.5, 2.0**63, float(-(2**63)) * 4])
def test_other_numbers_are_compared_with_doubles_alone(value: float) -> None:
    sql, parameters = matched(VariableFilter("n", "gt", "Number", value))

    assert parameters == {"p0": "n", "p1": value}
    assert sql == "v.name = %(p0)s AND (v.type = 'Double' AND v.double_value > %(p1)s::float8)"


@pytest.mark.parametrize(
    ("wanted", "condition"),
    [
        (VariableFilter("n", "eq", "Null"), "v.type = 'Null'"),
        (VariableFilter("n", "neq", "Null"), "v.type <> 'Null'"),
        (VariableFilter("n", "eq", "Boolean", True), "v.type = 'Boolean' AND v.long_value = %(p1)s::bigint"),
        (VariableFilter("n", "lteq", "Date", 5), "v.type = 'Date' AND v.long_value <= %(p1)s::bigint"),
        (VariableFilter("n", "eq", "String", "x"), """(v.type = 'String' AND v.text_value COLLATE "C" = %(p1)s::text)"""),
        (VariableFilter("n", "like", "String", "x%"), """(v.type = 'String' AND v.text_value COLLATE "C" LIKE %(p1)s::text)"""),
    ],
)
def test_other_values_are_compared_with_their_own_type(wanted: VariableFilter, condition: str) -> None:
    sql, _ = matched(wanted)

    assert sql == f"v.name = %(p0)s AND {condition}"


def test_case_is_ignored_where_asked() -> None:
    sql, parameters = matched(VariableFilter("N", "eq", "String", "X", ignore_name_case=True, ignore_value_case=True))

    assert sql == "lower(v.name) = lower(%(p0)s::text) AND (v.type = 'String' AND lower(v.text_value) = lower(%(p1)s::text))"
    assert parameters == {"p0": "N", "p1": "X"}
