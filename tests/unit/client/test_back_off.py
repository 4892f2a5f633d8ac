"""Waiting times and retries."""

from __future__ import annotations

from itertools import islice

import pytest

from gesta_client import BackOff, RetryPolicy, WorkerOptions


def test_waiting_times_grow_up_to_the_longest() -> None:
    assert list(islice(BackOff(first=1, factor=2, most=5, jitter=0).delays(), 5)) == [1, 2, 4, 5, 5]


def test_chance_only_shortens_them() -> None:
    assert all(0.5 <= delay <= 1 for delay in islice(BackOff(first=1, factor=1, jitter=0.5).delays(), 100))


@pytest.mark.parametrize(("retries", "left"), [(None, 2), (3, 2), (1, 0), (0, 0)])
def test_retries_are_counted_down(retries: int | None, left: int) -> None:
    assert RetryPolicy(attempts=3).left(retries) == left


@pytest.mark.parametrize("wrong", [{"max_tasks": 0}, {"concurrency": 0}, {"long_poll": 1_800_001}, {"long_poll": -1}])
def test_limits_that_fetch_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        WorkerOptions(**wrong)  # type: ignore[arg-type]
