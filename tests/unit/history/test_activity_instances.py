"""Rows of activity instances: where they are, what they are, and how they ended."""

from __future__ import annotations

from domain.facts import ElementActivated, ElementCompleted, ElementTerminated, ErrorThrown, UserTaskCreated
from domain.state import CONCURRENT_EXECUTION, SCOPE_EXECUTION
from projections.history.activity_instance.project import UPDATE, ActivityInstanceRow, ActivityInstances
from tests.unit.history.stories import BEGUN, DEFINITION_ID, INSTANCE, STARTED, WORK, Story, new, updates

START = ActivityInstanceRow(INSTANCE, 4, 0, 0, "start", "startEvent", None, 1000, end_time=1000)
WAITING = ActivityInstanceRow(INSTANCE, WORK, 0, WORK + SCOPE_EXECUTION, "work", "serviceTask", "Work", 1000)


def test_a_waiting_activity_has_no_end() -> None:
    story = Story()

    changes = story.batch(story.command(1000, *BEGUN))

    assert new(changes, ActivityInstances) == [START, WAITING]
    assert updates(changes, ActivityInstances) == []


def test_an_activity_that_begins_and_ends_in_one_batch_is_one_row() -> None:
    story = Story()

    changes = story.batch(story.command(1000, *BEGUN), story.command(2000, ElementCompleted(WORK), ElementActivated(12, "end", 0)))

    ended = ActivityInstanceRow(INSTANCE, WORK, 0, WORK + SCOPE_EXECUTION, "work", "serviceTask", "Work", 1000, end_time=2000)
    end = ActivityInstanceRow(INSTANCE, 12, 0, 0, "end", "noneEndEvent", None, 2000)
    assert new(changes, ActivityInstances) == [START, ended, end]
    assert updates(changes, ActivityInstances) == []


def test_the_end_of_an_earlier_batch_s_activity_is_an_update() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    changes = story.batch(story.command(2000, ElementCompleted(WORK)))

    assert new(changes, ActivityInstances) == []
    assert updates(changes, ActivityInstances) == [(UPDATE, [(INSTANCE, WORK, WORK + SCOPE_EXECUTION, 2000, False, False)])]


def test_an_interrupted_activity_is_canceled() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    changes = story.batch(story.command(2000, ElementTerminated(WORK)))

    assert updates(changes, ActivityInstances) == [(UPDATE, [(INSTANCE, WORK, WORK + SCOPE_EXECUTION, 2000, True, False)])]


def test_a_token_that_was_cancelled_on_its_way_leaves_no_row() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    changes = story.batch(story.command(2000, ElementTerminated(WORK + 4)))

    assert (new(changes, ActivityInstances), updates(changes, ActivityInstances)) == ([], [])


def test_where_a_token_goes_no_further_its_scope_is_complete() -> None:
    story = Story()

    changes = story.batch(story.command(1000, STARTED, ElementActivated(4, "end", 0), ElementCompleted(4)))

    end = ActivityInstanceRow(INSTANCE, 4, 0, 0, "end", "noneEndEvent", None, 1000, end_time=1000, complete_scope=True)
    assert new(changes, ActivityInstances) == [end]


def test_an_error_that_nobody_catches_completes_the_scope_too() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    changes = story.batch(story.command(2000, ErrorThrown(WORK, "e", None, None), ElementCompleted(WORK)))

    assert updates(changes, ActivityInstances) == [(UPDATE, [(INSTANCE, WORK, WORK + SCOPE_EXECUTION, 2000, False, True)])]


def test_a_user_task_has_its_assignee() -> None:
    story = Story()
    created = UserTaskCreated(4, "look", DEFINITION_ID, 0, assignee="ann")

    changes = story.batch(story.command(1000, STARTED, ElementActivated(4, "look", 0), created))

    assert new(changes, ActivityInstances) == [ActivityInstanceRow(INSTANCE, 4, 0, 0, "look", "userTask", "Look", 1000, assignee="ann")]


def test_beside_others_an_activity_has_an_execution_of_its_own() -> None:
    story = Story()

    changes = story.batch(story.command(1000, *BEGUN, ElementActivated(12, "fork", 0)))

    assert new(changes, ActivityInstances)[-1].execution == 12 + CONCURRENT_EXECUTION


def test_inside_a_sub_process_a_single_activity_runs_on_its_execution() -> None:
    story = Story()

    changes = story.batch(story.command(1000, STARTED, ElementActivated(4, "sub", 0), ElementActivated(8, "inside", 4)))

    sub = ActivityInstanceRow(INSTANCE, 4, 0, 4 + SCOPE_EXECUTION, "sub", "subProcess", None, 1000)
    inside = ActivityInstanceRow(INSTANCE, 8, 4, 4 + SCOPE_EXECUTION, "inside", "startEvent", None, 1000)
    assert new(changes, ActivityInstances) == [sub, inside]
