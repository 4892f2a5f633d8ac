"""Failures that workers report: retries, timeouts, messages and details (REST contract §6.2)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.commands import FailExternalTask
from domain.facts import (
    ExternalTaskCompleted,
    ExternalTaskFailed,
    VariablesSet,
)
from tests.unit.domain.commands import complete, fail, task_id
from tests.unit.domain.given import NOW, a_task, given, of_instance, of_task, values
from tests.unit.domain.models import definition

CHAIN = definition("start > a > b")
TASK = task_id(8)


def test_a_failure_with_retries_left_touches_the_tasks_stream_alone() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(fail(8, "boom", "trace", retries=2, timeout=5000))

    assert facts == of_task(8, ExternalTaskFailed("w", "boom", "trace", 2, 5000))
    (task,) = instance.history.open_tasks
    assert task == replace(
        task, worker_id="w", lock_until=NOW + 5000, released=True, retries=2, error_message="boom", error_details="trace", version=3
    )


def test_a_failure_with_variables_sets_them() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(FailExternalTask(TASK, "w", "boom", None, 2, 0, values(n=1), values(m=2)))

    assert facts == [
        *of_task(8, ExternalTaskFailed("w", "boom", None, 2, 0, values(n=1), values(m=2))),
        *of_instance(VariablesSet(0, values(n=1)), VariablesSet(8, values(m=2))),
    ]


def test_a_failure_keeps_the_worker_who_may_still_complete() -> None:
    instance = given(CHAIN, *a_task())
    instance.when(fail(8, retries=1, timeout=5000))

    facts = instance.when(complete(8))

    assert facts[0] == (10, ExternalTaskCompleted("w"))


def test_a_failures_message_is_cut_and_its_fact_keeps_it_whole() -> None:
    instance = given(CHAIN, *a_task())

    facts = instance.when(fail(8, "x" * 700, retries=1))

    assert facts == of_task(8, ExternalTaskFailed("w", "x" * 700, None, 1))
    assert instance.history.open_tasks[0].error_message == "x" * 666


@pytest.mark.parametrize(("details", "kept"), [(None, "first"), ("second", "second"), ("", "")])
def test_a_later_failure_clears_the_message_and_keeps_the_details(details: str | None, kept: str) -> None:
    instance = given(CHAIN, *a_task(), *of_task(8, ExternalTaskFailed("w", "first", "first", 2)))

    instance.when(fail(8, None, details, retries=1))

    (task,) = instance.history.open_tasks
    assert (task.error_message, task.error_details, task.retries) == (None, kept, 1)
