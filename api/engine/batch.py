"""One batch: what commands decide together on what was loaded, and the one transaction that comes of it. No I/O happens here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from api.engine.store import Loaded, Transaction
from api.engine.streams import SnapshotRow
from api.engine.submission import Submission
from api.engine.unknown import unknown
from domain.commands import (
    Command,
    CompleteExternalTask,
    FailExternalTask,
    HideHistory,
    InstanceCommand,
    RaiseBpmnError,
    SetExternalTaskRetries,
    StartProcessInstance,
    TaskCommand,
)
from domain.deciding.dispatch import Decided as DecidedFacts
from domain.deciding.dispatch import decide_for_instance, decide_for_task
from domain.deciding.process_instance import start
from domain.elements import ProcessDefinition
from domain.external_task import ExternalTaskFact, ExternalTaskState, evolve_task
from domain.facts import Envelope, ExternalTaskCreated, Fact, Recorded
from domain.ids import aggregate_id, part_id
from domain.outcomes import InstanceStarted, Outcome
from domain.refusals import ExecutionFailed, NotFound, Refusal
from domain.state import InstanceState
from domain.values import Value


def concerns_instance(command: Command) -> bool:
    """Tell whether a command about one task may move its process instance."""
    return isinstance(command, CompleteExternalTask | FailExternalTask | RaiseBpmnError)


class Decided:
    """A command and what it made happen: pairs of a stream's ordinal in the instance and a fact."""

    __slots__ = ("envelope", "facts", "instance_id", "outcome", "submission")

    def __init__(
        self, submission: Submission, envelope: Envelope, instance_id: str, facts: Sequence[tuple[int, Fact]], outcome: Outcome = None
    ) -> None:
        self.submission = submission
        self.envelope = envelope
        self.instance_id = instance_id
        self.facts = facts
        self.outcome = outcome


class Batch:
    """Decides commands one after another, each on what those before it made."""

    def __init__(
        self,
        at: int,
        tasks: Mapping[str, ExternalTaskState],
        instances: Mapping[str, InstanceState],
        definitions: Mapping[str, ProcessDefinition],
    ) -> None:
        self.tasks = dict(tasks)
        self.instances = dict(instances)
        self.decided: list[Decided] = []
        self.refused: list[tuple[Submission, Refusal]] = []
        self.throwing: list[Submission] = []
        """Commands that throw signals to other instances: nothing of them is decided here, for these belong to the same transaction."""
        self.snapshots: list[SnapshotRow] = []
        """Of instances that took long to read: to be kept with whatever is decided."""
        self.at = at
        self._definitions = dict(definitions)
        self._versions = {task_id: task.version for task_id, task in tasks.items()}
        self._versions.update((instance_id, state.version) for instance_id, state in instances.items())

    def decide(self, submissions: Sequence[Submission], starts: Mapping[str, str]) -> None:
        """Decide every command; `starts` has the definition's id for each command that starts an instance."""
        for submission in submissions:
            try:
                decided = self._decide(submission, starts)
            except Refusal as refusal:
                self.refused.append((submission, refusal))
                continue
            if decided.signals:
                self.throwing.append(submission)
            else:
                self._keep(submission, submission.instance_id or submission.stream_id, decided)

    def decide_throwing(self, submission: Submission, starts: Mapping[str, str]) -> DecidedFacts:
        """Decide a command whose signals the caller delivers. Raises Refusal."""
        return self._keep(submission, submission.instance_id or submission.stream_id, self._decide(submission, starts))

    def decide_retries(self, submission: Submission, command: SetExternalTaskRetries) -> None:
        """Set the retries of many tasks, of all or of none. Raises Refusal."""
        for task_id in dict.fromkeys(command.task_ids):
            decided = self._decide_for_task(SetExternalTaskRetries((task_id,), command.retries), task_id, self._envelope(submission))
            self._keep(submission, aggregate_id(task_id), decided)

    def decide_for(self, submission: Submission, command: InstanceCommand, instance_id: str) -> DecidedFacts:
        """Decide what a larger command means for one instance. Raises Refusal."""
        return self._keep(submission, instance_id, self._decide_for_instance(command, instance_id, self._envelope(submission)))

    def start(self, submission: Submission, command: StartProcessInstance, instance_id: str) -> DecidedFacts:
        """Start an instance that a larger command starts; `definition_id` has to be given. Raises Refusal."""
        definition = self._definitions[command.definition_id or ""]
        return self._keep(submission, instance_id, _start(definition, command, instance_id, self._envelope(submission)))

    def learn(self, loaded: Loaded, definitions: Mapping[str, ProcessDefinition]) -> None:
        """Take in instances that were loaded later."""
        self.instances.update(loaded.instances)
        self.snapshots += loaded.snapshots
        self._versions.update((instance_id, state.version) for instance_id, state in loaded.instances.items())
        self._definitions.update(definitions)

    def _envelope(self, submission: Submission) -> Envelope:
        return Envelope(self.at, submission.command_id, submission.actor)

    def _decide(self, submission: Submission, starts: Mapping[str, str]) -> DecidedFacts:
        envelope, command = self._envelope(submission), submission.command
        if isinstance(command, StartProcessInstance):
            return _start(self._definitions[starts[submission.command_id]], command, submission.stream_id, envelope)
        assert submission.instance_id is not None
        if isinstance(command, InstanceCommand):
            return self._decide_for_instance(command, submission.instance_id, envelope)
        assert submission.task_id is not None
        return self._decide_for_task(cast(TaskCommand, command), submission.task_id, envelope)

    def _decide_for_instance(self, command: InstanceCommand, instance_id: str, envelope: Envelope) -> DecidedFacts:
        state = self.instances.get(instance_id)
        if state is None or (state.ended is not None and not isinstance(command, HideHistory)):
            raise unknown(command)
        return decide_for_instance(self._definitions[state.definition_id], state, command, envelope)

    def _decide_for_task(self, command: TaskCommand | SetExternalTaskRetries, task_id: str, envelope: Envelope) -> DecidedFacts:
        task, instance_id = self.tasks.get(task_id), aggregate_id(task_id)
        state = self.instances.get(instance_id)
        if task is None or task.ended or (state is not None and not state.is_waiting(task.key)):
            raise unknown_task(task_id)
        return decide_for_task(self._definitions[task.definition_id], state, task, command, envelope)

    def _keep(self, submission: Submission, instance_id: str, decided: DecidedFacts) -> DecidedFacts:
        envelope = self._envelope(submission)
        if decided.state is not None:
            self.instances[instance_id] = decided.state
        for ordinal, fact in decided.facts:
            task = self.tasks.get(part_id(instance_id, ordinal)) if ordinal else None
            if task is not None:
                self.tasks[task.id] = evolve_task(task, cast(ExternalTaskFact, fact), envelope)
        self.decided.append(Decided(submission, envelope, instance_id, decided.facts, decided.outcome))
        return decided

    def unknown_tasks(self) -> list[str]:
        """Tasks that decisions touched without having looked at them: their versions are needed."""
        unknown: list[str] = []
        created: set[str] = set()
        for decided in self.decided:
            for ordinal, fact in decided.facts:
                if not ordinal:
                    continue
                task_id = part_id(decided.instance_id, ordinal)
                if isinstance(fact, ExternalTaskCreated):
                    created.add(task_id)
                elif task_id not in created and task_id not in self._versions:
                    unknown.append(task_id)
        return unknown

    def learn_versions(self, tasks: Sequence[ExternalTaskState]) -> None:
        self._versions.update((task.id, task.version) for task in tasks)

    def transaction(self) -> Transaction:
        """Number the facts in their streams and gather all writes, snapshots too."""
        transaction, versions = Transaction(), self._versions
        for decided in self.decided:
            transaction.note(decided.submission, decided.envelope.at)
            records = []
            for ordinal, fact in decided.facts:
                stream_id = part_id(decided.instance_id, ordinal) if ordinal else decided.instance_id
                versions[stream_id] = version = versions.get(stream_id, 0) + 1
                records.append(Recorded(stream_id, version, decided.envelope, fact))
            if records:
                transaction.add(records)
        transaction.snapshots = self.snapshots
        return transaction


def _start(definition: ProcessDefinition, command: StartProcessInstance, instance_id: str, envelope: Envelope) -> DecidedFacts:
    decision = start(definition, instance_id, command, envelope)
    variables: dict[str, Value] = {**decision.state.variables.get(0, {}), **decision.transient.get(0, {})}
    return DecidedFacts(decision.facts, decision.state, decision.signals, started(decision.state, definition, variables))


def started(state: InstanceState, definition: ProcessDefinition, variables: dict[str, Value]) -> InstanceStarted:
    """What the sender of a start is told."""
    return InstanceStarted(
        state.id, definition.id, definition.key, state.business_key, state.tenant_id, state.ended is not None, state.suspended, variables
    )


def unknown_task(task_id: str) -> NotFound:
    return NotFound(f"External task with id {task_id} does not exist")


def unknown_definition(command: StartProcessInstance) -> Refusal:
    """Why there is nothing to start."""
    if command.definition_id is not None:
        return ExecutionFailed(f"no deployed process definition found with id '{command.definition_id}': processDefinition is null")
    tenant = "no tenant-id" if command.tenant_id is None else f"tenant-id: {command.tenant_id}"
    return NotFound(f"No matching process definition with key: {command.definition_key} and {tenant}")
