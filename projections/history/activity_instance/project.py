"""Rows of `history_activity_instance` from facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from domain.executions import execution_of
from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, UserTaskCreated
from projections.history.instances import Instance
from projections.history.log import Logged
from projections.history.model import HistoryModel
from projections.rows import Statement, columns

# Purpose: activities that ended, with the execution that they had at the end.
UPDATE = """
UPDATE history_activity_instance a
SET execution = c.execution, end_time = c.end_time, canceled = c.canceled, complete_scope = c.complete_scope
FROM unnest(%b::uuid[], %b::integer[], %b::integer[], %b::bigint[], %b::boolean[], %b::boolean[])
    c(instance_id, key, execution, end_time, canceled, complete_scope)
WHERE a.instance_id = c.instance_id AND a.key = c.key
"""
End: TypeAlias = tuple[int, int, bool, bool]
"""Execution and time of an activity's end, whether it was cancelled, and whether its token went no further."""


class ActivityInstanceRow(msgspec.Struct, gc=False):
    """`complete_scope`: the token went no further."""

    instance_id: str
    key: int
    scope: int
    execution: int
    activity_id: str
    activity_type: str
    activity_name: str | None
    start_time: int
    assignee: str | None = None
    end_time: int | None = None
    canceled: bool = False
    complete_scope: bool = False


class ActivityInstances(HistoryModel[tuple[str, int], ActivityInstanceRow]):
    name = "activity-instance"
    table = "history_activity_instance"
    row = ActivityInstanceRow

    def __init__(self) -> None:
        super().__init__()
        self._ended: dict[tuple[str, int], End] = {}

    def activated(self, record: Logged, fact: ElementActivated, instance: Instance) -> None:
        element, key, token = instance.definition.elements[fact.element_id], fact.key, instance.arriving(fact)
        execution = execution_of(token, instance.is_beside_others(token), element)
        self.new[instance.id, key] = ActivityInstanceRow(
            instance.id, key, fact.scope, execution, element.id, element.activity_type, element.name, record.at
        )

    def user_task_created(self, record: Logged, fact: UserTaskCreated, instance: Instance) -> None:
        self.new[instance.id, fact.key].assignee = fact.assignee

    def completed(self, record: Logged, fact: ElementCompleted, instance: Instance) -> None:
        token = instance.tokens[fact.key]
        element = instance.definition.elements[token.element_id]
        execution = execution_of(token, instance.is_beside_others(token), element)
        self._end((instance.id, fact.key), (execution, record.at, False, not element.outgoing or instance.lost == fact.key))

    def terminated(self, record: Logged, fact: ElementTerminated, instance: Instance) -> None:
        token = instance.tokens.get(fact.key)
        if token is not None and token.element_id:
            # What is cancelled together stays on the executions that it had.
            beside_others = instance.is_beside_others(token) or instance.cancelled == (token.scope, record.command)
            execution = execution_of(token, beside_others, instance.definition.elements[token.element_id])
            self._end((instance.id, fact.key), (execution, record.at, True, False))

    def _end(self, place: tuple[str, int], end: End) -> None:
        row = self.new.get(place)
        if row is None:
            self._ended[place] = end
        else:
            row.execution, row.end_time, row.canceled, row.complete_scope = end

    def updates(self) -> Iterable[Statement]:
        if self._ended:
            yield UPDATE, columns((*place, *end) for place, end in self._ended.items())

    projectors = {
        ElementActivated: activated,
        UserTaskCreated: user_task_created,
        ElementCompleted: completed,
        ElementTerminated: terminated,
    }
