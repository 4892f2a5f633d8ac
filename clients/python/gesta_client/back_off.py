"""How long to wait before the next attempt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackOff:
    """Waiting times that grow by `factor` from `first` to `most` seconds, each shortened at random by up to the part `jitter`."""

    first: float = 0.1
    factor: float = 2.0
    most: float = 30.0
    jitter: float = 0.2

    def delays(self) -> Iterator[float]:
        """Waiting times in seconds, without end."""
        delay = self.first
        while True:
            yield min(delay, self.most) * (1 - self.jitter * random.random())
            delay = min(delay * self.factor, self.most)
