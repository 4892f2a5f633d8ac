"""Dates as Java writes and reckons them, in UTC: the same on every server."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain.expressions.failures import MethodFailed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIELDS: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda when: f"{when.year:04}",
    "yy": lambda when: f"{when.year % 100:02}",
    "MMM": lambda when: MONTHS[when.month - 1],
    "MM": lambda when: f"{when.month:02}",
    "M": lambda when: str(when.month),
    "dd": lambda when: f"{when.day:02}",
    "d": lambda when: str(when.day),
    "HH": lambda when: f"{when.hour:02}",
    "mm": lambda when: f"{when.minute:02}",
    "ss": lambda when: f"{when.second:02}",
    "SSS": lambda when: f"{when.microsecond // 1000:03}",
    "EEE": lambda when: DAYS[when.weekday()],
    "Z": lambda when: "+0000",
    "ZZ": lambda when: "+00:00",
}
PATTERN = re.compile(r"'([^']*)'|([A-Za-z])\2*")


def utc(millis: int) -> datetime:
    """Return the instant as a calendar date."""
    try:
        return EPOCH + timedelta(milliseconds=millis)
    except OverflowError:
        raise MethodFailed(f"java.lang.IllegalArgumentException: {millis} ms is beyond the year 9999 or before the year 1") from None


def millis(when: datetime) -> int:
    """Return the calendar date as epoch milliseconds."""
    return (when - EPOCH) // timedelta(milliseconds=1)


def plus_months(start: int, months: int) -> int:
    """Go on by months, to the last day of the month where it is shorter."""
    when = utc(start)
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise MethodFailed(f"java.lang.IllegalArgumentException: the year {year} is not within 1 and 9999")
    return millis(when.replace(year=year, month=month + 1, day=min(when.day, monthrange(year, month + 1)[1])))


def java_date_text(at: int) -> str:
    """Write as java.util.Date.toString does."""
    when = utc(at)
    return f"{DAYS[when.weekday()]} {MONTHS[when.month - 1]} {when.day:02} {when:%H:%M:%S} UTC {when.year:04}"


def joda_text(at: int) -> str:
    """Write as Joda's DateTime.toString does."""
    when = utc(at)
    return f"{when.year:04}-{when:%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def formatted(at: int, pattern: str) -> str:
    """Write with a pattern of Joda's letters."""
    when = utc(at)

    def field(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1] or "'"
        write = FIELDS.get(found[0])
        if write is None:
            raise MethodFailed(f"java.lang.IllegalArgumentException: Illegal pattern component: {found[0]}; known are {', '.join(FIELDS)}")
        return write(when)

    return PATTERN.sub(field, pattern)
