"""Cron expressions of six fields, second first, as Camunda 7.24 reads them: a date has to fit every field, both fields of days included."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, TypeAlias

from domain.calendar.failure import Unreadable

DayTest: TypeAlias = Callable[[date], bool]

_NICKNAMES = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = {
    name: number for number, name in enumerate(("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1)
}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))}
_PREFIX = "Failed to parse cron expression. "
YEARS_AHEAD = 30
"""A cycle without any date in so many years is refused."""


class Field(NamedTuple):
    low: int
    high: int
    names: dict[str, int]
    wraps: bool = False


SECONDS, HOURS = Field(0, 59, {}), Field(0, 23, {})
DAYS, MONTHS, WEEKDAYS = Field(1, 31, {}), Field(1, 12, _MONTHS), Field(0, 7, _DAYS, wraps=True)


def next_date(text: str, now: int) -> int:
    """The first whole second after `now` that fits, in epoch milliseconds."""
    if not text:
        raise Unreadable("Empty expression!")
    if text.startswith("@"):
        if text not in _NICKNAMES:
            raise Unreadable(f"Nickname {text} not supported!")
        text = _NICKNAMES[text]
    fields = text.upper().split()
    if len(fields) != 6:
        raise Unreadable(f"Cron expression contains {len(fields)} parts but we expect one of [6]")
    return _search(fields, datetime.fromtimestamp(now // 1000, UTC) + timedelta(seconds=1))


def _search(fields: list[str], begin: datetime) -> int:
    if fields[3] == "?" and fields[5] == "?":
        raise Unreadable(f"{_PREFIX}Invalid expression: ?")
    seconds, minutes, hours = (sorted(_numbers(f, field)) for f, field in zip(fields, (SECONDS, SECONDS, HOURS), strict=False))
    months, of_month, of_week = _numbers(fields[4], MONTHS), _days_of_month(fields[3]), _days_of_week(fields[5])
    for day in _days(begin.date(), months):
        if of_month(day) and of_week(day):
            time = _time(begin if day == begin.date() else None, hours, minutes, seconds)
            if time is not None:
                found = datetime(day.year, day.month, day.day, *time, tzinfo=UTC)
                return int(found.timestamp()) * 1000
    raise Unreadable(f"{_PREFIX}No date within {YEARS_AHEAD} years fits")


def _days(first: date, months: set[int]) -> Iterator[date]:
    for year in range(first.year, min(first.year + YEARS_AHEAD, 9999) + 1):
        for month in sorted(months):
            for number in range(1, monthrange(year, month)[1] + 1):
                day = date(year, month, number)
                if day >= first:
                    yield day


def _time(begin: datetime | None, hours: list[int], minutes: list[int], seconds: list[int]) -> tuple[int, int, int] | None:
    """The first time of a day, from `begin` on."""
    least = (begin.hour, begin.minute, begin.second) if begin else (0, 0, 0)
    times = ((hour, minute, second) for hour in hours if hour >= least[0] for minute in minutes for second in seconds)
    return next((time for time in times if time >= least), None)


def _numbers(text: str, field: Field) -> set[int]:
    """The values of `*`, numbers and names, ranges, steps and lists of them."""
    return {number for part in text.split(",") for number in _part(part, field)}


def _part(text: str, field: Field) -> list[int]:
    span, slash, step = text.partition("/")
    every = _period(step, field) if slash else 1
    if span in ("*", "?"):
        return list(range(field.low, field.high + 1, every))
    first, dash, last = span.partition("-")
    low = _number(first, field)
    high = _number(last, field) if dash else field.high if slash else low
    if low <= high:
        return list(range(low, high + 1, every))
    if not field.wraps:
        raise Unreadable(f"{_PREFIX}Invalid range! [{low},{high}]")
    return [*range(low, field.high + 1, every), *range(field.low, high + 1, every)]


def _period(text: str, field: Field) -> int:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise _invalid(text)
    if not 0 < int(text) <= field.high:
        raise Unreadable(f"{_PREFIX}Period {int(text)} not in range [{field.low}, {field.high}]")
    return int(text)


def _number(text: str, field: Field) -> int:
    if text in field.names:
        return field.names[text]
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _invalid(text)
    if not field.low <= int(text) <= field.high:
        raise Unreadable(f"{_PREFIX}Value {int(text)} not in range [{field.low}, {field.high}]")
    return int(text)


def _invalid(text: str) -> Unreadable:
    return Unreadable(f"{_PREFIX}Invalid chars in expression! Expression: {text} Invalid chars: {re.sub(r'[0-9]', '', text)}")


def _days_of_month(text: str) -> DayTest:
    """Numbers, `L` (the last day, `L-3` three before it), `LW` (the last weekday), `15W` (the weekday next to the 15th)."""
    if text == "LW":
        return lambda day: day == _nearest_weekday(day, _length(day))
    if found := re.fullmatch(r"L(?:-(\d{1,2}))?", text, re.ASCII):
        before = int(found[1] or 0)
        return lambda day: day.day == _length(day) - before
    if found := re.fullmatch(r"(\d{1,2})W", text, re.ASCII):
        number = _number(found[1], DAYS)
        return lambda day: number <= _length(day) and day == _nearest_weekday(day, number)
    numbers = _numbers(text, DAYS)
    return lambda day: day.day in numbers


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(day: date, number: int) -> date:
    """The weekday next to a day of the month, in the same month."""
    wanted = day.replace(day=number)
    if wanted.weekday() == 5:
        return wanted - timedelta(days=1) if number > 1 else wanted + timedelta(days=2)
    if wanted.weekday() == 6:
        return wanted + timedelta(days=1) if number < _length(day) else wanted - timedelta(days=2)
    return wanted


def _days_of_week(text: str) -> DayTest:
    """Numbers from 0 or 7, Sunday, and names; `5L` is the month's last Friday, `5#3` its third, `L` Sunday."""
    if found := re.fullmatch(r"([0-7]|[A-Z]{3})L", text):
        last = _number(found[1], WEEKDAYS) % 7
        return lambda day: _weekday(day) == last and day.day + 7 > _length(day)
    if found := re.fullmatch(r"([0-7]|[A-Z]{3})#([1-5])", text):
        wanted, which = _number(found[1], WEEKDAYS) % 7, int(found[2])
        return lambda day: _weekday(day) == wanted and (day.day - 1) // 7 + 1 == which
    days = {number % 7 for number in _numbers("7" if text == "L" else text, WEEKDAYS)}
    return lambda day: _weekday(day) in days


def _weekday(day: date) -> int:
    return day.isoweekday() % 7
