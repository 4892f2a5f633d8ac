"""What every model of history is: one table, the facts that it tells of, and what a batch of them changes in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import msgspec

from domain.facts import Fact
from projections.history.log import Logged
from projections.rows import Statement

K = TypeVar("K")
R = TypeVar("R", bound=msgspec.Struct)
HistoryProjector: TypeAlias = Callable[[Any, Logged, Any, Any], None]
"""Takes a model, a fact at its place, the fact itself, and its instance as it was before; None for one that does not run."""


class HistoryModel(Generic[K, R]):
    """Gathers what a batch of facts changes. A row that the batch makes is changed in place, others by a statement."""

    name: ClassVar[str]
    """As `gesta rebuild` names it."""
    table: ClassVar[str]
    row: ClassVar[type[msgspec.Struct]]
    """A row; its fields are the table's columns."""
    projectors: ClassVar[Mapping[type[Fact], HistoryProjector]]

    def __init__(self) -> None:
        self.new: dict[K, R] = {}
        """Rows that the batch makes, by whatever finds them again."""

    def updates(self) -> Iterable[Statement]:
        """What the batch changes in rows that were there before."""
        return ()

    def deletions(self) -> Iterable[Statement]:
        return ()
