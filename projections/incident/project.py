"""Rows of `incident` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import IncidentAnnotated, IncidentDeleted, IncidentRaised, IncidentResolved, Recorded
from domain.ids import part_id
from domain.state import SCOPE_EXECUTION
from projections.rows import ReadModel, Statement, columns

# Purpose: incidents that were raised.
INSERT = """
INSERT INTO incident (id, incident_type, timestamp, process_instance_id, execution_id, activity_id, definition_id, definition_key,
    configuration, message, tenant_id, failed_activity_id, job_definition_id)
SELECT id, type, at, instance, execution, activity, definition,
    (SELECT d.key FROM process_definition d WHERE d.id = c.definition), configuration, message, tenant, failed, job_definition
FROM unnest(%b::uuid[], %b::text[], %b::bigint[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::uuid[])
    c(id, type, at, instance, execution, activity, definition, configuration, message, tenant, failed, job_definition)
"""
# Purpose: annotations.
ANNOTATE = """
UPDATE incident SET annotation = c.annotation FROM unnest(%b::uuid[], %b::text[]) c(id, annotation) WHERE incident.id = c.id
"""
# Purpose: incidents that were resolved or deleted.
DELETE = "DELETE FROM incident WHERE id = ANY(%b::uuid[])"


class Incidents(ReadModel):
    def __init__(self) -> None:
        self._raised: list[tuple[object, ...]] = []
        self._annotated: list[tuple[object, ...]] = []
        self._closed: list[str] = []

    def raised(self, record: Recorded, fact: IncidentRaised) -> None:
        instance_id = record.originator_id
        self._raised.append(
            (
                part_id(instance_id, fact.key),
                fact.incident_type,
                record.envelope.at,
                instance_id if fact.element_key else None,
                part_id(instance_id, _execution(fact)) if fact.element_key else None,
                fact.element_id or None,
                fact.definition_id or None,
                fact.configuration,
                fact.message,
                fact.tenant_id,
                fact.failed_element_id,
                fact.job_definition_id,
            )
        )

    def annotated(self, record: Recorded, fact: IncidentAnnotated) -> None:
        self._annotated.append((part_id(record.originator_id, fact.key), fact.annotation))

    def closed(self, record: Recorded, fact: IncidentResolved | IncidentDeleted) -> None:
        self._closed.append(part_id(record.originator_id, fact.key))

    def inserts(self) -> Iterable[Statement]:
        if self._raised:
            yield INSERT, columns(self._raised)

    def updates(self) -> Iterable[Statement]:
        if self._annotated:
            yield ANNOTATE, columns(self._annotated)

    def deletions(self) -> Iterable[Statement]:
        if self._closed:
            yield DELETE, [self._closed]

    projectors = {
        IncidentRaised: raised,
        IncidentAnnotated: annotated,
        IncidentResolved: closed,
        IncidentDeleted: closed,
    }


def _execution(fact: IncidentRaised) -> int:
    return fact.element_key + SCOPE_EXECUTION if fact.execution is None else fact.execution
