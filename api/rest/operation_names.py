"""What operations are called: by Camunda's names under its own tags, and what Camunda does not have by gesta's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic.alias_generators import to_camel

_PLACEHOLDER = re.compile(r"{(\w[\w-]*)}")


class OperationName(NamedTuple):
    """Where an operation stands in the API's description."""

    tag: str
    path: str
    """As Camunda writes it, below the API's root: its placeholders may have other names than the route's."""
    name: str


def shape(path: str) -> str:
    """A path whatever its placeholders are called."""
    return _PLACEHOLDER.sub("{}", path)


def placeholders(path: str) -> list[str]:
    """The names of a path's placeholders, in order."""
    return _PLACEHOLDER.findall(path)


@cache
def camunda_names() -> Mapping[tuple[str, str], OperationName]:
    """Camunda's operations by verb and shape of the path."""
    names: dict[tuple[str, str], OperationName] = {}
    tag = ""
    for line in files(__package__).joinpath("operations.txt").read_text().splitlines():
        if line.startswith("    "):
            verb, path, name = line.split()
            names[verb, shape(path)] = OperationName(tag, path, name)
        elif not line.startswith("#"):
            tag = line
    return names


def own_name(function: str) -> str:
    """The name of an operation that Camunda does not have: its function's."""
    return to_camel(function)
