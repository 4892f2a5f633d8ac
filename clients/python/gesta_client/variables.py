"""The variables of a fetched task: Python values by name, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gesta_client.decoding import decoded
from gesta_client.typed import Typed


class UnreadableVariable(ValueError):
    """A variable's value does not have the form of its type; `Variables.typed` gives it as it came."""


class Variables(Mapping[str, Any]):
    """Read-only variables: `variables["amount"]` is a Python value, `variables.typed("amount")` the value with its type as it came.

    One that cannot be read (broken JSON, say) raises UnreadableVariable when it is asked for, and does not disturb the others.
    """

    def __init__(self, typed: Mapping[str, Typed]) -> None:
        self._typed = dict(typed)

    @classmethod
    def received(cls, wire: Mapping[str, Mapping[str, Any]] | None) -> Variables:
        """Take over `{"name": {"value", "type", "valueInfo"}}`; None is no variables."""
        return cls({name: Typed(entry.get("value"), entry["type"], entry.get("valueInfo") or {}) for name, entry in (wire or {}).items()})

    def typed(self, name: str) -> Typed:
        """The variable with its type, unread. Raise KeyError when there is none of this name."""
        return self._typed[name]

    def __getitem__(self, name: str) -> Any:
        typed = self._typed[name]
        try:
            return decoded(typed)
        except (TypeError, ValueError) as error:
            raise UnreadableVariable(f"variable {name!r} is no {typed.type}: {error}") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._typed)

    def __len__(self) -> int:
        return len(self._typed)

    def __repr__(self) -> str:
        return f"Variables({self._typed!r})"
