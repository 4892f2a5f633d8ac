"""What a command that succeeded tells its sender."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.elements import ProcessDefinition
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


Outcome: TypeAlias = InstanceStarted | Deployed | None
