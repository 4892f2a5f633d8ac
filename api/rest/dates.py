"""Dates as Camunda writes them: `2015-10-06T16:34:42.000+0200`, epoch milliseconds inside (REST contract §1)."""

from __future__ import annotations

import re
import time
from functools import lru_cache

_PATTERN = re.compile(r" *(\d{1,6})-(\d{1,9})-(\d{1,9})T(\d{1,9}):(\d{1,9}):(\d{1,9})\.(\d{1,9})(?:([+-])([01]\d|2[0-3])([0-5]\d)|GMT|UTC)")
_DAY = 86_400


class BadDate(ValueError):
    """A text that is not written in the pattern."""


def parse_date(text: str) -> int:
    """Return the instant. Fields may overflow: 31 February is 3 March. What follows the offset does not count."""
    found = _PATTERN.match(text)
    if found is None:
        raise BadDate(text)
    year, month, day, hour, minute, second, milli = map(int, found.groups()[:7])
    seconds = _days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second
    return (seconds - _offset(found[8], found[9], found[10])) * 1000 + milli


def _offset(sign: str | None, hours: str, minutes: str) -> int:
    if sign is None:
        return 0
    seconds = int(hours) * 3600 + int(minutes) * 60
    return -seconds if sign == "-" else seconds


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar; month and day may be any number."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if month <= 2:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719_469


def format_date(instant: int) -> str:
    """Write the instant in the server's zone."""
    second, milli = divmod(instant, 1000)
    prefix, zone = _written(second)
    return f"{prefix}.{milli:03d}{zone}"


def format_optional_date(instant: int | None) -> str | None:
    """Write the instant, if there is one."""
    return None if instant is None else format_date(instant)


@lru_cache(maxsize=4096)
def _written(second: int) -> tuple[str, str]:
    offset = time.localtime(second).tm_gmtoff
    minutes = abs(offset) // 60
    sign, shift = ("-", -minutes * 60) if offset < 0 else ("+", minutes * 60)
    local = time.gmtime(second + shift)
    day = f"{local.tm_year:04d}-{local.tm_mon:02d}-{local.tm_mday:02d}"
    return f"{day}T{local.tm_hour:02d}:{local.tm_min:02d}:{local.tm_sec:02d}", f"{sign}{minutes // 60:02d}{minutes % 60:02d}"
