"""Filters by public ids: rows name what lives in an instance by the instance and a number in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from domain.ids import aggregate_id, is_id, ordinal_of
from domain.state import SCOPE_EXECUTION, TASK
from projections.querying import Where

Part: TypeAlias = tuple[str, int]
"""An instance, and the number of what lives in it."""
NO_PART: Part = "00000000-0000-0000-0000-000000000000", -1
"""What nothing has."""


def part(id: str) -> Part:
    """The part that an id names; what is no id names nothing."""
    return (aggregate_id(id), ordinal_of(id)) if is_id(id) else NO_PART


def scope_of_execution(id: str) -> Part:
    """The scope that an execution stands for; the instance's own execution is the instance."""
    instance_id, ordinal = part(id)
    return instance_id, ordinal and ordinal - SCOPE_EXECUTION


def element_of_execution(id: str) -> Part:
    """The element instance whose own execution it is."""
    instance_id, ordinal = part(id)
    return instance_id, ordinal - SCOPE_EXECUTION


def element_of_task(id: str) -> Part:
    """The element instance that an external or user task belongs to."""
    instance_id, ordinal = part(id)
    return instance_id, ordinal - TASK


def element_of_activity(id: str) -> Part:
    """The element instance in `{activityId}:{id}`; an instance's own id stands for its scope."""
    return part(id.rpartition(":")[2])


def part_is(column: str, place: Callable[[str], Part] = part) -> Callable[[Where, str], None]:
    """Demand that a row is of the part that an id names; `column` has the part's number."""
    return lambda where, id: part_in(column, place)(where, [id])


def part_in(column: str, place: Callable[[str], Part] = part) -> Callable[[Where, Sequence[str]], None]:
    """Demand that a row is of one of some parts."""
    table, _, _ = column.partition(".")

    def add(where: Where, ids: Sequence[str]) -> None:
        places = [place(id) for id in ids]
        condition = f"({table}.instance_id, {column}) IN (SELECT * FROM unnest({{}}::uuid[], {{}}::integer[]))"
        where.add(condition, [instance_id for instance_id, _ in places], [number for _, number in places])

    return add
