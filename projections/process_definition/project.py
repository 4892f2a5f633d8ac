"""Rows of `process_definition` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import (
    HistoryTimeToLiveSet,
    ProcessDefinitionDeleted,
    ProcessDefinitionDeployed,
    ProcessDefinitionResumed,
    ProcessDefinitionSuspended,
    Recorded,
)
from domain.ids import definition_id
from projections.rows import ReadModel, Statement, columns

# Purpose: definitions that were deployed.
INSERT = """
INSERT INTO process_definition (id, deployment_id, key, version, resource, name, category, description, version_tag,
    history_time_to_live, startable_in_tasklist, tenant_id)
SELECT * FROM unnest(%b::text[], %b::uuid[], %b::text[], %b::integer[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::integer[], %b::boolean[], %b::text[])
"""
# Purpose: definitions that were suspended or resumed.
SUSPEND = """
UPDATE process_definition d SET suspended = c.suspended FROM unnest(%b::text[], %b::boolean[]) c(id, suspended) WHERE d.id = c.id
"""
# Purpose: how long history keeps what ends.
TIME_TO_LIVE = """
UPDATE process_definition d SET history_time_to_live = c.days FROM unnest(%b::text[], %b::integer[]) c(id, days) WHERE d.id = c.id
"""
# Purpose: definitions that were deleted.
DELETE = "DELETE FROM process_definition WHERE id = ANY(%b::text[])"


class ProcessDefinitions(ReadModel):
    def __init__(self) -> None:
        self._deployed: list[tuple[object, ...]] = []
        self._suspended: dict[str, bool] = {}
        self._times_to_live: dict[str, int | None] = {}
        self._deleted: list[str] = []

    def deployed(self, record: Recorded, fact: ProcessDefinitionDeployed) -> None:
        self._deployed.append(
            (
                definition_id(fact.key, fact.version, record.originator_id),
                fact.deployment_id,
                fact.key,
                fact.version,
                fact.resource,
                fact.name,
                fact.category,
                fact.description,
                fact.version_tag,
                fact.history_time_to_live,
                fact.startable_in_tasklist,
                fact.tenant_id,
            )
        )

    def suspended(self, record: Recorded, fact: ProcessDefinitionSuspended | ProcessDefinitionResumed) -> None:
        self._suspended[fact.definition_id] = isinstance(fact, ProcessDefinitionSuspended)

    def time_to_live_set(self, record: Recorded, fact: HistoryTimeToLiveSet) -> None:
        self._times_to_live[fact.definition_id] = fact.days

    def deleted(self, record: Recorded, fact: ProcessDefinitionDeleted) -> None:
        self._deleted.append(fact.definition_id)

    def inserts(self) -> Iterable[Statement]:
        if self._deployed:
            yield INSERT, columns(self._deployed)

    def updates(self) -> Iterable[Statement]:
        if self._suspended:
            yield SUSPEND, columns(self._suspended.items())
        if self._times_to_live:
            yield TIME_TO_LIVE, columns(self._times_to_live.items())

    def deletions(self) -> Iterable[Statement]:
        if self._deleted:
            yield DELETE, [self._deleted]

    projectors = {
        ProcessDefinitionDeployed: deployed,
        ProcessDefinitionSuspended: suspended,
        ProcessDefinitionResumed: suspended,
        HistoryTimeToLiveSet: time_to_live_set,
        ProcessDefinitionDeleted: deleted,
    }
