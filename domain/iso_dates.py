"""ISO 8601 texts that models and expressions hold, as epoch milliseconds. A text without zone is read as UTC: the same on every server."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.refusals import ExecutionFailed


def iso_instant(text: str, where: str) -> int:
    """Return the instant that the text names."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ExecutionFailed(f"{where}: '{text}' is no ISO 8601 date, such as 2030-01-31T10:00:00") from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return int(when.timestamp() * 1000)
