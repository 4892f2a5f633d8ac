"""What history tells of batches."""

from __future__ import annotations

import pytest

from domain.batch import EXECUTION, MONITOR, SEED, batch_job_definition_id
from domain.facts import BatchCompleted, BatchCreated, BatchDeleted, BatchHistoryDeleted, BatchStarted, Fact
from domain.operations import DeleteInstances
from projections.history.batch.project import DELETE, ENDED, STARTED, Batches, BatchRow
from projections.history.changes import HistoryChanges
from tests.unit.history.stories import INSTANCE as BATCH
from tests.unit.history.stories import Story, new, updates

CREATED = BatchCreated(DeleteInstances(), ("a", "b"), 50, "tenant")
DEFINITIONS = tuple(batch_job_definition_id(BATCH, role) for role in (SEED, MONITOR, EXECUTION))


def told(*facts: Fact, actor: str | None = None) -> HistoryChanges:
    """What a batch of commands changes, one fact each, every ms."""
    story = Story()
    return story.batch(*(story.command(at, fact, actor=actor) for at, fact in enumerate(facts, 1)))


def test_a_batch_is_told_from_its_creation_to_its_end() -> None:
    changes = told(CREATED, BatchStarted(), BatchCompleted(), actor="mary")

    seed, monitor, execution = DEFINITIONS
    assert new(changes, Batches) == [BatchRow(BATCH, "instance-deletion", 2, 50, "tenant", "mary", 1, seed, monitor, execution, 2, 3)]
    assert updates(changes, Batches) == []


def test_what_happens_to_a_batch_that_was_told_of_before_changes_its_row() -> None:
    assert updates(told(BatchStarted(), BatchCompleted()), Batches) == [(STARTED, [(BATCH, 1)]), (ENDED, [(BATCH, 2)])]


def test_a_batch_that_was_given_up_has_ended() -> None:
    assert updates(told(BatchDeleted(False)), Batches) == [(ENDED, [(BATCH, 1)])]


@pytest.mark.parametrize("fact", [BatchDeleted(True), BatchHistoryDeleted()], ids=["given up", "taken out"])
def test_a_batch_is_forgotten_when_it_is_deleted_for_good(fact: Fact) -> None:
    assert updates(told(fact), Batches) == [(DELETE, [(BATCH,)])]
