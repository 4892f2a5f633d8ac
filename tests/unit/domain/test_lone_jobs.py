"""Jobs that belong to no instance: what is asked of them, and what comes of their failures."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.batch import EXECUTION, batch_job_definition_id
from domain.deciding import lone_job as deciding
from domain.deciding.job import JobChange
from domain.facts import (
    BatchJobCreated,
    BatchStarted,
    Envelope,
    Fact,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    JobCreated,
    JobDeleted,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRemoved,
    JobRetriesSet,
    JobSuspensionSet,
    Recorded,
    SuspensionScheduled,
)
from domain.job_commands import DeleteJob, FailJob, RecalculateJobDueDate, SetJobDueDate, SetJobPriority, SetJobRetries, SuspendJob
from domain.job_definitions import job_definition_id
from domain.lone_job import LoneJob, fold
from domain.refusals import Rejected
from domain.state import TIMER
from tests.unit.domain.given import COMMAND, INSTANCE, NOW

JOB = INSTANCE
BATCH = "0193f000-0000-7abc-8abc-deb000000000"
OF_BATCH = BatchJobCreated(BATCH, EXECUTION, "item", None, "tenant")
OF_START = JobCreated(0, TIMER, "start", "order:1:x", due=NOW, tenant_id="tenant")
OF_LATER = SuspensionScheduled(NOW, True, ("order:1:x",), tenant_id="tenant")
RAISED = IncidentRaised(1, "failedJob", 0, "", "", JOB, "boom", "tenant", job_definition_id=batch_job_definition_id(BATCH, EXECUTION))


def given(*facts: Fact, created: Fact = OF_BATCH) -> LoneJob:
    """A job to which these facts have happened."""
    records = [Recorded(JOB, version, Envelope(NOW, COMMAND), fact) for version, fact in enumerate((created, *facts), 1)]
    found = fold(records)
    assert found is not None
    return found


def failed(retries: int) -> JobFailed:
    return JobFailed(0, "boom", None, retries)


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (SetJobRetries(JOB, 5, NOW), JobRetriesSet(0, 5, NOW)),
        (SetJobDueDate(JOB, NOW, True), JobDueDateSet(0, NOW, True)),
        (SetJobPriority(JOB, 7), JobPrioritySet(0, 7)),
        (SuspendJob(JOB, True), JobSuspensionSet(0, True)),
        (DeleteJob(JOB), JobDeleted(0)),
        (FailJob(JOB, "boom"), JobFailed(0, "boom", None, 2, None, True)),
    ],
)
def test_a_command_leaves_its_fact(command: JobChange, fact: Fact) -> None:
    assert deciding.changed(given(), command, NOW) == [fact]


def test_only_a_timer_is_computed_again() -> None:
    with pytest.raises(Rejected, match="Only timer jobs can be recalculated"):
        deciding.changed(given(), RecalculateJobDueDate(JOB), NOW)


def test_a_failure_leaves_one_retry_less() -> None:
    assert deciding.failed(given(), "boom", NOW) == [failed(2)]


def test_the_last_failure_raises_an_incident() -> None:
    assert deciding.failed(given(failed(1)), "boom", NOW) == [failed(0), RAISED]


def test_a_further_failure_raises_no_further_incident() -> None:
    assert deciding.failed(given(failed(0), RAISED), "boom", NOW) == [failed(0)]


def test_retries_that_are_set_resolve_the_incident() -> None:
    assert deciding.changed(given(failed(0), RAISED), SetJobRetries(JOB, 1), NOW) == [JobRetriesSet(0, 1), IncidentResolved(1)]


def test_retries_that_are_set_to_nothing_raise_an_incident() -> None:
    facts = deciding.changed(given(failed(2)), SetJobRetries(JOB, 0), NOW)

    assert facts == [JobRetriesSet(0, 0), RAISED]


def test_the_next_incident_has_the_next_key() -> None:
    again = given(failed(0), RAISED, JobRetriesSet(0, 1), IncidentResolved(1))

    _, raised = deciding.failed(again, "boom", NOW)

    assert isinstance(raised, IncidentRaised)
    assert raised.key == 2


@pytest.mark.parametrize(
    ("created", "place"),
    [
        (OF_BATCH, ("", "", batch_job_definition_id(BATCH, EXECUTION))),
        (OF_START, ("start", "order:1:x", job_definition_id("order:1:x", "start", TIMER))),
        (OF_LATER, ("", "", None)),
    ],
    ids=lambda created: type(created).__name__,
)
def test_an_incident_knows_what_the_job_is_for(created: Fact, place: tuple[str, str, str | None]) -> None:
    _, raised = deciding.failed(given(failed(1), created=created), "boom", NOW)

    assert isinstance(raised, IncidentRaised)
    assert (raised.element_id, raised.definition_id, raised.job_definition_id) == place
    assert (raised.configuration, raised.tenant_id) == (JOB, "tenant")


@pytest.mark.parametrize(
    ("decide", "facts"),
    [
        (deciding.executed, [JobExecuted(0), IncidentResolved(1)]),
        (deciding.removed, [JobRemoved(0), IncidentDeleted(1)]),
        (lambda job: deciding.changed(job, DeleteJob(JOB), NOW), [JobDeleted(0), IncidentDeleted(1)]),
    ],
    ids=["executed", "removed", "deleted"],
)
def test_an_incident_ends_with_its_job(decide: object, facts: Sequence[Fact]) -> None:
    assert callable(decide)
    assert decide(given(failed(0), RAISED)) == facts


@pytest.mark.parametrize("end", [JobExecuted(0), JobRemoved(0), JobDeleted(0)], ids=lambda end: type(end).__name__)
def test_a_job_ends_once(end: Fact) -> None:
    assert (given().ended, given(end).ended, given(end).version) == (False, True, 2)


def test_facts_of_something_else_make_no_job() -> None:
    assert fold([]) is None
    assert fold([Recorded(JOB, 1, Envelope(NOW, COMMAND), BatchStarted())]) is None
