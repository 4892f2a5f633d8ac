"""`camunda:historyTimeToLive`: days, or `P180D`; demanded only where the setting says so (BPMN page §2)."""

from __future__ import annotations

import pytest

from domain.parsing import ModelRefused, Problem, parse_model
from tests.unit.domain.models import model, process

MISSING = (
    "ENGINE-12018 History Time To Live (TTL) cannot be null. TTL is necessary for the History Cleanup to work."
    " The following options are possible:"
    "\n* Set historyTimeToLive in the model"
    "\n* Set a default historyTimeToLive as a global process engine configuration"
    "\n* (Not recommended) Deactivate the enforceTTL config to disable this check"
)


def time_to_live(text: str | None, enforced: bool = False) -> int | None:
    content = model(process("start > end", camunda_historyTimeToLive=text))
    (found,) = parse_model("p.bpmn", content, enforce_history_time_to_live=enforced)
    return found.history_time_to_live


def problems(text: str | None, enforced: bool = False) -> tuple[Problem, ...]:
    with pytest.raises(ModelRefused) as refused:
        time_to_live(text, enforced)
    return refused.value.errors


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize(("text", "days"), [("180", 180), ("P180D", 180), ("0", 0), ("P0D", 0), ("+5", 5), ("2147483647", 2147483647)])
def test_it_is_read_in_days(text: str, days: int, enforced: bool) -> None:
    assert time_to_live(text, enforced) == days


@pytest.mark.parametrize("text", [None, ""])
def test_a_model_may_leave_it_out(text: str | None) -> None:
    assert time_to_live(text) is None


@pytest.mark.parametrize("text", [None, ""])
def test_a_model_may_not_leave_it_out_where_it_is_enforced(text: str | None) -> None:
    content = model(process("start > end", camunda_historyTimeToLive=text)).decode()
    column = content.splitlines()[1].index(">", content.splitlines()[1].index("<process")) + 2

    assert problems(text, enforced=True) == (Problem(f"{MISSING}: {MISSING}", 2, column, "p", ("p",)),)


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("soon", 'For input string: "soon"'),
        ("5.5", 'For input string: "5.5"'),
        ("P1W", 'For input string: "P1W"'),
        ("P-5D", 'For input string: "P-5D"'),
        ("2147483648", 'For input string: "2147483648"'),
        ("${n}", 'For input string: "${n}"'),
        ("٣", 'For input string: "٣"'),
        ("-5", "negative value is not allowed"),
    ],
)
def test_nonsense_is_refused(text: str, why: str, enforced: bool) -> None:
    (problem,) = problems(text, enforced)

    assert problem.message == f"Cannot parse historyTimeToLive: {why}: Cannot parse historyTimeToLive: {why}"


def test_a_process_that_is_not_executable_needs_none() -> None:
    content = model(process("start > end", isExecutable="false"))

    assert parse_model("p.bpmn", content, enforce_history_time_to_live=True) == ()
