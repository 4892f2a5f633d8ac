"""Rows of `history_incident` from facts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.facts import IncidentAnnotated, IncidentDeleted, IncidentRaised, IncidentResolved
from domain.state import SCOPE_EXECUTION
from projections.history.instances import Instance
from projections.history.log import Logged
from projections.history.model import HistoryModel
from projections.rows import Statement, columns

# Purpose: incidents that are over.
CLOSE = """
UPDATE history_incident n SET end_time = c.end_time, state = c.state
FROM unnest(%b::uuid[], %b::integer[], %b::bigint[], %b::smallint[]) c(instance_id, key, end_time, state)
WHERE n.instance_id = c.instance_id AND n.key = c.key
"""
# Purpose: annotations.
ANNOTATE = """
UPDATE history_incident n SET annotation = c.annotation FROM unnest(%b::uuid[], %b::integer[], %b::text[]) c(instance_id, key, annotation)
WHERE n.instance_id = c.instance_id AND n.key = c.key
"""

OPEN, RESOLVED, DELETED = range(3)


class IncidentRow(msgspec.Struct, gc=False):
    instance_id: str
    key: int
    execution: int
    incident_type: str
    activity_id: str
    configuration: str | None
    history_configuration: int | None
    message: str | None
    create_time: int
    end_time: int | None = None
    state: int = OPEN
    annotation: str | None = None
    failed_activity_id: str | None = None
    job_definition_id: str | None = None


class Incidents(HistoryModel[tuple[str, int], IncidentRow]):
    name = "incident"
    table = "history_incident"
    row = IncidentRow

    def __init__(self) -> None:
        super().__init__()
        self._closed: dict[tuple[str, int], tuple[int, int]] = {}
        self._annotated: dict[tuple[str, int], str | None] = {}

    def raised(self, record: Logged, fact: IncidentRaised, instance: Instance) -> None:
        task = instance.tasks.get(fact.element_key)
        self.new[instance.id, fact.key] = IncidentRow(
            instance.id,
            fact.key,
            fact.element_key + SCOPE_EXECUTION if fact.execution is None else fact.execution,
            fact.incident_type,
            fact.element_id,
            fact.configuration,
            task.failed if task and not fact.of else None,
            fact.message,
            record.at,
            failed_activity_id=fact.failed_element_id,
            job_definition_id=fact.job_definition_id,
        )

    def resolved(self, record: Logged, fact: IncidentResolved, instance: Instance) -> None:
        self._close(record, fact.key, RESOLVED)

    def deleted(self, record: Logged, fact: IncidentDeleted, instance: Instance) -> None:
        self._close(record, fact.key, DELETED)

    def _close(self, record: Logged, key: int, state: int) -> None:
        row = self.new.get((record.instance_id, key))
        if row is None:
            self._closed[record.instance_id, key] = record.at, state
        else:
            row.end_time, row.state = record.at, state

    def annotated(self, record: Logged, fact: IncidentAnnotated, instance: Instance) -> None:
        row = self.new.get((record.instance_id, fact.key))
        if row is None:
            self._annotated[record.instance_id, fact.key] = fact.annotation
        else:
            row.annotation = fact.annotation

    def updates(self) -> Iterable[Statement]:
        if self._closed:
            yield CLOSE, columns((*place, *end) for place, end in self._closed.items())
        if self._annotated:
            yield ANNOTATE, columns((*place, annotation) for place, annotation in self._annotated.items())

    projectors = {
        IncidentRaised: raised,
        IncidentResolved: resolved,
        IncidentDeleted: deleted,
        IncidentAnnotated: annotated,
    }
