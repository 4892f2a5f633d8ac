"""What a command that succeeded tells its sender."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.elements import ProcessDefinition
from domain.refusals import ExecutionFailed
from domain.values import Value


class InstanceStarted(msgspec.Struct, frozen=True):
    id: str
    definition_id: str
    definition_key: str
    business_key: str | None
    tenant_id: str | None
    ended: bool
    suspended: bool = False
    variables: dict[str, Value] = {}
    """Of the instance's own scope as they stand, or stood at its end; transient ones of the start included."""


class Deployed(msgspec.Struct, frozen=True):
    id: str
    name: str | None
    source: str | None
    deploy_time: int
    """Epoch ms, UTC."""
    tenant_id: str | None
    definitions: tuple[ProcessDefinition, ...]
    """New ones only; empty when a duplicate was filtered."""


class ExecutionReached(msgspec.Struct, frozen=True):
    """An execution that a message reached, as it stands behind that: `ended` when it has moved on."""

    id: str
    instance_id: str
    tenant_id: str | None
    ended: bool
    variables: dict[str, Value] = {}


class Correlated(msgspec.Struct, frozen=True):
    """Whom a message reached, and what it started."""

    results: tuple[ExecutionReached | InstanceStarted, ...] = ()


class JobAttempted(msgspec.Struct, frozen=True):
    """A job was executed, or failed for this reason; the failure is recorded."""

    failure: ExecutionFailed | None = None


class BatchBegun(msgspec.Struct, frozen=True):
    id: str
    type: str
    items: int
    jobs_per_seed: int
    start_time: int
    """Epoch ms, UTC."""
    tenant_id: str | None
    create_user: str | None


class IncidentCreated(msgspec.Struct, frozen=True):
    id: str


Outcome: TypeAlias = InstanceStarted | Deployed | Correlated | JobAttempted | IncidentCreated | BatchBegun | None
