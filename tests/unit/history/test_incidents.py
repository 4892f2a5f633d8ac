"""Rows of incidents: raised, resolved, deleted, annotated."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.facts import (
    ExternalTaskFailed,
    ExternalTaskRetriesSet,
    Fact,
    IncidentAnnotated,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
)
from domain.ids import part_id
from domain.state import SCOPE_EXECUTION, TASK
from projections.history.incident.project import ANNOTATE, CLOSE, DELETED, OPEN, RESOLVED, IncidentRow, Incidents
from tests.unit.history.stories import BEGUN, DEFINITION_ID, INSTANCE, WORK, Story, new, task, updates

KEY = 12
TASK_ID = part_id(INSTANCE, WORK + TASK)
RAISED = IncidentRaised(KEY, "failedExternalTask", WORK, "work", DEFINITION_ID, TASK_ID, "boom")


def incident(failure: int | None, at: int) -> IncidentRow:
    """The row of RAISED."""
    return IncidentRow(INSTANCE, KEY, WORK + SCOPE_EXECUTION, "failedExternalTask", "work", TASK_ID, failure, "boom", at)


JOB_DEFINITION = "0193f000-0000-7abc-8abc-def900000003"
JOB_ID = part_id(INSTANCE, 13)
OF_A_JOB = IncidentRaised(16, "failedJob", WORK, "work", DEFINITION_ID, JOB_ID, "boom", None, 13, 0, "look", JOB_DEFINITION)
OF_A_START_TIMER = IncidentRaised(1, "failedJob", 0, "start", DEFINITION_ID, "0193f000-0000-7abc-8abc-deaa00000000", "boom")


def begun() -> Story:
    """A story in which the task waits already."""
    story = Story()
    story.batch(story.command(1000, *BEGUN))
    return story


def test_an_incident_names_the_failure_that_it_is_about() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskFailed("w", "boom")), RAISED))

    assert new(changes, Incidents) == [incident(106, 2000)]


def test_the_latest_failure_counts_also_when_set_retries_raise_the_incident() -> None:
    story = begun()
    story.batch(story.command(2000, task(ExternalTaskFailed("w", "boom", retries=1))))

    changes = story.batch(story.command(3000, task(ExternalTaskRetriesSet(0)), RAISED))

    assert new(changes, Incidents) == [incident(106, 3000)]


def test_a_task_that_never_failed_has_no_failure_to_name() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskRetriesSet(0)), RAISED))

    assert new(changes, Incidents) == [incident(None, 2000)]


@pytest.mark.parametrize(("fact", "state"), [(IncidentResolved(KEY), RESOLVED), (IncidentDeleted(KEY), DELETED)])
def test_an_incident_is_closed_in_its_own_batch_or_later(fact: Fact, state: int) -> None:
    story, other = begun(), begun()
    other.batch(other.command(2000, RAISED))

    at_once = story.batch(story.command(2000, RAISED), story.command(3000, fact))
    later = other.batch(other.command(3000, fact))

    assert [(row.end_time, row.state) for row in new(at_once, Incidents)] == [(3000, state)]
    assert updates(later, Incidents) == [(CLOSE, [(INSTANCE, KEY, 3000, state)])]


def test_a_note_is_kept() -> None:
    story, other = begun(), begun()
    other.batch(other.command(2000, RAISED))

    at_once = story.batch(story.command(2000, RAISED), story.command(3000, IncidentAnnotated(KEY, "look")))
    later = other.batch(other.command(3000, IncidentAnnotated(KEY, "look")))

    assert [(row.annotation, row.state) for row in new(at_once, Incidents)] == [("look", OPEN)]
    assert updates(later, Incidents) == [(ANNOTATE, [(INSTANCE, KEY, "look")])]


def test_the_incident_of_a_job_names_its_execution_and_where_it_failed_and_no_task() -> None:
    story = begun()

    changes = story.batch(story.command(2000, task(ExternalTaskFailed("w", "boom", retries=1)), OF_A_JOB))

    expected = IncidentRow(INSTANCE, 16, 0, "failedJob", "work", JOB_ID, None, "boom", 2000)
    assert new(changes, Incidents) == [replace(expected, failed_activity_id="look", job_definition_id=JOB_DEFINITION)]


def test_nothing_is_told_of_the_incidents_of_a_timer_that_starts_instances() -> None:
    story = Story()

    changes = story.batch(
        story.command(1000, OF_A_START_TIMER), story.command(2000, IncidentResolved(1)), story.command(3000, IncidentDeleted(1))
    )

    assert (new(changes, Incidents), updates(changes, Incidents)) == ([], [])
