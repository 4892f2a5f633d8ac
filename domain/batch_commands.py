"""Commands about batches."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.operations import Operation


class CreateBatch(msgspec.Struct, frozen=True):
    """Do something to each of some items, in the background."""

    operation: Operation
    items: tuple[str, ...]


class SuspendBatch(msgspec.Struct, frozen=True):
    batch_id: str
    suspended: bool
    """False resumes it."""


class DeleteBatch(msgspec.Struct, frozen=True):
    """Give up a batch that has not ended; with `cascade` history forgets it too."""

    batch_id: str
    cascade: bool = False


class DeleteBatchHistory(msgspec.Struct, frozen=True):
    """Take a batch out of history."""

    batch_id: str


BatchCommand: TypeAlias = CreateBatch | SuspendBatch | DeleteBatch | DeleteBatchHistory
