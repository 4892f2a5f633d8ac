"""Decisions about process definitions (REST contract §10.3): their own facts, and those of what is suspended with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

from domain.deciding import lone_job
from domain.elements import ProcessDefinition
from domain.facts import (
    Fact,
    HistoryTimeToLiveSet,
    JobDefinitionsSuspended,
    ProcessDefinitionDeleted,
    ProcessDefinitionResumed,
    ProcessDefinitionSuspended,
    SuspensionScheduled,
)
from domain.ids import derived_id, stream_of_definition
from domain.job_commands import SuspendJob
from domain.job_definitions import job_definition_id, kind_of
from domain.job_definitions import job_definitions as find_job_definitions
from domain.lone_job import LoneJob
from domain.refusals import ExecutionFailed, NotFound, Suspended

Placed: TypeAlias = list[tuple[str, Fact]]


class DeployedDefinition(msgspec.Struct, frozen=True):
    """A definition as a command that is to delete it knows it."""

    id: str
    running_instances: int


def suspend(definition_ids: Sequence[str], suspended: bool, include_instances: bool) -> Placed:
    """Suspend or resume definitions."""
    kind = ProcessDefinitionSuspended if suspended else ProcessDefinitionResumed
    return [(stream_of_definition(id), kind(id, include_instances)) for id in definition_ids]


def suspend_job_definitions(stream_id: str, ids: Sequence[str], suspended: bool, include_jobs: bool) -> Placed:
    """Suspend or resume the job definitions that belong to definitions."""
    return [(stream_id, JobDefinitionsSuspended(tuple(ids), suspended, include_jobs))] if ids else []


def suspend_start_timers(timers: Iterable[LoneJob], suspended: bool, now: int) -> Placed:
    """Start timers are suspended with their definition, whatever happens to its instances."""
    return [(timer.id, fact) for timer in timers for fact in lone_job.changed(timer, SuspendJob(timer.id, suspended), now)]


def put_off(definitions: Sequence[ProcessDefinition], deployment_id: str, activation: int | None, now: int) -> Placed:
    """New definitions that can be started only later: they are suspended until then."""
    if activation is None or activation <= now or not definitions:
        return []
    ids = tuple(definition.id for definition in definitions)
    job_definitions = [job_definition_id(d.id, found.element_id, kind_of(found)) for d in definitions for found in find_job_definitions(d)]
    return [
        *suspend(ids, suspended=True, include_instances=False),
        *suspend_job_definitions(derived_id(deployment_id, "job definitions"), job_definitions, suspended=True, include_jobs=True),
        (derived_id(deployment_id, "activation"), SuspensionScheduled(activation, False, ids, include=True)),
    ]


def set_time_to_live(definition_id: str, days: int | None) -> Placed:
    return [(stream_of_definition(definition_id), HistoryTimeToLiveSet(definition_id, days))]


def delete(definitions: Iterable[DeployedDefinition], cascade: bool) -> Placed:
    """Delete definitions; those that instances run on only with `cascade`, where these are deleted before."""
    placed: Placed = []
    for definition in definitions:
        if definition.running_instances and not cascade:
            raise ExecutionFailed(
                "ENGINE-03076 Deletion of process definition without cascading failed. "
                f"Process definition with id: {definition.id} can't be deleted, because there are "
                f"{definition.running_instances} dependent process instances."
            )
        placed.append((stream_of_definition(definition.id), ProcessDefinitionDeleted(definition.id, cascade)))
    return placed


def unknown_definition(definition_id: str) -> NotFound:
    return NotFound(f"No process definition found with id '{definition_id}': processDefinition is null")


def is_suspended(definition_id: str) -> Suspended:
    """Why no instance of a definition can be started."""
    return Suspended(f"ENGINE-03043 Process Definition with id '{definition_id}' is suspended.")
