"""What clients were told: the acknowledged answers that nothing may take back."""

from __future__ import annotations

import threading

from tests.acceptance.faults.outlet import PATIENCE


class Ledger:
    """Written by all clients at once."""

    def __init__(self) -> None:
        self.started: dict[str, str] = {}
        """Instances by the command that started them."""
        self.completed: dict[str, str] = {}
        """By task the command that completed it."""
        self.refused: set[str] = set()
        """Commands of which it is known that they completed nothing."""
        self.strange: list[str] = []
        """Answers that no client should ever see."""
        self.closed = threading.Event()
        self._entries = 0
        self._grown = threading.Condition()

    def start(self, command: str, instance: str) -> None:
        """A start was acknowledged."""
        self.started[command] = instance
        self._note()

    def complete(self, command: str, task: str) -> None:
        """A completion was acknowledged."""
        self.completed[task] = command
        self._note()

    def grow(self, entries: int) -> None:
        """Wait until so many more answers were acknowledged."""
        with self._grown:
            enough = self._entries + entries
            assert self._grown.wait_for(lambda: self._entries >= enough, PATIENCE), f"nothing goes on: {self.strange[:3]}"

    def _note(self) -> None:
        with self._grown:
            self._entries += 1
            self._grown.notify_all()
