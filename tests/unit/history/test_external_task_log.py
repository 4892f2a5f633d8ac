"""Entries of the log of external tasks: one for each creation, failure and end, with what stood before."""

from __future__ import annotations

from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskPrioritySet,
    ExternalTaskRetriesSet,
)
from projections.history.external_task_log.entries import position_of
from projections.history.external_task_log.project import CREATION, DELETION, FAILURE, SUCCESS, ExternalTaskLog, LogEntry
from tests.unit.history.stories import BEGUN, INSTANCE, WORK, Story, new, task

CREATED_AT = 105
"""The position of the task's creation in BEGUN."""


def entry(position: int, kind: int, at: int, priority: int = 7, retries: int | None = None, worker: str | None = "w") -> LogEntry:
    """An entry about the task of BEGUN."""
    return LogEntry(position, INSTANCE, WORK, kind, at, "work", "t", priority, retries, worker)


def begun() -> Story:
    """A story in which the task waits already."""
    story = Story()
    story.batch(story.command(1000, *BEGUN))
    return story


def test_a_created_task_has_an_entry() -> None:
    story = Story()

    changes = story.batch(story.command(1000, *BEGUN))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT, CREATION, 1000, worker=None)]


def test_a_failure_has_the_retries_from_before_and_the_end_those_that_it_left() -> None:
    story = begun()

    first = story.command(2000, task(ExternalTaskFailed("w", "no", "details", retries=2)))
    last = story.command(3000, task(ExternalTaskCompleted("v")))
    changes = story.batch(first, last)

    failure = entry(CREATED_AT + 1, FAILURE, 2000)
    failure.error_message, failure.error_details = "no", "details"
    assert new(changes, ExternalTaskLog) == [failure, entry(CREATED_AT + 2, SUCCESS, 3000, retries=2, worker="v")]


def test_a_long_message_is_cut_as_on_the_task() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskFailed("w", "x" * 1000))))

    assert [e.error_message for e in new(changes, ExternalTaskLog)] == ["x" * 666]


def test_set_retries_and_priorities_have_no_entry_but_show_in_later_ones() -> None:
    story = begun()

    setting = story.command(2000, task(ExternalTaskRetriesSet(5)), task(ExternalTaskPrioritySet(9)))
    changes = story.batch(setting, story.command(3000, task(ExternalTaskCompleted("w"))))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT + 3, SUCCESS, 3000, priority=9, retries=5)]


def test_a_cancelled_task_s_entry_names_who_held_it() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskCancelled()), held_by="w"))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT + 1, DELETION, 2000)]


def test_a_bpmn_error_is_a_deletion() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskBpmnErrorRaised("w", "e", "why"))))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT + 1, DELETION, 2000)]


def test_a_completion_that_an_error_definition_turns_into_an_error_is_a_deletion() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskCompleted("w")), task(ExternalTaskCancelled())))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT + 1, DELETION, 2000)]


def test_a_failure_that_an_error_definition_turns_into_an_error_is_a_deletion() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskFailed("w", "no", "details")), task(ExternalTaskCancelled())))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT + 1, DELETION, 2000)]


def test_a_failure_stays_one_when_the_task_is_cancelled_later() -> None:
    story = begun()
    story.batch(story.command(2000, task(ExternalTaskFailed("w", retries=1))))

    changes = story.batch(story.command(3000, task(ExternalTaskCancelled()), held_by="w"))

    assert new(changes, ExternalTaskLog) == [entry(CREATED_AT + 2, DELETION, 3000, retries=1)]


def test_an_id_that_is_no_entry_s_has_no_position() -> None:
    assert position_of("00000000-0000-8000-8000-0000000000ff") == 255
    assert [position_of(id) for id in ("ghost", INSTANCE)] == [None, None]
