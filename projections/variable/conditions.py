"""Comparisons with variables, as list queries make them: across the types of numbers, and never between other types."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.values import Scalar, Value
from projections.querying import Where, like_pattern

SQL_OPERATORS = {"eq": "=", "neq": "<>", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "like": "LIKE", "notLike": "NOT LIKE"}
_WHOLE_TYPES = {"Short": 2**15, "Integer": 2**31, "Long": 2**63}


COLUMNS = {**dict.fromkeys(("Boolean", "Short", "Integer", "Long", "Date"), "long_value"), "Double": "double_value"}
"""Where a type's values stand; texts of all kinds in `text_value`."""


class VariableFilter(msgspec.Struct, frozen=True):
    """One comparison. `kind` is what the wanted value is: Number, String, Boolean, Date (epoch ms) or Null."""

    name: str
    operator: Literal["eq", "neq", "gt", "gteq", "lt", "lteq", "like", "notLike"]
    kind: Literal["Number", "String", "Boolean", "Date", "Null"]
    value: Scalar = None
    ignore_name_case: bool = False
    ignore_value_case: bool = False


def variable_equals(where: Where, name: str, value: Value) -> str:
    """Return the condition that a variable `v` has exactly this value, type for type: an Integer 1 is no Long 1."""
    condition = f"v.name = {where.parameter(name)} AND v.type = {where.parameter(value.type)}"
    column = COLUMNS.get(value.type, "text_value")
    if value.content is None:
        return f"{condition} AND v.{column} IS NULL"
    content = int(value.content) if isinstance(value.content, bool) else value.content
    return f"{condition} AND v.{column} = {where.parameter(content)}"


def variable_matches(where: Where, wanted: VariableFilter) -> str:
    """Return the condition on a variable `v`, name included."""
    return f"{_name(where, wanted)} AND {_comparison(where, wanted)}"


def _name(where: Where, wanted: VariableFilter) -> str:
    if wanted.ignore_name_case:
        return f"lower(v.name) = lower({where.parameter(wanted.name)}::text)"
    return f"v.name = {where.parameter(wanted.name)}"


def _comparison(where: Where, wanted: VariableFilter) -> str:
    operator, value = SQL_OPERATORS[wanted.operator], wanted.value
    if wanted.operator == "notLike":
        return f"NOT coalesce({_texts(where, 'LIKE', like_pattern(str(value)), wanted.ignore_value_case)}, false)"
    if wanted.operator == "like":
        return _texts(where, operator, like_pattern(str(value)), wanted.ignore_value_case)
    if wanted.kind == "String":
        return _texts(where, operator, str(value), wanted.ignore_value_case)
    if wanted.kind == "Null":
        return "v.type = 'Null'" if wanted.operator == "eq" else "v.type <> 'Null'"
    if wanted.kind == "Number" and isinstance(value, int | float):
        return _numbers(where, operator, value)
    return f"v.type = '{wanted.kind}' AND v.long_value {operator} {where.parameter(int(value or 0))}::bigint"


def _numbers(where: Where, operator: str, value: int | float) -> str:
    """Doubles compare with every number, whole types with those that they can hold."""
    double = f"v.type = 'Double' AND v.double_value {operator} {where.parameter(float(value))}::float8"
    types = [name for name, limit in _WHOLE_TYPES.items() if value == int(value) and -limit <= value < limit]
    if not types:
        return f"({double})"
    whole = f"v.type = ANY({where.parameter(types)}::text[]) AND v.long_value {operator} {where.parameter(int(value))}::bigint"
    return f"({double} OR {whole})"


def _texts(where: Where, operator: str, value: str, ignore_case: bool) -> str:
    if ignore_case:
        return f"(v.type = 'String' AND lower(v.text_value) {operator} lower({where.parameter(value)}::text))"
    return f"(v.type = 'String' AND v.text_value COLLATE \"C\" {operator} {where.parameter(value)}::text)"
