"""How deeply JSON values may be nested: whatever reads or writes one goes down into it, level by level."""

from __future__ import annotations

from typing import Any

DEEPEST = 200
"""Levels of objects and lists within each other."""


def is_too_deep(value: Any) -> bool:
    """Tell whether a JSON value has more levels than that."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [item for item in level if type(item) in (dict, list)]
        if not level:
            return False
        level = [inner for outer in level for inner in (outer.values() if type(outer) is dict else outer)]
    return True
