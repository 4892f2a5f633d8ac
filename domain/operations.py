"""What a batch does to each of its items, under Camunda's names of the types of batches (REST contract §8, §10.10)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.instructions import Instruction
from domain.values import Value


class SetRetriesOfTasks(msgspec.Struct, frozen=True, array_like=True, tag="set-external-task-retries"):
    """The items are external tasks."""

    retries: int


class SetRetriesOfJobs(msgspec.Struct, frozen=True, array_like=True, tag="set-job-retries"):
    """The items are jobs. `due` counts where `due_given`: without a date they are due at once."""

    retries: int
    due: int | None = None
    due_given: bool = False


class DeleteInstances(msgspec.Struct, frozen=True, array_like=True, tag="instance-deletion"):
    """The items are process instances; one that is gone is no failure."""

    reason: str | None = None
    skip_io_mappings: bool = False


class SuspendInstances(msgspec.Struct, frozen=True, array_like=True, tag="instance-update-suspension-state"):
    """The items are process instances; one that is gone is no failure."""

    suspended: bool


class SetVariablesOfInstances(msgspec.Struct, frozen=True, array_like=True, tag="set-variables"):
    variables: dict[str, Value]


class CorrelateToInstances(msgspec.Struct, frozen=True, array_like=True, tag="correlate-message"):
    """Let a message reach each of some process instances."""

    message: str
    variables: dict[str, Value] = {}


class ModifyInstances(msgspec.Struct, frozen=True, array_like=True, tag="instance-modification"):
    instructions: tuple[Instruction, ...]
    skip_io_mappings: bool = False
    annotation: str | None = None


Operation: TypeAlias = (
    SetRetriesOfTasks
    | SetRetriesOfJobs
    | DeleteInstances
    | SuspendInstances
    | SetVariablesOfInstances
    | CorrelateToInstances
    | ModifyInstances
)


def type_of(operation: Operation) -> str:
    """Camunda's name of the type of a batch that does this."""
    tag = operation.__struct_config__.tag
    assert isinstance(tag, str)
    return tag
