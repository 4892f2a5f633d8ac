"""ISO 8601 durations, and what they make with dates and repetitions: `PT1H`, `R3/PT1H`, `R/2030-01-01/P1D`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

import msgspec

from domain.calendar.failure import Unreadable
from domain.calendar.instants import read_instant

_WEEKS = re.compile(r"P(\d{1,12})W", re.ASCII)
_STRICT = re.compile(
    r"P(?=.)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?()(?:(\d{1,12})D)?(?:T(?=.)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,12}))?S)?)?",
    re.ASCII,
)
_LENIENT = re.compile(
    r"P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?(?:(\d{1,12})W)?(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:[.,](\d{1,12}))?S)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = 2**31 - 1


class Period(msgspec.Struct, frozen=True):
    """Months are added as the calendar has them, the rest as milliseconds."""

    months: int = 0
    millis: int = 0

    def negated(self) -> Period:
        return Period(-self.months, -self.millis)


def read_duration(text: str) -> Period:
    """Read as Java's XML durations are, or weeks alone."""
    weeks = _WEEKS.fullmatch(text)
    if weeks:
        return Period(0, int(weeks[1]) * 7 * 86_400_000)
    found = _STRICT.fullmatch(text)
    if not found:
        raise Unreadable(text)
    return _period(found)


def read_period(text: str) -> Period:
    """Read as Joda's ISO periods are: weeks beside other fields too."""
    found = _LENIENT.match(text)
    assert found is not None
    if found.end() < len(text):
        raise Unreadable(f'Invalid format: "{text}" is malformed at "{text[found.end() :]}"')
    return _period(found)


def _period(found: re.Match[str]) -> Period:
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:7])
    fraction = (found[8] or "").ljust(3, "0")[:3]
    millis = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + int(fraction)
    return Period(years * 12 + months, millis)


def add(instant: int, period: Period) -> int:
    """Go on by a period; to the last day of a month where it is shorter."""
    try:
        when = _EPOCH + timedelta(milliseconds=instant)
        year, month = divmod(when.year * 12 + when.month - 1 + period.months, 12)
        when = when.replace(year=year, month=month + 1, day=min(when.day, monthrange(year, month + 1)[1]))
        return (when + timedelta(milliseconds=period.millis) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise Unreadable("the date is not within the years 1 and 9999") from None


class Interval(msgspec.Struct, frozen=True):
    """A duration from a start or up to an end, perhaps several times. `times` bounds how many dates follow the start."""

    period: Period
    start: int | None = None
    end: int | None = None
    times: int | None = None

    @staticmethod
    def read(text: str, now: int) -> Interval:
        """Read `[Rn/]duration`, with a date before it as start or behind it as end; or two dates. Without any it starts now."""
        parts = text.split("/")
        while parts and not parts[-1]:
            parts.pop()
        if len(parts) > 3:
            raise Unreadable(f"ENGINE-09028 Cannot parse duration '{text}'.")
        times = None
        if parts and parts[0].startswith("R"):
            times, parts = _times(parts[0][1:]), parts[1:]
        return _interval(parts or ([""] if not text else []), times, now)

    @property
    def is_repeat(self) -> bool:
        return self.times is not None

    def after(self, now: int, offset: int = 0) -> int | None:
        """The date that comes next; None when all are over."""
        if self.times is None:
            return self.end if self.end is not None else add(self.start or 0, self.period)
        if self.start is not None:
            return self._from_start(self.start, self.times, now - offset, offset)
        assert self.end is not None
        return self._towards_end(self.end, self.times, now)

    def _from_start(self, start: int, times: int, now: int, offset: int) -> int | None:
        date, left = _skipped(start, times, self.period, now)
        while left > 0 and date <= now:
            date, left = add(date, self.period), left - 1
        return None if date < now else date + offset

    def _towards_end(self, end: int, times: int, now: int) -> int | None:
        back = self.period.negated()
        following, date = end, add(end, back)
        while times > 0 and date > now:
            if back.months == 0 and back.millis < 0 and date + back.millis > now:
                steps = min(times - 1, (now - date) // back.millis - 1)
                if steps > 0:
                    date, times = date + steps * back.millis, times - steps
            following, date, times = date, add(date, back), times - 1
        return None if following < now else following


def _skipped(start: int, times: int, period: Period, now: int) -> tuple[int, int]:
    """Leap over dates that are long past, where all steps are alike. A period that leads nowhere is not followed at all."""
    if not period.months and period.millis <= 0:
        return start, 0
    if period.months or start >= now:
        return start, times
    steps = min(times, (now - start) // period.millis)
    return start + steps * period.millis, times - steps


def _times(text: str) -> int:
    if not text:
        return FOREVER
    if not _NUMBER.fullmatch(text) or not -(2**31) <= int(text) <= FOREVER:
        raise Unreadable(f'For input string: "{text}"')
    return int(text)


def _interval(parts: list[str], times: int | None, now: int) -> Interval:
    if not parts:
        raise Unreadable("Index 0 out of bounds for length 0")
    first, *rest = parts
    if first.startswith("P"):
        period = read_duration(first)
        return Interval(period, None if rest else now, read_instant(rest[0]) if rest else None, times)
    start = read_instant(first)
    if not rest:
        raise Unreadable("Index 1 out of bounds for length 1")
    if rest[0].startswith("P"):
        return Interval(read_duration(rest[0]), start, None, times)
    end = read_instant(rest[0])
    return Interval(Period(0, end - start), start, end, times)
