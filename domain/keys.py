"""Indexes as persistent maps: the keys that stand under each entry, and no entry without keys."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias, TypeVar

from immutables import Map

Keys: TypeAlias = Map[int, None]
NO_KEYS: Keys = Map()

K = TypeVar("K", bound=Hashable)


def with_key(index: Map[K, Keys], at: K, key: int) -> Map[K, Keys]:
    return index.set(at, index.get(at, NO_KEYS).set(key, None))


def without_key(index: Map[K, Keys], at: K, key: int) -> Map[K, Keys]:
    rest = index[at].delete(key)
    return index.set(at, rest) if rest else index.delete(at)
