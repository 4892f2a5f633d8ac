"""When timers are due: as Camunda answered, text by text."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from domain.calendar import anchored, due_date, due_duration, next_of_cycle
from domain.refusals import ExecutionFailed
from tests.unit.calendar import camunda_answers as recorded

READERS: dict[str, Callable[[str, int], int | None]] = {
    "timeDate": due_date,
    "timeDuration": due_duration,
    "timeCycle": next_of_cycle,
}
OTHERWISE = {
    "2035-01-01": "Camunda's message was lost: a duration has no second part to look at",
    "0 0 0 30 2 *": "Camunda fires at once where no date ever fits",
    "0 0 0 ? * ?": "the same",
    "0 0 0 5-1 * *": "Camunda turns days of a month around, and no other field",
    "* * * * * *": "Camunda keeps the milliseconds",
    "0 0 0 W * *": "only the words differ",
    "0 0 0 LW-1 * ?": "only the words differ",
    "0 0 0 31W * *": "Camunda cannot tell the 31st of a shorter month",
}
"""What gesta makes something else of, and why."""
DUE = [
    *(("timeDate", *answer) for answer in recorded.DATES),
    *(("timeDuration", *answer) for answer in recorded.DURATIONS),
    *(("timeCycle", *answer) for answer in (*recorded.CYCLES, *recorded.CRON) if answer[0] not in OTHERWISE),
]
REFUSED = [
    *(("timeDate", *answer) for answer in recorded.REFUSED_DATES),
    *(("timeDuration", *answer) for answer in recorded.REFUSED_DURATIONS if answer[0] not in OTHERWISE),
    *(("timeCycle", *answer) for answer in (*recorded.REFUSED_CYCLES, *recorded.REFUSED_CRON) if answer[0] not in OTHERWISE),
]
WHILE_IT_WAS_CREATED = 200
"""ms at most between Camunda's look at the clock and the creation of the job that it noted."""
LONG = "9" * 400
NOTHING = "duedate is null"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOON = 1_700_049_600_000
"""2023-11-15T12:00:00Z, a Wednesday."""


def at(days: int, hours: int = 0, minutes: int = 0) -> int:
    """An instant of November 2023."""
    return NOON + (days - 15) * DAY + (hours - 12) * HOUR + minutes * MINUTE


@pytest.mark.parametrize(("kind", "text", "created", "due"), DUE)
def test_a_time_is_when_camunda_says(kind: str, text: str, created: int, due: int) -> None:
    found = READERS[kind](text, created)

    assert found is not None
    assert abs(found - due) <= WHILE_IT_WAS_CREATED


@pytest.mark.parametrize(("kind", "text", "why"), [case for case in REFUSED if case[2] != NOTHING])
def test_a_text_that_is_no_time_is_refused_with_camundas_words(kind: str, text: str, why: str) -> None:
    with pytest.raises(ExecutionFailed) as refused:
        READERS[kind](text, NOON)

    prefix = (
        "ENGINE-09026 Exception while parsing cycle expression" if kind == "timeCycle" else "ENGINE-09027 Exception while resolving duedate"
    )
    assert refused.value.message in (f"{prefix} '{text}': {why}", f"{prefix} '{text}': Failed to parse cron expression. {why}")


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, why in REFUSED if why == NOTHING])
def test_a_cycle_whose_dates_are_over_has_none(kind: str, text: str) -> None:
    assert READERS[kind](text, NOON) is None


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("R3/PT1H", [at(15, 13), at(15, 14), at(15, 15)]),
        ("R1/PT1H", [at(15, 13)]),
        ("R/P1D", [at(16, 12), at(17, 12), at(18, 12), at(19, 12)]),
        ("R2/2023-11-16T00:00:00/PT12H", [at(16), at(16, 12), at(17)]),
        ("0 30 8 * * MON-FRI", [at(16, 8, 30), at(17, 8, 30), at(20, 8, 30), at(21, 8, 30)]),
        ("0 0 0 L * ?", [at(30), at(61), at(92), at(121)]),
    ],
)
def test_the_dates_of_a_cycle_follow_each_other(text: str, dates: list[int]) -> None:
    cycle, now, found = anchored(text, NOON), NOON, list[int]()

    while len(found) < 4 and (due := next_of_cycle(cycle, now)) is not None:
        found.append(due)
        now = due + 1

    assert found == dates


def test_a_cycle_that_is_late_misses_dates() -> None:
    cycle = anchored("R3/PT1H", NOON)

    assert next_of_cycle(cycle, NOON + 90 * MINUTE) == at(15, 14)
    assert next_of_cycle(cycle, NOON + 4 * HOUR) is None


def test_all_dates_of_a_cycle_can_be_moved() -> None:
    assert next_of_cycle(anchored("R3/PT1H", NOON), NOON + HOUR, 10 * MINUTE) == at(15, 13, 10)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("R3/PT1H", "R3/2023-11-15T12:00:00/PT1H"),
        ("R/PT1H", "R/2023-11-15T12:00:00/PT1H"),
        ("R3/2030-01-01/PT1H", "R3/2030-01-01/PT1H"),
        ("0 0 0 * * *", "0 0 0 * * *"),
    ],
)
def test_a_cycle_that_begins_now_remembers_when_that_was(text: str, kept: str) -> None:
    assert anchored(text, NOON + 789) == kept


@pytest.mark.parametrize("text", [f"P{LONG}D", f"PT{LONG}S", LONG, f"R{LONG}/PT1H", f"2035-01-01T10:00:00.{LONG}", f"0 0 {LONG} * * *"])
def test_numbers_of_any_length_do_no_harm(text: str) -> None:
    for reader in READERS.values():
        with contextlib.suppress(ExecutionFailed):
            reader(text, NOON)


@pytest.mark.parametrize("text", ["0 0 0 30 2 *", "0 0 0 31 4,6,9,11 ?", "0 0 0 ? 2 1L-9", "0 0 0 5-1 * *", "0 0 0 W * *", "0 0 0 ? * ?"])
def test_a_cron_expression_that_no_date_fits_is_refused(text: str) -> None:
    with pytest.raises(ExecutionFailed, match="Exception while parsing cycle expression"):
        next_of_cycle(text, NOON)


@pytest.mark.parametrize(
    ("text", "due"), [("* * * * * *", NOON + 1000), ("0 0 0 31W * *", at(30 + 29)), ("0 0 0 29 2 MON", 2_340_316_800_000)]
)
def test_a_date_that_camunda_tells_otherwise_or_not_at_all(text: str, due: int) -> None:
    assert next_of_cycle(text, NOON + 789) == due
