"""Rows of `history_variable_instance` from facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from domain.elements import SubProcess
from domain.executions import scope_execution
from domain.facts import ProcessInstanceStarted, VariablesRemoved, VariablesSet
from domain.ids import named_id, part_id
from domain.values import Value
from projections.history.instances import Instance
from projections.history.log import Logged
from projections.history.model import HistoryModel
from projections.history.variable_instance.values import Stored, stored
from projections.rows import Statement, columns

# Purpose: variables that have new values, or are there again.
UPDATE = """
UPDATE history_variable_instance v SET type = c.type, text_value = c.text_value, long_value = c.long_value,
    double_value = c.double_value, payload = c.payload, large = c.large, state = c.state,
    create_time = coalesce(c.create_time, v.create_time)
FROM unnest(%b::uuid[], %b::integer[], %b::text[], %b::text[], %b::text[], %b::bigint[], %b::double precision[], %b::bytea[],
    %b::bytea[], %b::smallint[], %b::bigint[])
    c(instance_id, scope, name, type, text_value, long_value, double_value, payload, large, state, create_time)
WHERE v.instance_id = c.instance_id AND v.scope = c.scope AND v.name = c.name
"""
# Purpose: variables that were removed; they keep their last value.
REMOVE = """
UPDATE history_variable_instance v SET state = 1 FROM unnest(%b::uuid[], %b::integer[], %b::text[]) c(instance_id, scope, name)
WHERE v.instance_id = c.instance_id AND v.scope = c.scope AND v.name = c.name
"""

CREATED, DELETED = 0, 1
Place: TypeAlias = tuple[str, int, str]
"""Instance, scope and name."""


class Change(msgspec.Struct):
    """What becomes of a row. `create_time`: the variable was removed and is there again."""

    state: int = CREATED
    value: Stored | None = None
    create_time: int | None = None


class VariableInstanceRow(msgspec.Struct, gc=False):
    instance_id: str
    scope: int
    name: str
    id: str
    activity: int
    type: str
    text_value: str | None
    long_value: int | None
    double_value: float | None
    payload: bytes | None
    large: bytes | None
    create_time: int
    state: int = CREATED


class VariableInstances(HistoryModel[Place, VariableInstanceRow]):
    name = "variable-instance"
    table = "history_variable_instance"
    row = VariableInstanceRow

    def __init__(self) -> None:
        super().__init__()
        self._changed: dict[Place, Change] = {}

    def started(self, record: Logged, fact: ProcessInstanceStarted, instance: Instance) -> None:
        for name, value in fact.variables.items():
            if not value.transient:
                self._create(record, (instance.id, 0, name), 0, value)

    def set(self, record: Logged, fact: VariablesSet, instance: Instance) -> None:
        for name, value in fact.variables.items():
            place = instance.id, fact.scope, name
            is_there = instance.has_variable(fact.scope, name)
            if is_there is None:
                self._create(record, place, activity_of(instance, fact.scope), value)
            else:
                self._change(place, stored(value), None if is_there else record.at)

    def removed(self, record: Logged, fact: VariablesRemoved, instance: Instance) -> None:
        for name in fact.names:
            place = instance.id, fact.scope, name
            (self.new.get(place) or self._changed.setdefault(place, Change())).state = DELETED

    def _create(self, record: Logged, place: Place, activity: int, value: Value) -> None:
        instance_id, scope, name = place
        id = named_id(part_id(instance_id, scope_execution(scope)), name)
        self.new[place] = VariableInstanceRow(instance_id, scope, name, id, activity, *stored(value), record.at)

    def _change(self, place: Place, value: Stored, create_time: int | None) -> None:
        row = self.new.get(place)
        if row is None:
            change = self._changed.setdefault(place, Change())
            change.state, change.value, change.create_time = CREATED, value, create_time or change.create_time
        else:
            row.type, row.text_value, row.long_value, row.double_value, row.payload, row.large = value
            row.state, row.create_time = CREATED, create_time or row.create_time

    def updates(self) -> Iterable[Statement]:
        changed = self._changed.items()
        valued = [(*place, *change.value, change.state, change.create_time) for place, change in changed if change.value is not None]
        if valued:
            yield UPDATE, columns(valued)
        removed = [place for place, change in changed if change.value is None]
        if removed:
            yield REMOVE, columns(removed)

    projectors = {ProcessInstanceStarted: started, VariablesSet: set, VariablesRemoved: removed}


def activity_of(instance: Instance, scope: int) -> int:
    """The element instance that history names as a variable's: of inputs of a sub-process, as Camunda has it, the one around it."""
    token = instance.tokens.get(scope)
    if token is None or scope in instance.places or not isinstance(instance.definition.elements[token.element_id], SubProcess):
        return scope
    return token.scope
