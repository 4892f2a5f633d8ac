"""Commands about jobs: timers and asynchronous continuations."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class ExecuteJob(msgspec.Struct, frozen=True):
    """Do what a job is for now, due or not."""

    job_id: str


class FailJob(msgspec.Struct, frozen=True):
    """Note that a job failed for a reason outside of its process."""

    job_id: str
    message: str


class SetJobRetries(msgspec.Struct, frozen=True):
    job_id: str
    retries: int
    due: int | None = None


class SetJobDueDate(msgspec.Struct, frozen=True):
    job_id: str
    due: int | None = None
    cascade: bool = False


class RecalculateJobDueDate(msgspec.Struct, frozen=True):
    job_id: str
    creation_date_based: bool = False


class SetJobPriority(msgspec.Struct, frozen=True):
    job_id: str
    priority: int


class SuspendJob(msgspec.Struct, frozen=True):
    job_id: str
    suspended: bool


class DeleteJob(msgspec.Struct, frozen=True):
    job_id: str


class SuspendJobDefinitions(msgspec.Struct, frozen=True):
    """Suspend or resume the jobs to come of some job definitions, with `include_jobs` also those that there are; now, or at `due`."""

    job_definition_ids: tuple[str, ...]
    suspended: bool
    include_jobs: bool = False
    due: int | None = None


JobCommand: TypeAlias = (
    ExecuteJob | FailJob | SetJobRetries | SetJobDueDate | RecalculateJobDueDate | SetJobPriority | SuspendJob | DeleteJob
)
