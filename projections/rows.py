"""Rows to write: what a read model gathers from the facts of a transaction, as statements over arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from domain.facts import Fact, Recorded

Statement: TypeAlias = tuple[str, Sequence[object]]
Projector: TypeAlias = Callable[[Any, Recorded, Any], None]


class ReadModel:
    """Gathers the changes of one table. Subclasses name a projecting method per class of fact and turn what they gathered into SQL.

    Inserts run before updates, and these before deletions: whatever one transaction makes and ends is gone at its end.
    """

    projectors: ClassVar[Mapping[type[Fact], Projector]]

    def inserts(self) -> Iterable[Statement]:
        return ()

    def updates(self) -> Iterable[Statement]:
        return ()

    def deletions(self) -> Iterable[Statement]:
        return ()


def columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """Turn rows into the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
