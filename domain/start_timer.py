"""A timer that starts instances: an aggregate of its own, whose only job has the key 0. Every firing of a cycle leaves the next one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, assert_never, cast

import msgspec
from msgspec.structs import replace

from domain.facts import (
    Envelope,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    JobCreated,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRemoved,
    JobRetriesSet,
    JobSuspensionSet,
    Recorded,
)
from domain.job import JobChanged, JobEnded, created, evolve_job
from domain.state import Job

StartTimerFact: TypeAlias = JobCreated | JobEnded | JobChanged | IncidentRaised | IncidentResolved | IncidentDeleted


class StartTimer(msgspec.Struct, frozen=True):
    id: str
    definition_id: str
    job: Job
    tenant_id: str | None = None
    version: int = 1
    incident: int | None = None
    """Key of its open incident."""
    incidents: int = 0
    """How many it has had."""
    ended: bool = False


def fold(records: Iterable[Recorded]) -> StartTimer | None:
    """The timer as its facts make it; None for the facts of anything else."""
    timer: StartTimer | None = None
    for record in records:
        if timer is None:
            timer = _begun(record)
            if timer is None:
                return None
        else:
            timer = evolve(timer, cast(StartTimerFact, record.fact), record.envelope)
    return timer


def _begun(record: Recorded) -> StartTimer | None:
    fact = record.fact
    if not isinstance(fact, JobCreated):
        return None
    return StartTimer(record.originator_id, fact.definition_id, created(fact, record.envelope), fact.tenant_id)


def evolve(timer: StartTimer, fact: StartTimerFact, envelope: Envelope) -> StartTimer:
    """The timer after one more fact: total and silent."""
    return replace(_apply(timer, fact), version=timer.version + 1)


def _apply(timer: StartTimer, fact: StartTimerFact) -> StartTimer:
    match fact:
        case JobExecuted() | JobRemoved() | JobDeleted():
            return replace(timer, ended=True)
        case JobFailed() | JobRetriesSet() | JobDueDateSet() | JobDueDateRecalculated() | JobPrioritySet() | JobSuspensionSet():
            return replace(timer, job=evolve_job(timer.job, fact))
        case IncidentRaised(key):
            return replace(timer, incident=key, incidents=timer.incidents + 1)
        case IncidentResolved() | IncidentDeleted():
            return replace(timer, incident=None)
        case JobCreated():
            return timer
        case _:
            assert_never(fact)
