"""Moments and ages for people, from dates as the REST API writes them."""

from __future__ import annotations

from datetime import datetime

from api.rest.dates import parse_date

UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))


def clock(date: str) -> str:
    """The time of day where this machine is, to the millisecond."""
    return local(parse_date(date)).isoformat(timespec="milliseconds")[11:23]


def day(date: str) -> str:
    """The day where this machine is."""
    return local(parse_date(date)).date().isoformat()


def near(instant: int, now: int) -> str:
    """The time of day of an instant (epoch ms), to the second; with month and day when it is not today's."""
    moment = local(instant)
    return moment.strftime("%H:%M:%S" if moment.date() == local(now).date() else "%m-%d %H:%M:%S")


def age(ms: int) -> str:
    """A duration in its largest unit."""
    return next((f"{ms // size} {unit}" for size, unit in UNITS if ms >= size), "0 s")


def local(instant: int) -> datetime:
    """An instant (epoch ms) in this machine's time zone."""
    return datetime.fromtimestamp(instant / 1000).astimezone()
