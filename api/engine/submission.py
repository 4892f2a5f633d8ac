"""A command on its way through the engine, and which commands may share a batch."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from api.engine.models import ReadModels
from domain.batch_commands import BatchCommand, CreateBatch, DeleteBatch, DeleteBatchHistory, SuspendBatch
from domain.commands import (
    AnnotateIncident,
    Command,
    CompleteUserTask,
    CreateDeployment,
    CreateIncident,
    DeleteDeployment,
    DeleteProcessInstance,
    HideHistory,
    InstanceCommand,
    ModifyVariables,
    ResolveIncident,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
)
from domain.definition_commands import DefinitionCommand, DeleteProcessDefinitions, SetHistoryTimeToLive, SuspendProcessDefinitions
from domain.event_commands import Broadcast, BroadcastSignal, CorrelateMessage, ReceiveMessage, ReceiveSignal, SignalExecution
from domain.facts import DeploymentCreated, JobDefinitionsSuspended, MessageSent, ProcessInstanceStarted, SignalSent
from domain.ids import aggregate_id, is_id, ordinal_of, stream_of_definition
from domain.job_commands import JobCommand, SuspendJobDefinitions
from domain.modification_commands import ModifyProcessInstance
from domain.outcomes import Outcome
from projections.fact_mapper import TOPICS

Solitary: TypeAlias = (
    CreateDeployment | DeleteDeployment | SetExternalTaskRetries | Broadcast | SuspendJobDefinitions | BatchCommand | DefinitionCommand
)
"""Commands about many things: each is a batch of its own."""

Repetition: TypeAlias = tuple[str, str, bytes, str | None]
"""A command's id, the stream that would show that it was carried out, the id as facts hold it, and with what it begins that stream."""

BEGINNINGS: Mapping[type, str] = {
    StartProcessInstance: TOPICS[ProcessInstanceStarted],
    CreateDeployment: TOPICS[DeploymentCreated],
    CorrelateMessage: TOPICS[MessageSent],
    BroadcastSignal: TOPICS[SignalSent],
    SuspendJobDefinitions: TOPICS[JobDefinitionsSuspended],
}
"""With what a command begins a stream, if it does."""


class CommandIdTaken(Exception):
    """A command came under an id that is another one's, or that something is named after already."""

    def __init__(self, command_id: str) -> None:
        super().__init__(f"The command id {command_id} is taken: every command needs a new one, unless it is sent again")


def is_solitary(command: Command) -> bool:
    """Tell whether a command is a batch of its own; one about a job that belongs to no instance is, too: it has a stream of its own."""
    return isinstance(command, Solitary) or (isinstance(command, JobCommand) and ordinal_of(command.job_id) == 0)


class Submission:
    """One command, who waits for it, and what it is about."""

    __slots__ = (
        *("actor", "command", "command_id", "fingerprint", "instance_id", "maybe_done", "models", "outcome", "solitary", "stream_id"),
        "task_id",
    )

    def __init__(self, command: Command, command_id: str, actor: str | None, maybe_done: bool, fingerprint: bytes | None = None) -> None:
        self.command = command
        self.command_id = command_id
        self.actor = actor
        self.fingerprint = fingerprint
        """What tells the command from others; only where its sender gave the id."""
        self.maybe_done = maybe_done
        """The command may have been carried out before: its sender gave the id, or the connection broke at the commit."""
        self.outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.models: ReadModels = {}
        """What was read of the files that the command deploys."""
        self.task_id: str | None = None
        self.instance_id: str | None = None
        self.stream_id = _stream_of(command, command_id)
        """The stream in which the command leaves its cause."""
        self.solitary = is_solitary(command)
        if isinstance(command, InstanceCommand | StartProcessInstance):
            self.instance_id = self.stream_id
        elif not isinstance(command, Solitary):
            self.task_id, self.instance_id = command.task_id, aggregate_id(command.task_id)

    @property
    def repetition(self) -> Sequence[Repetition]:
        """What shows that the command was carried out before, if that may be."""
        if not self.maybe_done or not is_id(self.stream_id):
            return ()
        return [(self.command_id, self.stream_id, UUID(self.command_id).bytes, BEGINNINGS.get(type(self.command)))]

    @property
    def begins_a_stream(self) -> bool:
        return type(self.command) in BEGINNINGS

    def is_other_than(self, fingerprint: bytes | None) -> bool:
        """Tell whether it was another command, if any, that was carried out under the id."""
        return fingerprint is not None and self.fingerprint is not None and fingerprint != self.fingerprint

    def taken(self) -> CommandIdTaken:
        """Why the command cannot be carried out: its id is another one's, or names what is there already."""
        return CommandIdTaken(self.command_id)

    def succeed(self, outcome: Outcome) -> None:
        if not self.outcome.done():
            self.outcome.set_result(outcome)

    def refuse(self, reason: Exception) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(reason)


def _stream_of(command: Command, command_id: str) -> str:  # noqa: C901 - one branch per kind of thing
    match command:
        case StartProcessInstance() | CreateDeployment() | CorrelateMessage() | BroadcastSignal() | SuspendJobDefinitions() | CreateBatch():
            return aggregate_id(command_id)
        case SuspendProcessDefinitions() | DeleteProcessDefinitions():
            return aggregate_id(command_id)
        case SetHistoryTimeToLive(definition_id):
            return stream_of_definition(definition_id)
        case SuspendBatch(batch_id) | DeleteBatch(batch_id) | DeleteBatchHistory(batch_id):
            return batch_id
        case DeleteDeployment(deployment_id):
            return deployment_id
        case SetExternalTaskRetries(task_ids):
            return task_ids[0] if task_ids else ""
        case SuspendProcessInstance(any_id) | DeleteProcessInstance(any_id) | HideHistory(any_id) | ModifyProcessInstance(any_id):
            return aggregate_id(any_id)
        case CompleteUserTask(any_id) | ReceiveSignal(any_id):
            return aggregate_id(any_id)
        case ModifyVariables(any_id) | ReceiveMessage(any_id) | SignalExecution(any_id) | CreateIncident(any_id):
            return aggregate_id(any_id)
        case AnnotateIncident(any_id) | ResolveIncident(any_id):
            return aggregate_id(any_id)
        case _:
            return aggregate_id(command.job_id) if isinstance(command, JobCommand) else command.task_id


class Waiting:
    """Commands that wait for the next batch, in order of arrival."""

    def __init__(self) -> None:
        self._waiting: deque[Submission] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, submission: Submission) -> None:
        self._waiting.append(submission)

    def put_back(self, submissions: Iterable[Submission]) -> None:
        self._waiting.extendleft(reversed(list(submissions)))

    def take(self, limit: int) -> list[Submission]:
        """Take the next batch: one command per task, one per instance that it concerns as a whole, or one solitary command."""
        if self._waiting and self._waiting[0].solitary:
            return [self._waiting.popleft()]
        batch: list[Submission] = []
        later: list[Submission] = []
        claims = _Claims()
        while self._waiting and len(batch) < limit:
            if self._waiting[0].solitary:
                break
            submission = self._waiting.popleft()
            (batch if claims.admit(submission) else later).append(submission)
        self.put_back(later)
        return batch

    def drain(self) -> list[Submission]:
        """Take everything."""
        drained = list(self._waiting)
        self._waiting.clear()
        return drained


class _Claims:
    """What the batch in the making is about already."""

    def __init__(self) -> None:
        self._commands: set[str] = set()
        self._tasks: set[str] = set()
        self._instances: set[str] = set()
        self._whole_instances: set[str] = set()

    def admit(self, submission: Submission) -> bool:
        task, instance = submission.task_id, submission.instance_id
        assert instance is not None
        whole = isinstance(submission.command, InstanceCommand)
        free = (
            submission.command_id not in self._commands
            and task not in self._tasks
            and instance not in self._whole_instances
            and not (whole and instance in self._instances)
        )
        if whole or not free:
            self._whole_instances.add(instance)
        self._commands.add(submission.command_id)
        self._instances.add(instance)
        if task is not None:
            self._tasks.add(task)
        return free
