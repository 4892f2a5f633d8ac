"""The part of JsonPath that expressions may use: members, indexes, `[*]`, `.*` and one `..name`; no filters, no slices."""

from __future__ import annotations

import re
from collections.abc import Iterator

STEP = re.compile(
    r"""
      \.\.(?P<deep>[\w-]+)
    | \.(?P<member>[\w-]+)
    | \['(?P<quoted>[^']*)'\]
    | \["(?P<double>[^"]*)"\]
    | \[(?P<index>-?[0-9]{1,9})\]
    | (?P<all>\[\*\]|\.\*)
    """,
    re.VERBOSE,
)

INDEFINITE = frozenset(("deep", "all"))


class PathNotCompiled(Exception):
    """The text is no path, or of a form that is not allowed here."""


class PathNotFound(Exception):
    """A definite path leads nowhere."""


class JsonPath:
    """A compiled path. `definite` paths name one node, others a list."""

    def __init__(self, text: str) -> None:
        path = text if text.startswith("$") else f"$.{text}"
        self.steps: list[tuple[str, str]] = []
        position = 1
        while position < len(path):
            found = STEP.match(path, position)
            if found is None:
                raise PathNotCompiled(text)
            kind = found.lastgroup or ""
            self.steps.append((kind, found[kind]))
            position = found.end()
        if sum(kind == "deep" for kind, _ in self.steps) > 1:
            raise PathNotCompiled(text)
        self.definite = not any(kind in INDEFINITE for kind, _ in self.steps)

    def find(self, root: object) -> list[object]:
        """Return the nodes that the path leads to, raising PathNotFound where a definite path breaks off."""
        nodes, definite = [root], True
        for kind, name in self.steps:
            nodes = [found for node in nodes for found in _step(node, kind, name)]
            definite = definite and kind not in INDEFINITE
            if definite and not nodes:
                raise PathNotFound(name)
        return nodes


def _step(node: object, kind: str, name: str) -> Iterator[object]:
    if kind == "deep":
        yield from _everywhere(node, name)
    elif kind == "all":
        yield from _children(node)
    elif kind == "index":
        if isinstance(node, list) and -len(node) <= int(name) < len(node):
            yield node[int(name)]
    elif isinstance(node, dict) and name in node:
        yield node[name]


def _children(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _everywhere(node: object, name: str) -> Iterator[object]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict) and name in here:
            yield here[name]
        waiting.extend(reversed(list(_children(here))))
