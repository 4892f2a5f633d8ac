"""The shape of what a scenario leaves: one step for each recorded call."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

Json: TypeAlias = Any
"""A parsed JSON value, or the text of an answer that is not JSON, or None."""

Unordered: TypeAlias = bool | Literal["deep"]
"""Whether the order of a returned list does not count; "deep": nor that of lists inside."""


class RecordedStep(TypedDict):
    """A call as it happened."""

    call: str
    request: Json
    status: int
    headers: dict[str, str]
    unordered: Unordered
    body: Json


class Step(TypedDict):
    """A call with placeholders for what differs from run to run: what golden files hold."""

    call: str
    request: Json
    status: int
    headers: dict[str, str]
    body: Json


Trace: TypeAlias = list[Step]
