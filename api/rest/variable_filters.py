"""Filters on variables: `name_operator_value` in a query string, objects in a POST body (REST contract §2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from api.rest import coercions
from api.rest.dates import BadDate, parse_date
from api.rest.errors import engine_error, invalid_request, null_value
from api.rest.json_body import field
from api.rest.query_params import Kind
from projections.variable.conditions import SQL_OPERATORS, VariableFilter

MOST_CONDITIONS = 100
C = TypeVar("C")
_ORDERED = {"gt": "greater than", "gteq": "greater than or equal", "lt": "less than", "lteq": "less than or equal"}


def variables_kind(parameter: str, word: str = "variable") -> Kind:
    """The kind of a filter on variables; `word` as in `Invalid {word} comparator specified`."""
    return Kind(
        lambda name, value: [_from_query(parameter, value, part, word) for part in _few(parameter, _parts(value))],
        lambda value: [_from_json(item, word) for item in _few(parameter, coercions.to_objects(value) or [])],
        parts=("name", "operator", "value"),
    )


def _few(parameter: str, conditions: list[C]) -> list[C]:
    """Refuse so many conditions that the database would take minutes to plan the query."""
    if len(conditions) > MOST_CONDITIONS:
        raise invalid_request(f"{parameter}: at most {MOST_CONDITIONS} conditions are allowed, not {len(conditions)}")
    return conditions


def _parts(value: str) -> list[str]:
    """Cut at commas; empty parts at the end do not count, but the empty text is one."""
    if not value:
        return [""]
    parts = value.split(",")
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _from_query(parameter: str, whole: str, part: str, word: str) -> VariableFilter:
    pieces = part.split("_")
    while pieces and not pieces[-1]:
        pieces.pop()
    if len(pieces) != 3:
        message = (
            f"Cannot set query parameter '{parameter}' to value '{whole}': variable query parameter has to have format KEY_OPERATOR_VALUE."
        )
        raise invalid_request(message)
    name, operator, value = pieces
    return read_filter(name, operator, value, word)


def _from_json(item: Mapping[str, Any], word: str) -> VariableFilter:
    name, operator = field(item, "name", coercions.to_text), field(item, "operator", coercions.to_text)
    return read_filter(name, operator, item.get("value"), word)


def read_filter(name: str | None, operator: str | None, value: Any, word: str) -> VariableFilter:
    """One comparison; `word` as in `Invalid {word} comparator specified`."""
    if operator not in SQL_OPERATORS:
        raise invalid_request(f"Invalid {word} comparator specified: {'null' if operator is None else operator}")
    if name is None:
        raise null_value("name is null")
    if isinstance(value, list | dict) or (isinstance(value, int) and not coercions.LONG[0] <= value <= coercions.LONG[1]):
        raise engine_error("Object values cannot be used to query")
    if operator in _ORDERED and (value is None or isinstance(value, bool)):
        raise engine_error(f"Booleans and null cannot be used in '{_ORDERED[operator]}' condition")
    return _typed(name, operator, value)


def _typed(name: str, operator: Any, value: Any) -> VariableFilter:
    if operator in ("like", "notLike"):
        return VariableFilter(name, operator, "String", coercions.to_text(value) or "")
    if value is None:
        return VariableFilter(name, operator, "Null")
    if isinstance(value, bool):
        return VariableFilter(name, operator, "Boolean", value)
    if isinstance(value, int | float):
        return VariableFilter(name, operator, "Number", value)
    try:
        return VariableFilter(name, operator, "Date", parse_date(value))
    except BadDate:
        return VariableFilter(name, operator, "String", value)


def without_case(filters: Sequence[VariableFilter], names: bool, values: bool) -> list[VariableFilter]:
    """The same filters, deaf to the case of letters."""
    return [replace(wanted, ignore_name_case=names, ignore_value_case=values) for wanted in filters]


def spread_case_flags(filters: dict[str, Any], parameters: Sequence[str]) -> dict[str, Any]:
    """Turn `variableNamesIgnoreCase` and `variableValuesIgnoreCase` into what the variable filters themselves say."""
    names, values = bool(filters.pop("variableNamesIgnoreCase", False)), bool(filters.pop("variableValuesIgnoreCase", False))
    if names or values:
        filters.update({p: without_case(filters[p], names, values) for p in parameters if p in filters})
    return filters
