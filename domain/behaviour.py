"""What most elements do: become active when a token arrives, leave along all open flows, take nothing back."""

from __future__ import annotations

from domain.decision import Decision
from domain.flow import enter, leave


class ElementBehaviour:
    def arrive(self, decision: Decision, key: int) -> None:
        enter(decision, key)

    def activate(self, decision: Decision, key: int) -> None:
        """Wait."""

    def complete(self, decision: Decision, key: int) -> None:
        leave(decision, key)

    def terminate(self, decision: Decision, key: int) -> None:
        """Nothing was opened."""
