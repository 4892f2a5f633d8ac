"""Rows of `job_definition` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import JobDefinitionsSuspended, ProcessDefinitionDeleted, ProcessDefinitionDeployed, Recorded
from domain.ids import definition_id
from domain.job_definitions import job_definition_id, kind_of
from projections.rows import ReadModel, Statement, columns

# Purpose: job definitions of models that were deployed.
INSERT = """
INSERT INTO job_definition (id, definition_id, definition_key, activity_id, job_type, configuration, deployment_id, tenant_id)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::uuid[], %b::text[])
"""
# Purpose: job definitions that were suspended or resumed.
SUSPEND = """
UPDATE job_definition d SET suspended = c.suspended FROM unnest(%b::uuid[], %b::boolean[]) c(id, suspended) WHERE d.id = c.id
"""
# Purpose: job definitions of definitions that were deleted.
DELETE = "DELETE FROM job_definition WHERE definition_id = ANY(%b::text[])"


class JobDefinitions(ReadModel):
    def __init__(self) -> None:
        self._deployed: list[tuple[object, ...]] = []
        self._suspended: dict[str, bool] = {}
        self._deleted: list[str] = []

    def deployed(self, record: Recorded, fact: ProcessDefinitionDeployed) -> None:
        definition = definition_id(fact.key, fact.version, record.originator_id)
        for found in fact.job_definitions:
            id = job_definition_id(definition, found.element_id, kind_of(found))
            self._deployed.append(
                (id, definition, fact.key, found.element_id, found.handler, found.configuration, fact.deployment_id, fact.tenant_id)
            )

    def suspended(self, record: Recorded, fact: JobDefinitionsSuspended) -> None:
        self._suspended.update(dict.fromkeys(fact.ids, fact.suspended))

    def deleted(self, record: Recorded, fact: ProcessDefinitionDeleted) -> None:
        self._deleted.append(fact.definition_id)

    def inserts(self) -> Iterable[Statement]:
        if self._deployed:
            yield INSERT, columns(self._deployed)

    def updates(self) -> Iterable[Statement]:
        if self._suspended:
            yield SUSPEND, columns(self._suspended.items())

    def deletions(self) -> Iterable[Statement]:
        if self._deleted:
            yield DELETE, [self._deleted]

    projectors = {ProcessDefinitionDeployed: deployed, JobDefinitionsSuspended: suspended, ProcessDefinitionDeleted: deleted}
