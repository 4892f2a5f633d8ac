"""Conditions on process variables in a topic of fetchAndLock: what Camunda's clients never send, for it compares for equality only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor, isfinite
from typing import Any

from api.rest.coercions import to_list, to_text
from api.rest.errors import invalid_request
from api.rest.json_body import field
from api.rest.variable_filters import read_filter
from domain.fetching import Comparison, VariableCondition
from projections.variable.conditions import SQL_OPERATORS

IN = "in"
OPERATORS = (*(operator for operator in SQL_OPERATORS if operator != "notLike"), IN)
MOST = 200
"""Values that all conditions of one request compare with: the database plans each of them."""


def read_conditions(items: Iterable[Mapping[str, Any]]) -> tuple[VariableCondition, ...]:
    """Read the conditions of one topic."""
    return tuple(_condition(item) for item in items)


def refuse_many(conditions: Iterable[VariableCondition]) -> None:
    """Refuse a request that would take the database long to plan."""
    values = sum(len(condition.alternatives) for condition in conditions)
    if values > MOST:
        raise invalid_request(f"processVariableConditions: at most {MOST} values are allowed in a request, not {values}")


def _condition(item: Mapping[str, Any]) -> VariableCondition:
    name, operator = field(item, "name", to_text), field(item, "operator", to_text)
    if operator not in OPERATORS:
        raise invalid_request(f"processVariableConditions: the operator is one of {', '.join(OPERATORS)}, not {operator or 'null'}")
    if name is None:
        raise invalid_request("processVariableConditions: the name is null")
    values = [item.get("value")] if operator != IN else field(item, "value", to_list) or []
    read = [read_filter(name, "eq" if operator == IN else operator, value, "process variable") for value in values]
    comparisons = [Comparison(found.operator, found.kind, found.value) for found in read]
    return VariableCondition(name, tuple(alternative for comparison in comparisons for alternative in _with_whole(comparison)))


def _with_whole(wanted: Comparison) -> list[Comparison]:
    """A comparison with a fraction says something of whole numbers too: they are above or below it."""
    if not isinstance(wanted.value, float) or wanted.value.is_integer() or not isfinite(wanted.value):
        return [wanted]
    above, below = Comparison("gteq", "Number", ceil(wanted.value)), Comparison("lteq", "Number", floor(wanted.value))
    return [wanted, *([above] * (wanted.operator in ("gt", "gteq", "neq"))), *([below] * (wanted.operator in ("lt", "lteq", "neq")))]
