"""One batch: what commands decide together on what was loaded, and the one transaction that comes of it. No I/O happens here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from api.engine.store import Transaction
from api.engine.submission import Submission
from domain.commands import (
    AnnotateIncident,
    Command,
    CompleteExternalTask,
    CompleteUserTask,
    DeleteProcessInstance,
    FailExternalTask,
    InstanceCommand,
    ModifyVariables,
    RaiseBpmnError,
    SetExternalTaskRetries,
    StartProcessInstance,
    SuspendProcessInstance,
    TaskCommand,
)
from domain.deciding.dispatch import Decided as DecidedFacts
from domain.deciding.dispatch import decide_for_instance, decide_for_task
from domain.deciding.instance import unknown_instance
from domain.deciding.process_instance import start
from domain.elements import ProcessDefinition
from domain.external_task import ExternalTaskFact, ExternalTaskState, evolve_task
from domain.facts import Envelope, ExternalTaskCreated, Fact, Recorded
from domain.ids import aggregate_id, part_id
from domain.outcomes import InstanceStarted, Outcome
from domain.refusals import ExecutionFailed, MissingValue, NotFound, Refusal, Rejected
from domain.state import InstanceState
from domain.values import Value

Facts: TypeAlias = Sequence[tuple[int, Fact]]


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
        self._at = at
        self._definitions = definitions
        self._versions = {task_id: task.version for task_id, task in tasks.items()}
        self._versions.update((instance_id, state.version) for instance_id, state in instances.items())

    def decide(self, submissions: Sequence[Submission], starts: Mapping[str, str]) -> None:
        """Decide every command; `starts` has the definition's id for each command that starts an instance."""
        for submission in submissions:
            try:
                self.decided.append(self._decide(submission, starts))
            except Refusal as refusal:
                self.refused.append((submission, refusal))

    def decide_retries(self, submission: Submission, command: SetExternalTaskRetries) -> None:
        """Set the retries of many tasks, of all or of none."""
        envelope = Envelope(self._at, submission.command_id, submission.actor)
        decided = []
        for task_id in dict.fromkeys(command.task_ids):
            instance_id = aggregate_id(task_id)
            try:
                facts = self._decide_for_task(SetExternalTaskRetries((task_id,), command.retries), task_id, envelope)
            except Refusal as refusal:
                self.refused.append((submission, refusal))
                return
            decided.append(Decided(submission, envelope, instance_id, facts))
        self.decided += decided

    def decide_deletion(self, submission: Submission, instance_ids: Sequence[str], command: DeleteProcessInstance) -> None:
        """Delete instances that a larger command takes with it."""
        envelope = Envelope(self._at, submission.command_id, submission.actor)
        for instance_id in instance_ids:
            facts = self._decide_for_instance(command, instance_id, envelope)
            self.decided.append(Decided(submission, envelope, instance_id, facts))

    def _decide(self, submission: Submission, starts: Mapping[str, str]) -> Decided:
        envelope = Envelope(self._at, submission.command_id, submission.actor)
        command, instance_id = submission.command, submission.instance_id
        assert instance_id is not None
        if isinstance(command, StartProcessInstance):
            return self._start(submission, command, envelope, starts[submission.command_id])
        if isinstance(command, InstanceCommand):
            return Decided(submission, envelope, instance_id, self._decide_for_instance(command, instance_id, envelope))
        assert submission.task_id is not None
        facts = self._decide_for_task(cast(TaskCommand, command), submission.task_id, envelope)
        return Decided(submission, envelope, instance_id, facts)

    def _decide_for_instance(self, command: InstanceCommand, instance_id: str, envelope: Envelope) -> Facts:
        state = self.instances.get(instance_id)
        if state is None or state.ended is not None:
            raise _unknown(command)
        decided = decide_for_instance(self._definitions[state.definition_id], state, command, envelope)
        return self._remember(instance_id, decided, envelope)

    def _decide_for_task(self, command: TaskCommand | SetExternalTaskRetries, task_id: str, envelope: Envelope) -> Facts:
        task, instance_id = self.tasks.get(task_id), aggregate_id(task_id)
        state = self.instances.get(instance_id)
        if task is None or task.ended or (state is not None and not state.is_waiting(task.key)):
            raise unknown_task(task_id)
        decided = decide_for_task(self._definitions[task.definition_id], state, task, command, envelope)
        return self._remember(instance_id, decided, envelope)

    def _remember(self, instance_id: str, decided: DecidedFacts, envelope: Envelope) -> Facts:
        if decided.state is not None:
            self.instances[instance_id] = decided.state
        for ordinal, fact in decided.facts:
            task = self.tasks.get(part_id(instance_id, ordinal)) if ordinal else None
            if task is not None:
                self.tasks[task.id] = evolve_task(task, cast(ExternalTaskFact, fact), envelope)
        return decided.facts

    def _start(self, submission: Submission, command: StartProcessInstance, envelope: Envelope, definition_id: str) -> Decided:
        definition = self._definitions[definition_id]
        decision = start(definition, submission.stream_id, command, envelope)
        self.instances[submission.stream_id] = decision.state
        variables: dict[str, Value] = {**decision.state.variables.get(0, {}), **decision.transient.get(0, {})}
        return Decided(submission, envelope, submission.stream_id, decision.facts, started(decision.state, definition, variables))

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
        """Number the facts in their streams and gather all writes."""
        transaction, versions = Transaction(), self._versions
        for decided in self.decided:
            records = []
            for ordinal, fact in decided.facts:
                stream_id = part_id(decided.instance_id, ordinal) if ordinal else decided.instance_id
                versions[stream_id] = version = versions.get(stream_id, 0) + 1
                records.append(Recorded(stream_id, version, decided.envelope, fact))
            if records:
                transaction.add(records)
        return transaction


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


def _unknown(command: InstanceCommand) -> Refusal:
    match command:
        case CompleteUserTask(task_id):
            return MissingValue(f"Cannot find task with id {task_id}: task is null")
        case ModifyVariables(execution_id):
            return MissingValue(f"execution {execution_id} doesn't exist: execution is null")
        case AnnotateIncident():
            return Rejected("incident is null")
        case SuspendProcessInstance(instance_id) | DeleteProcessInstance(instance_id):
            return unknown_instance(instance_id)
