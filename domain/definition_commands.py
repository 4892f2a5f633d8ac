"""Commands about process definitions."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class SuspendProcessDefinitions(msgspec.Struct, frozen=True):
    """Suspend or resume definitions, given by their ids, or all versions of the process `key`; now, or at `due` (epoch ms)."""

    suspended: bool
    ids: tuple[str, ...] = ()
    key: str | None = None
    include_instances: bool = False
    due: int | None = None


class SetHistoryTimeToLive(msgspec.Struct, frozen=True):
    """`days` None: history keeps everything."""

    definition_id: str
    days: int | None


class DeleteProcessDefinitions(msgspec.Struct, frozen=True):
    """Delete definitions; with `cascade` their running instances and what history tells of past ones too."""

    ids: tuple[str, ...]
    cascade: bool = False
    skip_io_mappings: bool = False


DefinitionCommand: TypeAlias = SuspendProcessDefinitions | SetHistoryTimeToLive | DeleteProcessDefinitions
