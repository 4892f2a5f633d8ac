"""One evaluation under way: what it sees of the engine, and how much work it may still do."""

from __future__ import annotations

from typing import Protocol

from domain.expressions.conversion import from_value
from domain.expressions.failures import TooMuchWork
from domain.expressions.objects import Bean
from domain.values import Value

WORK_MAX = 3_000_000
"""Characters, list elements and regular expression steps that one evaluation may touch."""
TEXT_MAX = 1_000_000
"""Characters of any text that an evaluation makes."""


class Context(Protocol):
    """What an expression can see."""

    now: int
    """Epoch milliseconds of the command."""
    authenticated_user: str | None

    def variable(self, name: str) -> Value | None:
        """Return the variable of the nearest scope, None when there is none."""

    def bean(self, name: str) -> Bean | None:
        """Return an object of the engine, such as `execution`."""


class Evaluation:
    """A context and what is left of the work that one evaluation may do."""

    __slots__ = ("_opened", "context", "work_left")

    def __init__(self, context: Context) -> None:
        self.context = context
        self._opened: dict[str, object] | None = None
        self.work_left = WORK_MAX

    def open(self, name: str, value: Value) -> object:
        """Return what is seen of a variable that is costly to look into: the same object each time."""
        if self._opened is None:
            self._opened = {}
        if name not in self._opened:
            self._opened[name] = from_value(value)
        return self._opened[name]

    def spend(self, work: int) -> None:
        """Take `work` from what is left, refusing when nothing is."""
        self.work_left -= work
        if self.work_left < 0:
            raise TooMuchWork("takes too many steps")


def bounded(length: int) -> None:
    """Refuse a text that would be longer than an evaluation may make."""
    if length > TEXT_MAX:
        raise TooMuchWork(f"makes a text of {length} characters; at most {TEXT_MAX} are allowed")
