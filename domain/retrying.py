"""When a failed job is tried again: `camunda:failedJobRetryTimeCycle`, such as `R5/PT5M` or `PT1M,PT5M` (BPMN page §2)."""

from __future__ import annotations

import msgspec

from domain.calendar import Interval, Unreadable
from domain.state import Job


class Attempt(msgspec.Struct, frozen=True):
    """How many attempts a job has left after a failure, and when the next one may come."""

    retries: int
    due: int | None


def next_attempt(job: Job, cycle: str | None, now: int) -> Attempt:
    """Take a failure into account. A cycle that cannot be read counts as none: one retry less, and no waiting."""
    intervals = [part.strip() for part in cycle.split(",")] if cycle else []
    retries = _first_retries(intervals, now) if job.message is None else job.retries
    if retries is None:
        return Attempt(max(job.retries - 1, 0), job.due)
    if not intervals:
        return Attempt(max(retries - 1, 0), job.due)
    number = max(0, min(len(intervals) - 1, len(intervals) - (retries - 1)))
    try:
        due = Interval.read(intervals[number], now).after(now)
    except Unreadable:
        due = job.due
    return Attempt(max(retries - 1, 0), due)


def _first_retries(intervals: list[str], now: int) -> int | None:
    """How many attempts a cycle allows: as many as it repeats, or one more than a list has intervals; None: it says nothing."""
    if len(intervals) != 1:
        return len(intervals) + 1 if intervals else None
    try:
        interval = Interval.read(intervals[0], now)
    except Unreadable:
        return None
    return 2 if interval.times is None else interval.times
