"""Rows of batches, and of their jobs and job definitions, from facts."""

from __future__ import annotations

import pytest

from domain.batch import EXECUTION, MONITOR, SEED, batch_job_definition_id
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
    Fact,
    IncidentRaised,
    JobExecuted,
    SuspensionScheduled,
)
from domain.ids import part_id
from domain.operations import SetRetriesOfTasks
from projections.batch import project as batch
from projections.incident import project as incident
from projections.job import project as job
from projections.job_definition import project as job_definition
from projections.rows import columns
from tests.unit.projections.changing import statements
from tests.unit.projections.golden_facts import ENVELOPE, STREAM

AT, BATCH, JOB = ENVELOPE.at, STREAM, part_id("0193f000-0000-7abc-8abc-deb000000000", 0)
TYPE = "set-external-task-retries"
SEEDS, MONITORS, EXECUTIONS = DEFINITIONS = [batch_job_definition_id(BATCH, role) for role in (SEED, MONITOR, EXECUTION)]


def test_a_batch_comes_with_its_kinds_of_jobs() -> None:
    fact = BatchCreated(SetRetriesOfTasks(1), ("a", "b"), 50, "tenant")

    kinds = [(SEEDS, "batch-seed-job"), (MONITORS, "batch-monitor-job"), (EXECUTIONS, TYPE)]
    assert statements((BATCH, fact)) == [
        (job_definition.INSERT, columns((id, None, None, None, kind, BATCH, None, "tenant") for id, kind in kinds)),
        (batch.INSERT, columns([(BATCH, TYPE, 2, 50, *DEFINITIONS, "tenant", "mary", AT)])),
    ]


def test_a_batch_shows_how_far_it_is() -> None:
    assert statements((BATCH, BatchSeeded(2)), (BATCH, BatchStarted()), (BATCH, BatchSeeded(1))) == [
        (batch.SEEDED, [[BATCH], [3]]),
        (batch.STARTED, [[BATCH], [AT]]),
    ]


@pytest.mark.parametrize(("fact", "suspended"), [(BatchSuspended(), True), (BatchResumed(), False)])
def test_all_of_a_batch_is_suspended_or_resumed(fact: Fact, suspended: bool) -> None:
    assert statements((BATCH, fact)) == [
        (job_definition.SUSPEND, columns((id, suspended) for id in DEFINITIONS)),
        (job.SUSPEND_BATCHES, [[BATCH], [suspended]]),
        (batch.SUSPEND, [[BATCH], [suspended]]),
    ]


@pytest.mark.parametrize("fact", [BatchCompleted(), BatchDeleted()], ids=["completed", "deleted"])
def test_a_batch_that_ended_takes_its_kinds_of_jobs_along(fact: Fact) -> None:
    assert statements((BATCH, fact)) == [(job_definition.DELETE_OF_BATCHES, [DEFINITIONS]), (batch.DELETE, [[BATCH]])]


def test_deletion_from_history_is_historys_own() -> None:
    assert statements((BATCH, BatchHistoryDeleted())) == []


def test_a_job_of_a_batch_belongs_to_no_process() -> None:
    fact = BatchJobCreated(BATCH, MONITOR, None, 7, "tenant")

    assert statements((JOB, fact)) == [(job.INSERT_LONE, columns([(JOB, "batch-monitor", MONITORS, BATCH, AT, 7, "tenant")]))]


def test_a_suspension_to_come_is_a_job_of_no_definition() -> None:
    fact = SuspensionScheduled(7, True, ("order:1:x",))

    assert statements((JOB, fact)) == [(job.INSERT_LONE, columns([(JOB, "suspension", None, None, AT, 7, None)]))]


def test_a_job_of_a_batch_ends_as_any_other() -> None:
    assert statements((JOB, JobExecuted(0))) == [(job.DELETE, [[JOB]])]


def test_an_incident_of_a_job_of_a_batch_stands_nowhere_in_a_process() -> None:
    fact = IncidentRaised(1, "failedJob", 0, "", "", JOB, "boom", None, job_definition_id=EXECUTIONS)

    row = (part_id(JOB, 1), "failedJob", AT, None, None, None, None, JOB, "boom", None, None, EXECUTIONS)
    assert statements((JOB, fact)) == [(incident.INSERT, columns([row]))]
