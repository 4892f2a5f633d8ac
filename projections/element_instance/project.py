"""Rows of `element_instance` from facts: elements that stay active and turn out to be no tasks, whose rows are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskCreated,
    ExternalTaskFailed,
    JobCreated,
    Recorded,
    SubscriptionOpened,
    TokenHeld,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
    VariablesSet,
)
from domain.ids import ordinal_of, part_id
from domain.state import SCOPE_EXECUTION, TASK, TIMER
from projections.rows import ReadModel, Statement, columns

# Purpose: elements that became active.
INSERT = """
INSERT INTO element_instance (id, activity_id, scope_id, own_execution)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::uuid[], %b::boolean[])
"""
# Purpose: elements that are not active any more.
DELETE = "DELETE FROM element_instance WHERE id = ANY(%b::uuid[])"


class ElementInstances(ReadModel):
    def __init__(self) -> None:
        self._active: dict[tuple[str, int], tuple[str, int]] = {}
        self._with_execution: set[tuple[str, int]] = set()
        self._tasks: set[tuple[str, int]] = set()
        self._left: list[str] = []

    def activated(self, record: Recorded, fact: ElementActivated) -> None:
        self._active[record.originator_id, fact.key] = fact.element_id, fact.scope
        self._with_execution.add((record.originator_id, fact.scope))

    def held(self, record: Recorded, fact: TokenHeld) -> None:
        self._with_execution.add((record.originator_id, fact.scope))

    def waits(self, record: Recorded, fact: SubscriptionOpened | JobCreated) -> None:
        if fact.holder is not None and (isinstance(fact, SubscriptionOpened) or fact.kind == TIMER):
            self._with_execution.add((record.originator_id, fact.holder))

    def has_variables(self, record: Recorded, fact: VariablesSet) -> None:
        self._with_execution.add((record.originator_id, fact.scope))

    def is_user_task(self, record: Recorded, fact: UserTaskCreated | UserTaskCompleted | UserTaskCancelled) -> None:
        self._is_task((record.originator_id, fact.key))

    def is_external_task(self, record: Recorded, fact: object) -> None:
        self._is_task((part_id(record.originator_id, 0), ordinal_of(record.originator_id) - TASK))

    def _is_task(self, place: tuple[str, int]) -> None:
        self._tasks.add(place)
        self._active.pop(place, None)

    def left(self, record: Recorded, fact: ElementCompleted | ElementTerminated) -> None:
        place = record.originator_id, fact.key
        if self._active.pop(place, None) is None and place not in self._tasks:
            self._left.append(part_id(*place))

    def inserts(self) -> Iterable[Statement]:
        if self._active:
            yield (
                INSERT,
                columns(
                    (
                        part_id(instance, key),
                        element_id,
                        part_id(instance, scope + SCOPE_EXECUTION if scope else 0),
                        self._has(instance, key),
                    )
                    for (instance, key), (element_id, scope) in self._active.items()
                ),
            )

    def _has(self, instance_id: str, key: int) -> bool:
        return (instance_id, key) in self._with_execution

    def deletions(self) -> Iterable[Statement]:
        if self._left:
            yield DELETE, [self._left]

    projectors = {
        ElementActivated: activated,
        TokenHeld: held,
        SubscriptionOpened: waits,
        JobCreated: waits,
        VariablesSet: has_variables,
        UserTaskCreated: is_user_task,
        UserTaskCompleted: is_user_task,
        UserTaskCancelled: is_user_task,
        ExternalTaskCreated: is_external_task,
        ExternalTaskCompleted: is_external_task,
        ExternalTaskBpmnErrorRaised: is_external_task,
        ExternalTaskFailed: is_external_task,
        ExternalTaskCancelled: is_external_task,
        ElementCompleted: left,
        ElementTerminated: left,
    }
