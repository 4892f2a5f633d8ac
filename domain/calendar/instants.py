"""ISO 8601 dates as Joda reads them: parts may be missing from the right, and what does not fit is refused with its place."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta

from domain.calendar.failure import Unreadable

_TIME = r"(\d\d?)(?:[.,](\d+)|:(\d\d?)(?:[.,](\d+)|:(\d\d?)(?:[.,](\d+))?)?)?"
_OFFSET = r"(Z|[+-]\d\d(?::?\d\d)?)"
_DATE = r"(-?\d{1,9})(?:-W(\d\d?)(?:-(\d))?|-(\d\d?)(?:-(\d\d?))?(?!\d)|-(\d{3}))?"
_WHOLE = re.compile(rf"(?:{_DATE})?(?:T(?:{_TIME})?{_OFFSET}?)?", re.ASCII)
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHOWN = 35
"""Longer texts are cut in messages."""
MILLIS_A_DAY = 86_400_000


def read_instant(text: str) -> int:
    """Return the instant, or raise Unreadable."""
    found = _WHOLE.match(text)
    end = found.end() if found else 0
    if not found or not text or end < len(text):
        raise Unreadable(_malformed(text, end))
    year, week, weekday, month, day, year_day = found.groups()[:6]
    days = _days(text, int(year or 1970), (week, weekday), (month, day), year_day)
    return days * MILLIS_A_DAY + _millis(text, found.groups()[6:12]) - _offset(found.group(13))


def _malformed(text: str, at: int) -> str:
    shown = f'Invalid format: "{text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."}"'
    if at <= 0:
        return shown
    return f"{shown} is too short" if at >= len(text) else f'{shown} is malformed at "{text[at:]}"'


def _days(text: str, year: int, week: tuple[str, str], month: tuple[str, str], year_day: str | None) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    if week[0]:
        return _of_week(text, year, *week)
    if year_day:
        return civil_days(year, 1, 1) + _within(text, year_day, "dayOfYear", 1, 366 if isleap(year) else 365) - 1
    number = _within(text, month[0] or "1", "monthOfYear", 1, 12)
    length = _MONTHS[number - 1] + (number == 2 and isleap(year))
    return civil_days(year, number, _within(text, month[1] or "1", "dayOfMonth", 1, length))


def civil_days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; any year."""
    if month <= 2:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719_469


def _of_week(text: str, year: int, week: str, weekday: str | None) -> int:
    number, day = _within(text, week, "weekOfWeekyear", 1, 53), _within(text, weekday or "1", "dayOfWeek", 1, 7)
    try:
        monday = date.fromisocalendar(year, 1, 1) + timedelta(weeks=number - 1)
    except (ValueError, OverflowError):
        raise Unreadable(_malformed(text, 0)) from None
    return (monday - date(1970, 1, 1)).days + day - 1


def _millis(text: str, parts: tuple[str | None, ...]) -> int:
    hours, of_hour, minutes, of_minute, seconds, of_second = parts
    whole = _within(text, hours or "0", "hourOfDay", 0, 23) * 3600
    whole += _within(text, minutes or "0", "minuteOfHour", 0, 59) * 60 + _within(text, seconds or "0", "secondOfMinute", 0, 59)
    fraction, unit = next(((f, u) for f, u in ((of_hour, 3600), (of_minute, 60), (of_second, 1)) if f), ("0", 1))
    return whole * 1000 + int(fraction[:9].ljust(9, "0")) * unit // 1_000_000


def _offset(text: str | None) -> int:
    if text is None or text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return (-minutes if text[0] == "-" else minutes) * 60_000


def _within(text: str, digits: str, field: str, low: int, high: int) -> int:
    number = int(digits)
    if not low <= number <= high:
        raise Unreadable(f'Cannot parse "{text}": Value {number} for {field} must be in the range [{low},{high}]')
    return number
