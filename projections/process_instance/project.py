"""Rows of `process_instance` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import ProcessInstanceEnded, ProcessInstanceResumed, ProcessInstanceStarted, ProcessInstanceSuspended, Recorded
from projections.rows import ReadModel, Statement, columns

# Purpose: instances that began.
INSERT = """
INSERT INTO process_instance (id, definition_id, definition_key, business_key, tenant_id, start_time)
SELECT id, definition, (SELECT d.key FROM process_definition d WHERE d.id = c.definition), business_key, tenant, at
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::bigint[]) c(id, definition, business_key, tenant, at)
"""
# Purpose: instances that were suspended or resumed.
SUSPEND = """
UPDATE process_instance SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended)
WHERE process_instance.id = c.id
"""
# Purpose: instances that ended.
DELETE = "DELETE FROM process_instance WHERE id = ANY(%b::uuid[])"


class ProcessInstances(ReadModel):
    def __init__(self) -> None:
        self._started: list[tuple[object, ...]] = []
        self._suspended: list[tuple[str, bool]] = []
        self._ended: list[str] = []

    def started(self, record: Recorded, fact: ProcessInstanceStarted) -> None:
        self._started.append((record.originator_id, fact.definition_id, fact.business_key, fact.tenant_id, record.envelope.at))

    def suspended(self, record: Recorded, fact: ProcessInstanceSuspended | ProcessInstanceResumed) -> None:
        self._suspended.append((record.originator_id, isinstance(fact, ProcessInstanceSuspended)))

    def ended(self, record: Recorded, fact: ProcessInstanceEnded) -> None:
        self._ended.append(record.originator_id)

    def inserts(self) -> Iterable[Statement]:
        if self._started:
            yield INSERT, columns(self._started)

    def updates(self) -> Iterable[Statement]:
        if self._suspended:
            yield SUSPEND, columns(self._suspended)

    def deletions(self) -> Iterable[Statement]:
        if self._ended:
            yield DELETE, [self._ended]

    projectors = {
        ProcessInstanceStarted: started,
        ProcessInstanceSuspended: suspended,
        ProcessInstanceResumed: suspended,
        ProcessInstanceEnded: ended,
    }
