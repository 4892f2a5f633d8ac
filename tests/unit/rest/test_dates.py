"""Dates in Camunda's pattern, in and out."""

import os
import time
from collections.abc import Iterator

import pytest

from api.rest import dates
from api.rest.dates import BadDate, format_date, format_optional_date, parse_date


@pytest.fixture(params=["UTC", "Europe/Vienna", "America/St_Johns"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    dates._written.cache_clear()
    yield request.param
    monkeypatch.undo()
    time.tzset()
    dates._written.cache_clear()


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00.000+0000", 0),
        ("2015-10-06T16:34:42.000+0200", 1_444_142_082_000),
        ("2001-01-31T23:59:59.999-0730", 981_012_599_999),
        ("2001-02-31T00:00:00.000+0000", 983_577_600_000),
        ("2001-01-01T25:61:61.1000+0000", 978_400_922_000),
        ("2000-02-29T00:00:00.000GMT", 951_782_400_000),
        ("2001-13-00T00:00:00.000+0000", 1_009_756_800_000),
        (" 2001-1-1T1:1:1.1+0000", 978_310_861_001),
        ("2001-01-01T00:00:00.000+0000 and more", 978_307_200_000),
        ("1600-02-29T00:00:00.000+0000", -11_670_998_400_000),
    ],
)
def test_reads_the_pattern_and_rolls_over(text: str, instant: int) -> None:
    assert parse_date(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2001-01-31",
        "2001-01-31T23:59:59",
        "2001-01-31T23:59:59.999",
        "2001-01-31T23:59:59.999Z",
        "2001-01-31T23:59:59.999+02:00",
        "2001-01-31T23:59:59+0200",
        "2001-01-31T23:59:59.999+2500",
        "2001-01-31t23:59:59.999+0200",
        "tomorrow",
        "9999999-01-01T00:00:00.000+0000",
    ],
)
def test_refuses_other_writings(text: str) -> None:
    with pytest.raises(BadDate):
        parse_date(text)


@pytest.mark.parametrize("instant", [0, 1, 999, 1_444_142_082_123, 1_720_000_000_000, -1, -11_670_998_399_999, 4_102_444_800_000])
def test_writes_in_the_servers_zone_what_it_reads_again(zone: str, instant: int) -> None:
    text = format_date(instant)
    assert parse_date(text) == instant
    assert len(text) == len("2015-10-06T16:34:42.000+0200")


def test_writes_zone_and_three_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    dates._written.cache_clear()
    assert format_date(1_444_142_082_007) == "2015-10-06T14:34:42.007+0000"
    assert format_optional_date(None) is None
    assert format_optional_date(7) == "1970-01-01T00:00:00.007+0000"
