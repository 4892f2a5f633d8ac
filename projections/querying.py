"""Lists with filters: what all of them share. Conditions are written with `{}` for each value and become named parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias


class Page(NamedTuple):
    first: int = 0
    limit: int | None = None
    """None: all."""


NULLS_LEAST, THEN = " NULLS LEAST", " THEN "

Sorting: TypeAlias = Sequence[tuple[str, str]]
"""Sort keys as the wire names them, each with `asc` or `desc`."""


class Where:
    """Conditions that all hold, and their parameters."""

    def __init__(self, parameters: dict[str, object] | None = None) -> None:
        self.conditions: list[str] = []
        self.parameters: dict[str, object] = {} if parameters is None else parameters

    def parameter(self, value: object) -> str:
        """Keep a value and return its placeholder."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"

    def add(self, condition: str, *values: object) -> None:
        """Demand a condition; it has one `{}` per value."""
        self.conditions.append(condition.format(*map(self.parameter, values)))

    def any_of(self, fill: Callable[[Where], None]) -> None:
        """Demand at least one of the conditions that `fill` adds; with none of them there is nothing to demand."""
        inner = Where(self.parameters)
        fill(inner)
        if inner.conditions:
            self.conditions.append(f"({' OR '.join(inner.conditions)})")

    @property
    def sql(self) -> str:
        """` WHERE …`, or nothing."""
        return f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


Condition: TypeAlias = str | Callable[[Where, Any], None]
"""A text with `{}` for the filter's value (none for a flag), or a function that adds what the filter means."""


def apply_filters(where: Where, filters: Mapping[str, Any], conditions: Mapping[str, Condition]) -> None:
    """Add the condition of every filter that is set."""
    for name, value in filters.items():
        condition = conditions[name]
        if callable(condition):
            condition(where, value)
        elif "{" in condition:
            where.add(condition, value)
        else:
            where.add(condition)


def order_by(sorting: Sorting, columns: Mapping[str, str], tie: str) -> str:
    """` ORDER BY …`; `tie` orders what is otherwise equal.

    A sort key may be several columns, joined by THEN. One that ends in NULLS LEAST has its nulls before everything else.
    """
    keys = [_sort_key(column, order == "desc") for name, order in sorting for column in columns[name].split(THEN)]
    return f" ORDER BY {', '.join([*keys, tie])}"


def _sort_key(column: str, descending: bool) -> str:
    column, least, _ = column.partition(NULLS_LEAST)
    nulls = f" NULLS {'LAST' if descending else 'FIRST'}" if least else ""
    return f"{column} {'DESC' if descending else 'ASC'}{nulls}"


def limit(page: Page) -> str:
    """` LIMIT … OFFSET …`, as far as the page says so."""
    text = "" if page.limit is None else f" LIMIT {max(page.limit, 0)}"
    return text + (f" OFFSET {page.first}" if page.first > 0 else "")


def like_pattern(text: str) -> str:
    """A LIKE pattern that PostgreSQL takes: a lone backslash at its end means itself."""
    backslashes = len(text) - len(text.rstrip("\\"))
    return text + "\\" if backslashes % 2 else text
