"""Rows of jobs from facts: of several changes of a job in one transaction the last one counts, whatever it changes."""

from __future__ import annotations

from domain.facts import (
    JobCreated,
    JobDefinitionsSuspended,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRetriesSet,
    JobSuspensionSet,
    ProcessInstanceResumed,
    ProcessInstanceSuspended,
)
from domain.ids import last_part_id, part_id
from domain.job_definitions import job_definition_id
from projections.job import project as job
from projections.rows import columns
from tests.unit.projections.changing import statements
from tests.unit.projections.golden_facts import ENVELOPE
from tests.unit.projections.golden_facts import STREAM as INSTANCE

JOB, OTHER = part_id(INSTANCE, 21), part_id(INSTANCE, 25)
KIND = job_definition_id("p:1:d", "work", "async-before")


def test_a_job_knows_who_waits_for_it_and_where() -> None:
    created = JobCreated(21, "async-before", "work", "p:1:d", 16, 17, None, None, 5, "tenant", 0, 8)

    ((sql, parameters), *_) = statements((INSTANCE, created))

    places = (INSTANCE, part_id(INSTANCE, 17), part_id(INSTANCE, 16), part_id(INSTANCE, 9))
    row = (JOB, "async-before", KIND, *places, "work", "p:1:d", ENVELOPE.at, None, 5, "tenant")
    assert (sql, parameters) == (job.INSERT, columns([row]))


def test_a_job_that_starts_instances_belongs_to_none() -> None:
    kind = job_definition_id("p:1:d", "start", "timer")

    assert statements((INSTANCE, JobCreated(0, "timer", "start", "p:1:d", due=7))) == [
        (job.INSERT, columns([(INSTANCE, "timer", kind, None, None, None, None, "start", "p:1:d", ENVELOPE.at, 7, 0, None)]))
    ]


def test_a_job_that_was_made_and_done_in_one_transaction_leaves_nothing() -> None:
    created = JobCreated(21, "async-before", "work", "p:1:d", 16, 17)

    assert statements((INSTANCE, created), (INSTANCE, JobExecuted(21))) == []
    assert statements((INSTANCE, JobExecuted(21))) == [(job.DELETE, [[JOB]])]


def test_changes_of_different_jobs_are_one_statement() -> None:
    assert statements((INSTANCE, JobRetriesSet(21, 1)), (INSTANCE, JobRetriesSet(25, 2))) == [
        (job.RETRIES, columns([(JOB, 1, None), (OTHER, 2, None)]))
    ]


def test_changes_of_one_job_keep_their_order() -> None:
    found = statements(
        (INSTANCE, JobRetriesSet(21, 1)),
        (INSTANCE, JobFailed(21, "boom", "work", 0, 9)),
        (INSTANCE, JobRetriesSet(21, 2)),
        (INSTANCE, JobDueDateSet(25, 5)),
        (INSTANCE, JobPrioritySet(25, 6)),
    )

    assert found == [
        (job.RETRIES, columns([(JOB, 1, None)])),
        (job.DUE, columns([(OTHER, 5)])),
        (job.FAIL, columns([(JOB, 0, 9, "boom", "work")])),
        (job.PRIORITY, columns([(OTHER, 6)])),
        (job.RETRIES, columns([(JOB, 2, None)])),
    ]


def test_the_suspension_of_many_jobs_keeps_its_place_among_those_of_single_ones() -> None:
    found = [
        (sql, parameters)
        for sql, parameters in statements(
            (INSTANCE, JobSuspensionSet(21, True)),
            (INSTANCE, ProcessInstanceSuspended()),
            (INSTANCE, ProcessInstanceResumed()),
            (INSTANCE, JobSuspensionSet(25, True)),
            (INSTANCE, JobDefinitionsSuspended((KIND,), False, True)),
        )
        if " job " in sql
    ]

    whole = INSTANCE, last_part_id(INSTANCE)
    assert found == [
        (job.SUSPEND, columns([(JOB, True)])),
        (job.SUSPEND_INSTANCES, columns([(*whole, True)])),
        (job.SUSPEND_INSTANCES, columns([(*whole, False)])),
        (job.SUSPEND, columns([(OTHER, True)])),
        (job.SUSPEND_KINDS, columns([(KIND, False)])),
    ]


def test_new_jobs_of_suspended_job_definitions_alone_change_no_job() -> None:
    sqls = [sql for sql, _ in statements((INSTANCE, JobDefinitionsSuspended((KIND,), True)))]

    assert job.SUSPEND_KINDS not in sqls
