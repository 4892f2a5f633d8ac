"""Commands: what somebody asks the engine to do. Verb and noun; every field is checked and typed before a command is made."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.batch_commands import BatchCommand
from domain.definition_commands import DefinitionCommand
from domain.event_commands import Broadcast, EventCommand
from domain.instructions import StartInstruction
from domain.job_commands import JobCommand, SuspendJobDefinitions
from domain.modification_commands import ModifyProcessInstance
from domain.values import Value


class StartProcessInstance(msgspec.Struct, frozen=True):
    """Start the latest version of `definition_key` (of the tenant, or of nobody), or exactly the definition `definition_id`.

    `start` is the id of the start event; None: the definition's own. `instructions` say where else the instance begins.
    """

    definition_id: str | None = None
    definition_key: str | None = None
    tenant_id: str | None = None
    business_key: str | None = None
    variables: dict[str, Value] = {}
    start: str | None = None
    instructions: tuple[StartInstruction, ...] = ()
    skip_io_mappings: bool = False


class LockExternalTask(msgspec.Struct, frozen=True):
    """`lock_duration` in ms."""

    task_id: str
    worker_id: str
    lock_duration: int


class ExtendExternalTaskLock(msgspec.Struct, frozen=True):
    """`new_duration` in ms, from now."""

    task_id: str
    worker_id: str
    new_duration: int


class UnlockExternalTask(msgspec.Struct, frozen=True):
    task_id: str


class CompleteExternalTask(msgspec.Struct, frozen=True):
    task_id: str
    worker_id: str
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


class FailExternalTask(msgspec.Struct, frozen=True):
    """`retry_timeout` in ms."""

    task_id: str
    worker_id: str
    error_message: str | None = None
    error_details: str | None = None
    retries: int = 0
    retry_timeout: int = 0
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


class RaiseBpmnError(msgspec.Struct, frozen=True):
    task_id: str
    worker_id: str
    error_code: str
    error_message: str | None = None
    variables: dict[str, Value] = {}


class SetExternalTaskRetries(msgspec.Struct, frozen=True):
    """Of one task or of many: all or none."""

    task_ids: tuple[str, ...]
    retries: int


class SetExternalTaskPriority(msgspec.Struct, frozen=True):
    task_id: str
    priority: int


class CompleteUserTask(msgspec.Struct, frozen=True):
    task_id: str
    variables: dict[str, Value] = {}


class ModifyVariables(msgspec.Struct, frozen=True):
    """Set and then remove variables as seen from an execution; `local`: exactly in that scope."""

    execution_id: str
    modifications: dict[str, Value] = {}
    deletions: tuple[str, ...] = ()
    local: bool = False


class SuspendProcessInstance(msgspec.Struct, frozen=True):
    instance_id: str
    suspended: bool
    """False resumes it."""


class DeleteProcessInstance(msgspec.Struct, frozen=True):
    instance_id: str
    reason: str | None = None
    skip_io_mappings: bool = False


class CreateIncident(msgspec.Struct, frozen=True):
    execution_id: str
    incident_type: str
    configuration: str | None = None
    message: str | None = None


class ResolveIncident(msgspec.Struct, frozen=True):
    incident_id: str


class HideHistory(msgspec.Struct, frozen=True):
    """Take an ended instance out of history."""

    instance_id: str


class AnnotateIncident(msgspec.Struct, frozen=True):
    incident_id: str
    annotation: str | None


class ResourceFile(msgspec.Struct, frozen=True):
    name: str
    content: bytes


class CreateDeployment(msgspec.Struct, frozen=True):
    """Deploy files; `.bpmn` and `.bpmn20.xml` are read as models, others are only kept.

    `filter_duplicates`: nothing new when the newest deployment of that name and source has the very same files.
    `changed_only`: only files that differ from those of that deployment. `activation`: when the new definitions can be started (epoch ms);
    None: now.
    """

    name: str | None
    source: str | None
    tenant_id: str | None
    files: tuple[ResourceFile, ...]
    filter_duplicates: bool = False
    changed_only: bool = False
    activation: int | None = None


class DeleteDeployment(msgspec.Struct, frozen=True):
    deployment_id: str
    cascade: bool = False
    skip_io_mappings: bool = False


TaskCommand: TypeAlias = (
    LockExternalTask
    | ExtendExternalTaskLock
    | UnlockExternalTask
    | CompleteExternalTask
    | FailExternalTask
    | RaiseBpmnError
    | SetExternalTaskPriority
)
IncidentCommand: TypeAlias = CreateIncident | ResolveIncident | AnnotateIncident
InstanceCommand: TypeAlias = (
    CompleteUserTask
    | ModifyVariables
    | SuspendProcessInstance
    | DeleteProcessInstance
    | HideHistory
    | ModifyProcessInstance
    | IncidentCommand
    | EventCommand
    | JobCommand
)
Command: TypeAlias = (
    StartProcessInstance
    | TaskCommand
    | SetExternalTaskRetries
    | InstanceCommand
    | Broadcast
    | SuspendJobDefinitions
    | CreateDeployment
    | DeleteDeployment
    | BatchCommand
    | DefinitionCommand
)
