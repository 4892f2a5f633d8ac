"""Facts of deployments and of the process definitions they bring."""

from __future__ import annotations

import msgspec

from domain.facts.fact import Fact, cause, fact


class Resource(msgspec.Struct, frozen=True, array_like=True):
    """A deployed file; its content stands in the blob table under the SHA-256 of its bytes."""

    ordinal: int
    name: str
    sha256: bytes


@cause
class DeploymentCreated(Fact, frozen=True, array_like=True):
    name: str | None
    source: str | None
    tenant_id: str | None
    resources: tuple[Resource, ...]


@cause
class DeploymentDeleted(Fact, frozen=True, array_like=True):
    cascade: bool


@fact
class ProcessDefinitionDeployed(Fact, frozen=True, array_like=True):
    """A version of a process can be started. Its id is made of key, version and the stream's id (see `domain.ids`)."""

    deployment_id: str
    key: str
    version: int
    resource: str
    name: str | None = None
    category: str | None = None
    description: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    startable_in_tasklist: bool = True
    tenant_id: str | None = None


@fact
class ProcessDefinitionDeleted(Fact, frozen=True, array_like=True):
    definition_id: str
