"""Rows of process instances: from start to end, and out of history."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementTerminated,
    HistoryHidden,
    ProcessDefinitionDeleted,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    ProcessInstanceResumed,
    ProcessInstanceStarted,
    ProcessInstanceSuspended,
)
from projections.history.process_instance.project import (
    HIDE,
    HIDE_DEFINITIONS,
    UPDATE,
    ProcessInstanceRow,
    ProcessInstances,
)
from tests.unit.history.stories import BEGUN, DEFINITION_ID, INSTANCE, WORK, Story, new, updates

DAY = 86_400_000


def test_an_instance_is_active_from_its_start() -> None:
    story = Story()
    started = ProcessInstanceStarted(DEFINITION_ID, "order-1", tenant_id="t")

    changes = story.batch(story.command(1000, started, *BEGUN[1:], actor="ann"))

    row = ProcessInstanceRow(INSTANCE, DEFINITION_ID, "p", "order-1", "t", 1000, "ann", "start", "ACTIVE")
    assert new(changes, ProcessInstances) == [row]


def test_an_instance_that_ends_in_the_batch_of_its_start_is_one_row() -> None:
    story = Story()

    changes = story.batch(story.command(1000, *BEGUN), story.command(5000, ProcessInstanceEnded("COMPLETED")))

    ended = ProcessInstanceRow(INSTANCE, DEFINITION_ID, "p", None, None, 1000, None, "start", "COMPLETED", 5000, 5000 + DAY)
    assert new(changes, ProcessInstances) == [ended]
    assert updates(changes, ProcessInstances) == []


def test_a_deleted_instance_keeps_the_reason() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    deleted = ProcessInstanceDeleted("because"), ElementTerminated(WORK), ProcessInstanceEnded("EXTERNALLY_TERMINATED")
    changes = story.batch(story.command(5000, *deleted))

    row = INSTANCE, "EXTERNALLY_TERMINATED", 5000, 5000 + DAY, "because"
    assert updates(changes, ProcessInstances) == [(UPDATE, [row])]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([ProcessInstanceSuspended()], "SUSPENDED"),
        ([ProcessInstanceSuspended(), ProcessInstanceResumed()], "ACTIVE"),
    ],
)
def test_the_last_state_of_a_batch_is_written(facts: list[ProcessInstanceSuspended], state: str) -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    changes = story.batch(story.command(2000, *facts))

    assert updates(changes, ProcessInstances) == [(UPDATE, [(INSTANCE, state, None, None, None)])]


def test_a_hidden_instance_leaves() -> None:
    story = Story()

    changes = story.batch(story.command(1000, HistoryHidden()))

    assert updates(changes, ProcessInstances) == [(HIDE, [(INSTANCE,)])]


@pytest.mark.parametrize(("cascade", "hidden"), [(True, [(HIDE_DEFINITIONS, [(DEFINITION_ID,)])]), (False, [])])
def test_the_instances_of_a_definition_leave_with_it_only_in_a_cascade(cascade: bool, hidden: list[object]) -> None:
    story = Story()

    changes = story.batch(story.command(1000, ProcessDefinitionDeleted(DEFINITION_ID, cascade)))

    assert updates(changes, ProcessInstances) == hidden
