"""Rows of `variable` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import (
    ElementCompleted,
    ElementTerminated,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    Recorded,
    VariablesRemoved,
    VariablesSet,
)
from domain.ids import last_part_id, named_id, part_id
from domain.state import SCOPE_EXECUTION
from domain.values import Value
from projections.large_values import compared_text, stored
from projections.rows import ReadModel, Statement, columns

# Purpose: variables that were set.
UPSERT = """
INSERT INTO variable (scope_id, name, id, type, text_value, long_value, double_value, payload, large)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::double precision[], %b::bytea[],
    %b::bytea[])
ON CONFLICT (scope_id, name) DO UPDATE SET type = excluded.type, text_value = excluded.text_value, long_value = excluded.long_value,
    double_value = excluded.double_value, payload = excluded.payload, large = excluded.large
"""
# Purpose: variables that were removed one by one.
REMOVE = """
DELETE FROM variable v USING unnest(%b::uuid[], %b::text[]) c(scope_id, name) WHERE v.scope_id = c.scope_id AND v.name = c.name
"""
# Purpose: variables of scopes that ended.
END_SCOPES = "DELETE FROM variable WHERE scope_id = ANY(%b::uuid[])"
# Purpose: what is left of instances that ended.
END_INSTANCES = "DELETE FROM variable v USING unnest(%b::uuid[], %b::uuid[]) c(first, last) WHERE v.scope_id BETWEEN c.first AND c.last"

_INTEGERS = frozenset(("Short", "Integer", "Long", "Date", "Boolean"))


class VariableRows(ReadModel):
    def __init__(self) -> None:
        self._set: dict[tuple[str, str], Value | None] = {}
        self._scopes_ended: list[str] = []
        self._instances_ended: list[str] = []

    def started(self, record: Recorded, fact: ProcessInstanceStarted) -> None:
        self._changed(record.originator_id, fact.variables)

    def set(self, record: Recorded, fact: VariablesSet) -> None:
        self._changed(_scope_id(record.originator_id, fact.scope), fact.variables)

    def _changed(self, scope_id: str, variables: dict[str, Value]) -> None:
        self._set.update(((scope_id, name), value) for name, value in variables.items() if not value.transient)

    def removed(self, record: Recorded, fact: VariablesRemoved) -> None:
        self._set.update(((_scope_id(record.originator_id, fact.scope), name), None) for name in fact.names)

    def left(self, record: Recorded, fact: ElementCompleted | ElementTerminated) -> None:
        self._scopes_ended.append(part_id(record.originator_id, fact.key + SCOPE_EXECUTION))

    def ended(self, record: Recorded, fact: ProcessInstanceEnded) -> None:
        self._instances_ended.append(record.originator_id)

    def inserts(self) -> Iterable[Statement]:
        rows = [_row(scope_id, name, value) for (scope_id, name), value in self._set.items() if value is not None]
        if rows:
            yield UPSERT, columns(rows)

    def deletions(self) -> Iterable[Statement]:
        removed = [place for place, value in self._set.items() if value is None]
        if removed:
            yield REMOVE, columns(removed)
        if self._scopes_ended:
            yield END_SCOPES, [self._scopes_ended]
        if self._instances_ended:
            yield END_INSTANCES, [self._instances_ended, [last_part_id(i) for i in self._instances_ended]]

    projectors = {
        ProcessInstanceStarted: started,
        VariablesSet: set,
        VariablesRemoved: removed,
        ElementCompleted: left,
        ElementTerminated: left,
        ProcessInstanceEnded: ended,
    }


def _scope_id(instance_id: str, scope: int) -> str:
    return part_id(instance_id, scope + SCOPE_EXECUTION) if scope else instance_id


def _row(scope_id: str, name: str, value: Value) -> tuple[object, ...]:
    content = value.content
    integer = int(content) if value.type in _INTEGERS and isinstance(content, int) else None
    number = float(content) if value.type == "Double" and isinstance(content, int | float) else None
    return scope_id, name, named_id(scope_id, name), value.type, compared_text(value), integer, number, *stored(value)
