"""When timers are due (BPMN page §8): ISO 8601 dates, durations and cycles, and cron expressions, read and refused as Camunda does.

All instants are epoch milliseconds. A text without a zone is read as UTC: the same on every server.
"""

from __future__ import annotations

from datetime import UTC, datetime

from domain.calendar.cron import next_date
from domain.calendar.failure import Unreadable
from domain.calendar.instants import read_instant
from domain.calendar.intervals import Interval, add, read_period
from domain.refusals import ExecutionFailed

__all__ = ["Interval", "Unreadable", "anchored", "due_date", "due_duration", "next_of_cycle"]


def due_date(text: str, now: int) -> int:
    """The instant of a `timeDate`; a duration counts from now."""
    try:
        return add(now, read_period(text)) if text.startswith("P") else read_instant(text)
    except Unreadable as why:
        raise _no_date(text, why) from None


def due_duration(text: str, now: int) -> int | None:
    """The instant of a `timeDuration`."""
    try:
        return Interval.read(text, now).after(now)
    except Unreadable as why:
        raise _no_date(text, why) from None


def next_of_cycle(text: str, now: int, offset: int = 0) -> int | None:
    """The first date of a `timeCycle` after now, all its dates moved by `offset`; None when there is none any more."""
    try:
        if text.startswith("R"):
            return Interval.read(text, now).after(now, offset)
        return next_date(text, now)
    except Unreadable as why:
        raise ExecutionFailed(f"ENGINE-09026 Exception while parsing cycle expression '{text}': {why}") from None


def anchored(text: str, now: int) -> str:
    """A cycle as it is kept for its later dates: one that begins now gets to know when that was, in whole seconds."""
    parts = text.split("/")
    if not text.startswith("R") or len(parts) != 2:
        return text
    return f"{parts[0]}/{_written(now)}/{parts[1]}"


def _written(instant: int) -> str:
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _no_date(text: str, why: Unreadable) -> ExecutionFailed:
    return ExecutionFailed(f"ENGINE-09027 Exception while resolving duedate '{text}': {why}")
