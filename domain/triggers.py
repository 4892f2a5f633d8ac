"""What events wait for, and what they pass on."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from domain.expressions import Expression


class MessageTrigger(msgspec.Struct, frozen=True):
    """A message of that name; the name of a start event's message is a literal."""

    name: Expression


class SignalTrigger(msgspec.Struct, frozen=True):
    """A signal of that name, whoever throws it."""

    name: Expression


class TimerTrigger(msgspec.Struct, frozen=True):
    """A time: a Date, or a text that holds a date, a duration, a cycle or, as a cycle too, a cron expression."""

    kind: Literal["DATE", "DURATION", "CYCLE"]
    time: Expression


Trigger: TypeAlias = MessageTrigger | SignalTrigger | TimerTrigger
"""What an event waits for."""


class VariablePassed(msgspec.Struct, frozen=True):
    """One `camunda:in`: a variable under another name, the value of an expression, or with neither all variables that are seen."""

    target: str | None = None
    source: str | None = None
    expression: Expression | None = None
    local: bool = False
    """Only the scope's own variables."""
