"""Counts what the workers do, and tells when everything has happened."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Literal

from api.demo.orders import Outcome
from api.demo.refusal import DemoFailed
from gesta_client import ExternalTask

Happening = Literal["completed", "failed", "errors"]


class Tally:
    """What has happened, against what is expected; `watch` is called after each happening."""

    def __init__(self, expected: Outcome, watch: Callable[[Happening], None]) -> None:
        self.expected = expected
        self.counts: Counter[Happening] = Counter()
        self.telling_task: str | None = None
        self._watch = watch
        self._all = asyncio.Event()

    def count(self, happening: Happening, task: ExternalTask) -> None:
        """Count; the first task that failed, or else the first of all, is the one whose history is shown."""
        if self.telling_task is None or (happening == "failed" and not self.counts["failed"]):
            self.telling_task = task.id
        self.counts[happening] += 1
        self._watch(happening)
        if all(self.counts[name] >= number for name, number in self._numbers().items()):
            self._all.set()

    async def everything(self, patience: float) -> None:
        """Wait until all has happened. Raise DemoFailed when nothing happens for `patience` seconds."""
        while not self._all.is_set():
            before = self.counts.total()
            try:
                await asyncio.wait_for(self._all.wait(), patience)
            except TimeoutError:
                if self.counts.total() == before:
                    raise DemoFailed(f"nothing has happened for {patience:.0f} s; {self.missing()}") from None

    def missing(self) -> str:
        """Done against expected, for a message."""
        return ", ".join(f"{self.counts[name]} of {number} {name}" for name, number in self._numbers().items())

    def _numbers(self) -> dict[Happening, int]:
        return {"completed": self.expected.completed, "failed": self.expected.failed, "errors": self.expected.errors}
