"""Signals inside one instance: every subscription of the name has it, in the order in which they were opened."""

from __future__ import annotations

from domain.decision import Decision
from domain.triggering import deliver
from domain.values import Variables
from domain.waiting import SIGNAL


def receive(decision: Decision, name: str, variables: Variables, holder: int | None = None) -> None:
    """Let a signal reach whoever waits for it; with `holder`, that element instance alone. Some may stop waiting while others have it."""
    for key in receivers(decision, name, holder):
        if key in decision.state.subscriptions:
            deliver(decision, key, variables, {}, {})


def receivers(decision: Decision, name: str, holder: int | None = None) -> list[int]:
    """The open subscriptions for a signal."""
    keys = sorted(decision.state.awaited.get((SIGNAL, name), ()))
    return [key for key in keys if holder is None or decision.state.subscriptions[key].holder == holder]
