"""Dates as Camunda writes them: `2015-10-06T16:34:42.000+0200`, milliseconds always, offset without a colon."""

from __future__ import annotations

from datetime import datetime


def date_text(moment: datetime) -> str:
    """Write a moment; finer than a millisecond is cut. Raise ValueError when it has no time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone; a Date variable is a moment, such as datetime.now(timezone.utc)")
    text = moment.isoformat(timespec="milliseconds")
    return text[:-3] + text[-2:]


def date_value(text: str) -> datetime:
    """Read a moment, with its time zone. Raise ValueError when the text has another form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
