"""Moments and ages for people."""

from __future__ import annotations

import pytest

from api.cli.moments import age, clock, day


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (999, "0 s"),
        (1000, "1 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (3_599_999, "59 min"),
        (3_600_000, "1 h"),
        (86_399_999, "23 h"),
        (86_400_000, "1 d"),
        (400 * 86_400_000, "400 d"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(ms: int, text: str) -> None:
    assert age(ms) == text


@pytest.mark.usefixtures("utc")
def test_a_moment_is_told_as_the_clock_here_shows_it() -> None:
    moment = "2026-01-01T00:30:00.007+0100"

    assert (day(moment), clock(moment)) == ("2025-12-31", "23:30:00.007")


@pytest.mark.usefixtures("utc")
def test_a_full_second_has_its_milliseconds_too() -> None:
    assert clock("2026-01-01T12:00:00.000+0000") == "12:00:00.000"
