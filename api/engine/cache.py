"""What the engine remembers between batches: states of instances, and tasks that this process has locked. The oldest go first.

A remembered state may be behind the store, never ahead. Writing on it then meets a version conflict, and a refusal decided on it is
decided again on a fresh one before anybody hears of it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Keeps items up to a total weight; the newest one whatever it weighs."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._weight = 0
        self._items: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, key: str) -> T | None:
        found = self._items.get(key)
        if found is None:
            return None
        self._items.move_to_end(key)
        return found[0]

    def put(self, key: str, item: T, weight: int = 1) -> None:
        self.drop(key)
        self._items[key] = item, weight
        self._weight += weight
        while self._weight > self._capacity and len(self._items) > 1:
            self._weight -= self._items.popitem(last=False)[1][1]

    def drop(self, key: str) -> None:
        found = self._items.pop(key, None)
        if found is not None:
            self._weight -= found[1]
