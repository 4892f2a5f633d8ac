"""A batch: its jobs seed each other, do the work, and notice the end."""

from __future__ import annotations

import pytest

from domain.batch import EXECUTION, MONITOR, SEED, BatchState, batch_job_definition_id, fold
from domain.batch_commands import CreateBatch
from domain.deciding import batch
from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchHistoryDeleted,
    BatchJobCreated,
    BatchResumed,
    BatchSeeded,
    BatchStarted,
    BatchSuspended,
    Envelope,
    Fact,
    IncidentDeleted,
    IncidentResolved,
    JobDueDateSet,
    JobExecuted,
    JobRemoved,
    Recorded,
)
from domain.ids import derived_id
from domain.lone_job import LoneJob
from domain.operations import DeleteInstances
from domain.refusals import Rejected
from domain.state import Job
from tests.unit.domain.given import COMMAND, INSTANCE, NOW

BATCH = INSTANCE
OPERATION = DeleteInstances("because")
HOUR = 3_600_000


def given(*facts: Fact, items: int = 3, jobs_per_seed: int = 2) -> BatchState:
    """A batch to which these facts have happened."""
    created = BatchCreated(OPERATION, tuple(f"item {number}" for number in range(items)), jobs_per_seed)
    records = [Recorded(BATCH, version, Envelope(NOW, COMMAND), fact) for version, fact in enumerate((created, *facts), 1)]
    found = fold(records)
    assert found is not None
    return found


def job(role: str, number: int = 0, incident: int | None = None) -> LoneJob:
    created = BatchJobCreated(BATCH, role, f"item {number}" if role == EXECUTION else None)
    return LoneJob(job_id(role, number), created, Job(0, f"batch-{role}", "", None, NOW), incident=incident)


def job_id(role: str, number: int = 0) -> str:
    return derived_id(BATCH, f"{role}/{number}")


def execution(number: int) -> tuple[str, Fact]:
    """The job for an item is created."""
    return job_id(EXECUTION, number), BatchJobCreated(BATCH, EXECUTION, f"item {number}")


def done(role: str, number: int = 0) -> tuple[str, Fact]:
    return job_id(role, number), JobExecuted(0)


def test_a_batch_begins_with_its_first_seed_job() -> None:
    created, placed = batch.create(BATCH, CreateBatch(OPERATION, ("a", "b")))

    assert created == BatchCreated(OPERATION, ("a", "b"), 100)
    assert placed == [(BATCH, created), (job_id(SEED), BatchJobCreated(BATCH, SEED))]


def test_a_seed_job_creates_jobs_for_the_first_items_and_another_seed_job() -> None:
    assert batch.seed(given(), job(SEED)) == [
        done(SEED),
        (BATCH, BatchSeeded(2)),
        execution(0),
        execution(1),
        (job_id(SEED, 1), BatchJobCreated(BATCH, SEED)),
    ]


def test_the_last_seed_job_creates_the_monitor_job() -> None:
    assert batch.seed(given(BatchSeeded(2)), job(SEED, 1)) == [
        done(SEED, 1),
        (BATCH, BatchSeeded(1)),
        execution(2),
        (job_id(MONITOR), BatchJobCreated(BATCH, MONITOR)),
    ]


def test_a_seed_job_that_creates_the_last_jobs_exactly_is_the_last_one() -> None:
    *_, last = batch.seed(given(items=2), job(SEED))

    assert last == (job_id(MONITOR), BatchJobCreated(BATCH, MONITOR))


def test_the_monitor_job_ends_a_batch_without_jobs() -> None:
    assert batch.monitor(given(), job(MONITOR), jobs_left=False, now=NOW) == [done(MONITOR), (BATCH, BatchCompleted())]


@pytest.mark.parametrize(("age", "pause"), [(0, 30_000), (HOUR, HOUR // 10)])
def test_while_jobs_are_left_the_monitor_job_looks_again_the_later_the_older_the_batch(age: int, pause: int) -> None:
    facts = batch.monitor(given(), job(MONITOR), jobs_left=True, now=NOW + age)

    again = derived_id(job_id(MONITOR), "next"), BatchJobCreated(BATCH, MONITOR, due=NOW + age + pause)
    assert facts == [done(MONITOR), again]


def test_the_first_job_that_has_done_its_work_starts_the_batch() -> None:
    assert batch.executed_for(BATCH, job(EXECUTION), is_first=True) == [(BATCH, BatchStarted()), done(EXECUTION)]
    assert batch.executed_for(BATCH, job(EXECUTION, 1), is_first=False) == [done(EXECUTION, 1)]


def test_a_job_that_succeeds_at_last_resolves_its_incident() -> None:
    facts = batch.executed_for(BATCH, job(EXECUTION, incident=1), is_first=False)

    assert facts == [done(EXECUTION), (job_id(EXECUTION), IncidentResolved(1))]


def test_a_hurried_monitor_job_is_due_now() -> None:
    assert batch.hurried(job_id(MONITOR), NOW) == [(job_id(MONITOR), JobDueDateSet(0, NOW))]


def test_a_batch_is_suspended_and_resumed_once() -> None:
    suspended = given(BatchSuspended())

    assert batch.suspend(given(), BATCH, True) == [(BATCH, BatchSuspended())]
    assert batch.suspend(suspended, BATCH, True) == []
    assert batch.suspend(suspended, BATCH, False) == [(BATCH, BatchResumed())]
    assert batch.suspend(given(BatchSuspended(), BatchResumed()), BATCH, False) == []


def test_a_deleted_batch_takes_its_jobs_and_their_incidents_along() -> None:
    jobs = [job(EXECUTION), job(EXECUTION, 1, incident=1)]

    assert batch.delete(given(), BATCH, jobs, cascade=True) == [
        (BATCH, BatchDeleted(True)),
        (job_id(EXECUTION), JobRemoved(0)),
        (job_id(EXECUTION, 1), JobRemoved(0)),
        (job_id(EXECUTION, 1), IncidentDeleted(1)),
    ]


@pytest.mark.parametrize("found", [None, given(BatchCompleted()), given(BatchDeleted())], ids=["unknown", "completed", "deleted"])
def test_a_batch_that_is_not_there_is_neither_suspended_nor_deleted(found: BatchState | None) -> None:
    refusals: list[str] = []

    for verb, suspended in (("suspend", True), ("activate", False)):
        with pytest.raises(Rejected) as refused:
            batch.suspend(found, "B", suspended)
        refusals.append(refused.value.message.replace(verb, "suspend"))
    with pytest.raises(Rejected) as refused:
        batch.delete(found, "B", [], cascade=False)

    assert refusals == ["Unable to suspend batch with id 'B'"] * 2
    assert refused.value.message == "Unable to delete batch with id 'B'"


@pytest.mark.parametrize("found", [given(), given(BatchCompleted()), given(BatchDeleted(False))], ids=["running", "completed", "deleted"])
def test_a_batch_is_taken_out_of_history(found: BatchState) -> None:
    assert batch.delete_history(found, BATCH) == [(BATCH, BatchHistoryDeleted())]


@pytest.mark.parametrize("found", [None, given(BatchHistoryDeleted()), given(BatchDeleted(True))], ids=["unknown", "hidden", "deleted"])
def test_a_batch_is_taken_out_of_history_once(found: BatchState | None) -> None:
    with pytest.raises(Rejected) as refused:
        batch.delete_history(found, "B")

    assert refused.value.message == "Unable to delete historic batch with id 'B'"


def test_a_batch_knows_what_has_happened_to_it() -> None:
    state = given(BatchSeeded(2), BatchStarted(), BatchSeeded(1), BatchSuspended())

    assert (state.version, state.jobs_created, state.seeds) == (5, 3, 2)
    assert (state.started, state.suspended, state.ended, state.hidden) == (True, True, False, False)


def test_facts_of_something_else_make_no_batch() -> None:
    assert fold([]) is None
    assert fold([Recorded(BATCH, 1, Envelope(NOW, COMMAND), BatchStarted())]) is None


def test_the_kinds_of_jobs_of_a_batch_have_ids_of_their_own() -> None:
    assert len({batch_job_definition_id(BATCH, role) for role in (SEED, MONITOR, EXECUTION)}) == 3
