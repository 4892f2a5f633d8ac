"""What every fact is, and the register that finds a fact's class by its stored name."""

from __future__ import annotations

from typing import ClassVar, TypeVar

import msgspec

F = TypeVar("F", bound="type[Fact]")


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """Something that happened to one aggregate. Fields are only ever added, at the end and with a default.

    A fact is stored as its class's name and `schema_version`, never under an import path. A *cause* holds the whole input of the
    command that left it; the facts after it, until the next cause, are its consequences.
    """

    schema_version: ClassVar[int] = 1
    is_cause: ClassVar[bool] = False


FACTS: dict[str, type[Fact]] = {}
"""Every fact by its bare, stable name."""


def fact(cls: F) -> F:
    """Register a consequence under its class's name."""
    FACTS[cls.__name__] = cls
    return cls


def cause(cls: F) -> F:
    """Register a fact that holds a command's whole input."""
    cls.is_cause = True
    return fact(cls)


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """What is known of every fact besides itself: when (epoch ms, UTC), by which command, by whom (None: nobody said)."""

    at: int
    command_id: str
    actor: str | None = None


class Recorded(msgspec.Struct, frozen=True):
    """A fact in its stream: `originator_id` names the aggregate, versions count from 1 without gaps."""

    originator_id: str
    originator_version: int
    envelope: Envelope
    fact: Fact
    notification_id: int = 0
    """Its place in the log of everything; 0 while it is not stored."""
