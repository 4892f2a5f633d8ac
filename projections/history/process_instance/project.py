"""Rows of `history_process_instance` from facts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.deciding.modification import first_element
from domain.elements import ProcessDefinition
from domain.facts import (
    HistoryHidden,
    ProcessDefinitionDeleted,
    ProcessInstanceEnded,
    ProcessInstanceResumed,
    ProcessInstanceStarted,
    ProcessInstanceSuspended,
)
from projections.history.instances import Instance
from projections.history.log import Logged
from projections.history.model import HistoryModel
from projections.rows import Statement, columns

# Purpose: instances that were suspended, resumed or ended.
UPDATE = """
UPDATE history_process_instance i
SET state = c.state, end_time = c.end_time, removal_time = c.removal_time, delete_reason = c.delete_reason
FROM unnest(%b::uuid[], %b::text[], %b::bigint[], %b::bigint[], %b::text[]) c(id, state, end_time, removal_time, delete_reason)
WHERE i.id = c.id
"""
# Purpose: instances that were taken out of history. What was told of them is not found without them.
HIDE = "DELETE FROM history_process_instance WHERE id = ANY(%b::uuid[])"
# Purpose: the instances of definitions that were deleted together with them.
HIDE_DEFINITIONS = "DELETE FROM history_process_instance WHERE definition_id = ANY(%b::text[])"

_DAY = 86_400_000


class State(msgspec.Struct):
    """What changes in a row."""

    state: str
    end_time: int | None = None
    removal_time: int | None = None
    delete_reason: str | None = None


class ProcessInstanceRow(msgspec.Struct, gc=False):
    id: str
    definition_id: str
    definition_key: str
    business_key: str | None
    tenant_id: str | None
    start_time: int
    start_user: str | None
    start_activity: str | None
    state: str = "ACTIVE"
    end_time: int | None = None
    removal_time: int | None = None
    delete_reason: str | None = None


class ProcessInstances(HistoryModel[str, ProcessInstanceRow]):
    name = "process-instance"
    table = "history_process_instance"
    row = ProcessInstanceRow

    def __init__(self) -> None:
        super().__init__()
        self._changed: dict[str, State] = {}
        self._hidden: list[str] = []
        self._definitions_deleted: list[str] = []

    def started(self, record: Logged, fact: ProcessInstanceStarted, instance: Instance) -> None:
        definition = instance.definition
        self.new[instance.id] = ProcessInstanceRow(
            instance.id,
            definition.id,
            definition.key,
            fact.business_key,
            fact.tenant_id,
            record.at,
            record.actor,
            first_element(definition, fact.instructions[0]) if fact.instructions else fact.start or definition.start,
        )

    def suspended(self, record: Logged, fact: ProcessInstanceSuspended, instance: Instance) -> None:
        self._change(instance.id, State("SUSPENDED"))

    def resumed(self, record: Logged, fact: ProcessInstanceResumed, instance: Instance) -> None:
        self._change(instance.id, State("ACTIVE"))

    def ended(self, record: Logged, fact: ProcessInstanceEnded, instance: Instance) -> None:
        self._change(instance.id, State(fact.state, record.at, removal_time(instance.definition, record.at), instance.delete_reason))

    def _change(self, instance_id: str, state: State) -> None:
        row = self.new.get(instance_id)
        if row is None:
            self._changed[instance_id] = state
        else:
            row.state, row.end_time, row.removal_time, row.delete_reason = msgspec.structs.astuple(state)

    def hidden(self, record: Logged, fact: HistoryHidden, instance: None) -> None:
        self._hidden.append(record.instance_id)

    def definition_deleted(self, record: Logged, fact: ProcessDefinitionDeleted, instance: None) -> None:
        if fact.cascade:
            self._definitions_deleted.append(fact.definition_id)

    def updates(self) -> Iterable[Statement]:
        if self._changed:
            yield UPDATE, columns((id, *msgspec.structs.astuple(state)) for id, state in self._changed.items())

    def deletions(self) -> Iterable[Statement]:
        if self._hidden:
            yield HIDE, [self._hidden]
        if self._definitions_deleted:
            yield HIDE_DEFINITIONS, [self._definitions_deleted]

    projectors = {
        ProcessInstanceStarted: started,
        ProcessInstanceSuspended: suspended,
        ProcessInstanceResumed: resumed,
        ProcessInstanceEnded: ended,
        HistoryHidden: hidden,
        ProcessDefinitionDeleted: definition_deleted,
    }


def removal_time(definition: ProcessDefinition, end: int) -> int | None:
    """When history of the instance could be removed: never where its model does not say how long to keep it."""
    days = definition.history_time_to_live
    return None if days is None else end + days * _DAY
