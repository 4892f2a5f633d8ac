"""Facts as a table."""

from __future__ import annotations

from typing import Any

import pytest

from api.cli.fact_table import data, fact_table
from api.cli.screen import UNBROKEN
from tests.unit.cli.screens import cells, lines

INSTANCE, TASK = "0193f000-0000-7abc-8abc-def000000000", "0193f000-0000-7abc-8abc-def00000000a"


def fact(name: str, position: int, command: str, **changes: Any) -> dict[str, Any]:
    """A FactDto; what is no cause is said by `cause=False`."""
    return {
        "position": position,
        "stream": INSTANCE,
        "version": 1,
        "fact": name,
        "time": "2025-11-25T18:28:00.123+0000",
        "actor": None,
        "command": command,
        "cause": True,
        "data": {},
    } | changes


STARTED = fact("ProcessInstanceStarted", 7, "start", data={"businessKey": "order-17", "tenantId": None, "variables": {}})
CREATED = fact("ExternalTaskCreated", 8, "start", cause=False, stream=TASK, data={"topic": "t"})
EXPIRED = fact("ExternalTaskLockExpired", 12, "lock", cause=False, stream=TASK, actor="anna")
LOCKED = fact("ExternalTaskLocked", 13, "lock", stream=TASK, actor="anna", data={"workerId": "anna", "lockDuration": 5})
COMPLETED = fact("ExternalTaskCompleted", 20, "complete", stream=TASK, actor="bert", data={"workerId": "carl"})
LEFT = fact("ElementCompleted", 21, "complete", cause=False, actor="bert", data={"key": 8})
STORY = [STARTED, CREATED, EXPIRED, LOCKED, COMPLETED, LEFT]


@pytest.mark.usefixtures("utc")
def test_consequences_stand_below_their_cause_and_are_indented() -> None:
    shown = lines(fact_table(STORY, UNBROKEN, "All"), UNBROKEN)

    assert shown == [
        "All, 2025-11-25",
        "┏━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┓",
        "┃ Position ┃ Time         ┃ Fact                    ┃ By   ┃ Stream   ┃ Data                   ┃",
        "┡━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━┩",
        '│        7 │ 18:28:00.123 │ ProcessInstanceStarted  │      │ instance │ businessKey="order-17" │',
        '│        8 │ 18:28:00.123 │   ExternalTaskCreated   │      │ …000000a │ topic="t"              │',
        "│       12 │ 18:28:00.123 │ ExternalTaskLockExpired │ anna │ …000000a │                        │",
        "│       13 │ 18:28:00.123 │ ExternalTaskLocked      │ anna │ …000000a │ lockDuration=5         │",
        '│       20 │ 18:28:00.123 │ ExternalTaskCompleted   │ bert │ …000000a │ workerId="carl"        │',
        "│       21 │ 18:28:00.123 │   ElementCompleted      │ bert │ instance │ key=8                  │",
        "└──────────┴──────────────┴─────────────────────────┴──────┴──────────┴────────────────────────┘",
    ]


@pytest.mark.usefixtures("utc")
def test_on_a_small_screen_the_data_stand_below_the_fact() -> None:
    table = fact_table([STARTED, CREATED], 80, "All")

    assert cells(table, 80) == [
        ["7", "ProcessInstanceStarted", ""],
        ["18:28:00.123", 'businessKey="order-17"', "instance"],
        ["8", "ExternalTaskCreated", ""],
        ["18:28:00.123", 'topic="t"', "…000000a"],
    ]


@pytest.mark.usefixtures("utc")
def test_facts_of_several_days_have_their_days() -> None:
    later = LEFT | {"time": "2025-11-26T00:00:00.000+0000"}

    shown = lines(fact_table([STARTED, later], UNBROKEN, "All"), UNBROKEN)

    assert shown[0] == "All"
    assert "│ 2025-11-25 18:28:00.123 │" in shown[4] and "│ 2025-11-26 00:00:00.000 │" in shown[5]


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("width", [80, 130, 160])
def test_long_data_are_folded(width: int) -> None:
    long = STARTED | {"actor": "some-host.eu-west.example.com-12345-abcdef12", "data": {name: "x" * 200 for name in "abc"}}

    assert max(map(len, lines(fact_table([long], width, "All"), width))) <= width


def test_variables_are_told_by_their_values() -> None:
    amount, items = {"type": "Double", "value": 1.5, "valueInfo": {}}, {"type": "Json", "value": "[1]", "valueInfo": {}}

    assert data({"variables": {"amount": amount, "items": items}, "scope": 0}) == 'variables={"amount": 1.5, "items": "[1]"}, scope=0'


def test_structures_are_told_as_json() -> None:
    assert data({"resources": [{"name": "ä\x1b", "sha256": "ab"}]}) == 'resources=[{"name": "ä\\u001b", "sha256": "ab"}]'


def test_what_is_empty_is_left_out_and_what_is_long_is_cut() -> None:
    told = data({"tenantId": None, "variables": {}, "names": [], "retries": 0, "errorDetails": "y" * 300})

    assert told == 'retries=0, errorDetails="' + "y" * 118 + "…"
