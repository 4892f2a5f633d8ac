"""The orders of the demonstration: what happens to each follows from its number, so that the outcome is known beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ATTEMPTS = 3
LARGE = 400.0


@dataclass(frozen=True, slots=True)
class Order:
    """An order by its number, from 1 up."""

    number: int

    @property
    def amount(self) -> float:
        """Between 50 and 649; above LARGE (as in order.bpmn) it needs approval."""
        return float(50 + self.number * 37 % 600)

    @property
    def is_invalid(self) -> bool:
        """One in twenty: a BPMN error that the boundary event catches."""
        return self.number % 20 == 3

    @property
    def card_fails_once(self) -> bool:
        """One in ten: the first attempt to charge the card fails."""
        return self.number % 10 == 5

    @property
    def is_out_of_stock(self) -> bool:
        """One in fifty: no attempt to reserve succeeds, and an incident is left."""
        return self.number % 50 == 7

    def variables(self) -> dict[str, Any]:
        """What the process instance starts with."""
        items = [{"article": f"A-{self.number % 9}", "quantity": 1 + self.number % 3}]
        return {"number": self.number, "amount": self.amount, "items": items, "ordered": datetime.now(UTC), "express": self.number % 4 == 0}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often each thing is to happen, and how many process instances are left, each with one open task and one incident."""

    completed: int
    failed: int
    errors: int
    left: int


def outcome(orders: Iterable[Order]) -> Outcome:
    """What is to come of the orders."""
    each = [outcome_of(order) for order in orders]
    return Outcome(
        completed=sum(one.completed for one in each),
        failed=sum(one.failed for one in each),
        errors=sum(one.errors for one in each),
        left=sum(one.left for one in each),
    )


def outcome_of(order: Order) -> Outcome:
    """What is to come of one order."""
    if order.is_invalid:
        return Outcome(completed=1, failed=0, errors=1, left=0)
    before = 3 if order.amount > LARGE else 2
    if order.is_out_of_stock:
        return Outcome(completed=before, failed=ATTEMPTS, errors=0, left=1)
    return Outcome(completed=before + 2, failed=int(order.card_fails_once), errors=0, left=0)
