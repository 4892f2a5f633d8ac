"""Rows of `history_activity_instance` from facts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.executions import execution_of
from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, UserTaskCreated
from projections.history.instances import Instance
from projections.history.log import Logged
from projections.history.model import HistoryModel
from projections.rows import Statement, columns

# Purpose: activities that ended.
UPDATE = """
UPDATE history_activity_instance a SET end_time = c.end_time, canceled = c.canceled, complete_scope = c.complete_scope
FROM unnest(%b::uuid[], %b::integer[], %b::bigint[], %b::boolean[], %b::boolean[])
    c(instance_id, key, end_time, canceled, complete_scope)
WHERE a.instance_id = c.instance_id AND a.key = c.key
"""


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
        self._ended: dict[tuple[str, int], tuple[int, bool, bool]] = {}

    def activated(self, record: Logged, fact: ElementActivated, instance: Instance) -> None:
        element, key, scope = instance.definition.elements[fact.element_id], fact.key, fact.scope
        execution = execution_of(element, key, scope, instance.is_empty(scope))
        self.new[instance.id, key] = ActivityInstanceRow(
            instance.id, key, scope, execution, element.id, element.activity_type, element.name, record.at
        )

    def user_task_created(self, record: Logged, fact: UserTaskCreated, instance: Instance) -> None:
        row = self.new[instance.id, fact.key]
        row.execution, row.assignee = fact.execution, fact.assignee

    def completed(self, record: Logged, fact: ElementCompleted, instance: Instance) -> None:
        element = instance.definition.elements[instance.tokens[fact.key].element_id]
        self._end(instance.id, fact.key, record.at, False, not element.outgoing or instance.lost == fact.key)

    def terminated(self, record: Logged, fact: ElementTerminated, instance: Instance) -> None:
        if fact.key in instance.tokens:
            self._end(instance.id, fact.key, record.at, True, False)

    def _end(self, instance_id: str, key: int, at: int, canceled: bool, complete_scope: bool) -> None:
        row = self.new.get((instance_id, key))
        if row is None:
            self._ended[instance_id, key] = at, canceled, complete_scope
        else:
            row.end_time, row.canceled, row.complete_scope = at, canceled, complete_scope

    def updates(self) -> Iterable[Statement]:
        if self._ended:
            yield UPDATE, columns((*place, *end) for place, end in self._ended.items())

    projectors = {
        ElementActivated: activated,
        UserTaskCreated: user_task_created,
        ElementCompleted: completed,
        ElementTerminated: terminated,
    }
