"""Rows of `deployment` and `deployment_resource` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import DeploymentCreated, DeploymentDeleted, Recorded
from domain.ids import part_id
from projections.rows import ReadModel, Statement, columns

# Purpose: deployments that were created.
INSERT = """
INSERT INTO deployment (id, name, source, tenant_id, deploy_time)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::bigint[])
"""
# Purpose: their files.
INSERT_RESOURCES = """
INSERT INTO deployment_resource (id, deployment_id, name, sha256) SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::text[], %b::bytea[])
"""
# Purpose: deployments that were deleted. Contents stay in the blob table: facts name them.
DELETE = "DELETE FROM deployment WHERE id = ANY(%b::uuid[])"
DELETE_RESOURCES = "DELETE FROM deployment_resource WHERE deployment_id = ANY(%b::uuid[])"


class Deployments(ReadModel):
    def __init__(self) -> None:
        self._created: list[tuple[object, ...]] = []
        self._resources: list[tuple[object, ...]] = []
        self._deleted: list[str] = []

    def created(self, record: Recorded, fact: DeploymentCreated) -> None:
        deployment_id = record.originator_id
        self._created.append((deployment_id, fact.name, fact.source, fact.tenant_id, record.envelope.at))
        self._resources += [(part_id(deployment_id, r.ordinal), deployment_id, r.name, r.sha256) for r in fact.resources]

    def deleted(self, record: Recorded, fact: DeploymentDeleted) -> None:
        self._deleted.append(record.originator_id)

    def inserts(self) -> Iterable[Statement]:
        if self._created:
            yield INSERT, columns(self._created)
        if self._resources:
            yield INSERT_RESOURCES, columns(self._resources)

    def deletions(self) -> Iterable[Statement]:
        if self._deleted:
            yield DELETE_RESOURCES, [self._deleted]
            yield DELETE, [self._deleted]

    projectors = {DeploymentCreated: created, DeploymentDeleted: deleted}
