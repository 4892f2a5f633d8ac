"""Locking an external task, extending and giving back its lock (REST contract §6)."""

from __future__ import annotations

import pytest

from domain.facts import (
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExpired,
    ExternalTaskLockExtended,
    ExternalTaskUnlocked,
    Fact,
    ProcessInstanceSuspended,
)
from domain.refusals import NotOwner, Rejected, Suspended
from tests.unit.domain.commands import extend, lock, task_id, unlock
from tests.unit.domain.given import NOW, Instance, Refused, a_task, given, of_instance, of_task
from tests.unit.domain.models import definition

CHAIN = definition("start > a > b")
TASK = task_id(8)
MINUTE = 60_000


def at(instance: Instance, after: int) -> Instance:
    instance.at = NOW + after
    return instance


def failed(timeout: int) -> list[tuple[int, Fact]]:
    """The worker has reported a failure: it stays the task's worker, and the task is free again after `timeout`."""
    return of_task(8, ExternalTaskFailed("w", retries=3, retry_timeout=timeout))


def test_a_free_task_is_locked() -> None:
    instance = given(CHAIN, *a_task(None))

    facts = instance.when(lock(8, "w", 1000))

    assert facts == of_task(8, ExternalTaskLocked("w", 1000, NOW + 1000))
    (task,) = instance.history.open_tasks
    assert (task.worker_id, task.lock_until) == ("w", NOW + 1000)


def test_a_worker_locks_its_own_task_anew() -> None:
    instance = at(given(CHAIN, *a_task("w")), 500)

    facts = instance.when(lock(8, "w", 1000))

    assert facts == of_task(8, ExternalTaskLocked("w", 1000, NOW + 1500))


def test_a_task_that_another_worker_holds_is_not_locked() -> None:
    instance = at(given(CHAIN, *a_task("w")), MINUTE - 1)

    refusal = instance.refusal(lock(8, "v"))

    assert refusal == Refused(NotOwner, f"External Task {TASK} cannot be locked by worker 'v'. It is locked by worker 'w'.")


@pytest.mark.parametrize("worker", ["v", "w"])
@pytest.mark.parametrize("after", [MINUTE, MINUTE + 1])
def test_a_lock_that_ran_out_leaves_a_fact_when_the_task_is_next_taken(worker: str, after: int) -> None:
    instance = at(given(CHAIN, *a_task("w")), after)

    facts = instance.when(lock(8, worker, 1000))

    assert facts == of_task(8, ExternalTaskLockExpired(), ExternalTaskLocked(worker, 1000, NOW + after + 1000))


def test_a_retry_timeout_that_ran_out_was_no_lock() -> None:
    instance = at(given(CHAIN, *a_task("w"), *failed(timeout=500)), 500)

    facts = instance.when(lock(8, "v", 1000))

    assert facts == of_task(8, ExternalTaskLocked("v", 1000, NOW + 1500))


def test_a_lock_after_a_retry_timeout_may_run_out_again() -> None:
    instance = given(CHAIN, *a_task("w"), *failed(timeout=0), *of_task(8, ExternalTaskLocked("v", 10, NOW + 10)))

    facts = at(instance, 10).when(lock(8, "w", 1000))

    assert facts == of_task(8, ExternalTaskLockExpired(), ExternalTaskLocked("w", 1000, NOW + 1010))


def test_until_its_retry_timeout_a_task_is_its_failed_workers() -> None:
    instance = given(CHAIN, *a_task("w"), *failed(timeout=500))

    refusal = at(instance, 499).refusal(lock(8, "v"))

    assert refusal == Refused(NotOwner, f"External Task {TASK} cannot be locked by worker 'v'. It is locked by worker 'w'.")


def test_neither_retries_nor_suspension_keep_from_locking() -> None:
    no_retries = of_task(8, ExternalTaskFailed("w", retries=0))
    instance = given(CHAIN, *a_task("w"), *no_retries, *of_instance(ProcessInstanceSuspended()))

    facts = instance.when(lock(8, "v", 1000))

    assert facts == of_task(8, ExternalTaskLocked("v", 1000, NOW + 1000))


@pytest.mark.parametrize("duration", [1, 10 * MINUTE])
def test_an_extended_lock_counts_from_now(duration: int) -> None:
    instance = at(given(CHAIN, *a_task("w")), 500)

    facts = instance.when(extend(8, "w", duration))

    assert facts == of_task(8, ExternalTaskLockExtended("w", duration, NOW + 500 + duration))


def test_a_lock_is_extended_in_its_last_millisecond() -> None:
    instance = at(given(CHAIN, *a_task("w")), MINUTE)

    facts = instance.when(extend(8, "w", 1000))

    assert facts == of_task(8, ExternalTaskLockExtended("w", 1000, NOW + MINUTE + 1000))


def test_a_lock_that_ran_out_is_not_extended() -> None:
    instance = at(given(CHAIN, *a_task("w")), MINUTE + 1)

    refusal = instance.refusal(extend(8, "w"))

    message = f"Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to {NOW + MINUTE + 1}"
    assert refusal == Refused(Rejected, message)


@pytest.mark.parametrize(("owner", "name"), [("w", "w"), (None, "null"), ("", "")])
def test_nobody_extends_anothers_lock(owner: str | None, name: str) -> None:
    instance = given(CHAIN, *a_task(owner))

    refusal = instance.refusal(extend(8, "v"))

    message = f"The lock of the External Task {TASK} cannot be extended by worker 'v''. It is locked by worker '{name}'."
    assert refusal == Refused(NotOwner, message)


def test_a_suspended_tasks_lock_is_not_extended() -> None:
    instance = given(CHAIN, *a_task("w"), *of_instance(ProcessInstanceSuspended()))

    refusal = instance.refusal(extend(8, "w"))

    assert refusal == Refused(Suspended, f"ENGINE-03043 ExternalTask with id '{TASK}' is suspended.")


def test_an_extension_is_checked_for_the_worker_then_for_expiry_then_for_suspension() -> None:
    instance = at(given(CHAIN, *a_task("w"), *of_instance(ProcessInstanceSuspended())), MINUTE + 1)

    assert [instance.refusal(extend(8, "v")).by, instance.refusal(extend(8, "w")).by] == [NotOwner, Rejected]


@pytest.mark.parametrize("worker", [None, "w"])
def test_a_task_is_unlocked_whoever_holds_it(worker: str | None) -> None:
    instance = given(CHAIN, *a_task(worker), *of_instance(ProcessInstanceSuspended()))

    facts = instance.when(unlock(8))

    assert facts == of_task(8, ExternalTaskUnlocked())
    (task,) = instance.history.open_tasks
    assert (task.worker_id, task.lock_until, task.released) == (None, None, False)


def test_an_unlocked_task_has_no_lock_that_could_run_out() -> None:
    instance = at(given(CHAIN, *a_task("w"), *of_task(8, ExternalTaskUnlocked())), 2 * MINUTE)

    facts = instance.when(lock(8, "v", 1000))

    assert facts == of_task(8, ExternalTaskLocked("v", 1000, NOW + 2 * MINUTE + 1000))


def test_the_worker_without_a_name_is_a_worker_like_any_other() -> None:
    instance = given(CHAIN, *a_task(None))

    facts = instance.when(lock(8, "", 1000))

    assert facts == of_task(8, ExternalTaskLocked("", 1000, NOW + 1000))
