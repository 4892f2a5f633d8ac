"""`gesta tasks`: locks and ages in words, and a table for every screen."""

from __future__ import annotations

from typing import Any

import pytest

from api.cli.screen import UNBROKEN
from api.cli.tasks import lock_state, tasks_table
from tests.unit.cli.screens import cells, lines

NOW = 1_764_095_400_000
"""2025-11-25T18:30:00 in UTC."""
INSTANCE, TASK = "0193f000-0000-7abc-8abc-def000000000", "0193f000-0000-7abc-8abc-def00000000a"


def task(**changes: Any) -> dict[str, Any]:
    """An ExternalTaskDto, as far as it is shown."""
    return {
        "id": TASK,
        "processInstanceId": INSTANCE,
        "activityId": "chargeCard",
        "topicName": "charge-card",
        "businessKey": "order-17",
        "workerId": None,
        "lockExpirationTime": None,
        "createTime": "2025-11-25T18:28:00.000+0000",
        "retries": None,
        "priority": 50,
    } | changes


LONG = {"topicName": "charge-a-card-of-the-customer-who-ordered", "workerId": "some-host.eu-west.example.com-12345-abcdef12"}
LOCKED = {"workerId": "office", "lockExpirationTime": "2025-11-25T19:40:00.000+0100", "retries": 2}


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(
    ("expiry", "state"),
    [
        (None, "free"),
        ("2025-11-25T18:30:01.000+0000", "locked until 18:30:01"),
        ("2025-11-25T19:40:00.999+0100", "locked until 18:40:00"),
        ("2025-11-26T00:00:00.000+0000", "locked until 11-26 00:00:00"),
        ("2025-11-25T18:30:00.000+0000", "expired"),
        ("2025-11-25T18:29:59.999+0000", "expired"),
    ],
)
def test_a_lock_is_looked_at_as_of_now(expiry: str | None, state: str) -> None:
    assert lock_state(task(lockExpirationTime=expiry), NOW) == state


@pytest.mark.usefixtures("utc")
def test_where_lines_are_not_broken_a_task_is_one_line() -> None:
    table = tasks_table([task(), task(**LOCKED)], NOW, UNBROKEN)

    assert cells(table, UNBROKEN) == [
        ["charge-card", TASK, "chargeCard", INSTANCE, "order-17", "", "free", "-", "50", "2 min"],
        ["charge-card", TASK, "chargeCard", INSTANCE, "order-17", "office", "locked until 18:40:00", "2", "50", "2 min"],
    ]


@pytest.mark.usefixtures("utc")
def test_on_a_wide_screen_a_task_has_two_lines() -> None:
    table = tasks_table([task(**LOCKED)], NOW, 160)

    assert cells(table, 160) == [
        ["charge-card", TASK, "order-17", "locked until 18:40:00", "2"],
        ["chargeCard", INSTANCE, "office", "2 min", "50"],
    ]


@pytest.mark.usefixtures("utc")
def test_on_a_small_screen_a_task_has_four_lines() -> None:
    assert lines(tasks_table([task(**LOCKED)], NOW, 80), 80) == [
        "┏━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┓",
        "┃ Topic        ┃ Task                                 ┃  Retries ┃",
        "┃ Activity     ┃ Instance                             ┃ Priority ┃",
        "┃ Business key ┃ Lock                                 ┃          ┃",
        "┃ Worker       ┃ Age                                  ┃          ┃",
        "┡━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━┩",
        "│ charge-card  │ 0193f000-0000-7abc-8abc-def00000000a │        2 │",
        "│ chargeCard   │ 0193f000-0000-7abc-8abc-def000000000 │       50 │",
        "│ order-17     │ locked until 18:40:00                │          │",
        "│ office       │ 2 min                                │          │",
        "└──────────────┴──────────────────────────────────────┴──────────┘",
    ]


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("width", [80, 100, 130, 160, 240])
def test_long_names_are_folded_and_ids_stay_whole(width: int) -> None:
    shown = lines(tasks_table([task(**LOCKED | LONG)], NOW, width), width)

    assert max(map(len, shown)) <= width
    assert TASK in "\n".join(shown) and INSTANCE in "\n".join(shown)


@pytest.mark.usefixtures("utc")
def test_names_do_nothing_to_the_screen() -> None:
    table = tasks_table([task(businessKey="[red]a\x1b[31m\nb:smile:", topicName=None)], NOW, UNBROKEN)

    ((topic, *_, business_key, _, _, _, _, _),) = cells(table, UNBROKEN)
    assert (topic, business_key) == ("", "[red]a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b:smile:")
