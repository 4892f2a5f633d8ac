"""What a batch of commands is decided on: what is remembered, and what has to be read first."""

from __future__ import annotations

from collections.abc import Sequence

from api.engine.batch import concerns_instance, unknown_definition
from api.engine.memory import Memory
from api.engine.store import Loaded, Wanted
from api.engine.submission import Repetition, Submission
from domain.commands import StartProcessInstance
from domain.deciding.definition import is_suspended
from domain.external_task import ExternalTaskState
from domain.ids import aggregate_id, is_id
from domain.state import InstanceState


def starts_of(submissions: Sequence[Submission], loaded: Loaded) -> dict[str, str]:
    """The id of the definition that each start is of; a start of nothing is refused."""
    starts = {}
    for submission in submissions:
        command = submission.command
        if not isinstance(command, StartProcessInstance):
            continue
        if command.definition_id is None:
            definition_id = loaded.latest.get((command.definition_key or "", command.tenant_id or ""))
        else:
            definition_id = command.definition_id if command.definition_id in loaded.deployed else None
        if definition_id is None:
            submission.refuse(unknown_definition(command))
        elif definition_id in loaded.suspended:
            submission.refuse(is_suspended(definition_id))
        else:
            starts[submission.command_id] = definition_id
    return starts


class Known:
    """What is known before deciding, and what has to be read first."""

    def __init__(self, submissions: Sequence[Submission], memory: Memory | None) -> None:
        self.tasks: dict[str, ExternalTaskState] = {}
        self.instances: dict[str, InstanceState] = {}
        self._remembered: set[str] = set()
        tasks: list[str] = []
        streams: set[str] = set()
        latest: set[tuple[str, str]] = set()
        deployed: set[str] = set()
        commands: list[Repetition] = []
        for submission in submissions:
            command = submission.command
            commands += submission.repetition
            if isinstance(command, StartProcessInstance):
                if command.definition_id is None:
                    latest.add((command.definition_key or "", command.tenant_id or ""))
                else:
                    deployed.add(command.definition_id)
                continue
            if not is_id(submission.stream_id):
                continue
            if submission.task_id is not None and not self._recall_task(submission, memory):
                tasks.append(submission.task_id)
            if (submission.task_id is None or concerns_instance(command)) and not self._recall_instance(submission, memory):
                streams.add(aggregate_id(submission.stream_id))
        self.wanted = Wanted(
            tasks, list(streams), list(latest), list(deployed), commands, [s.command_id for s in submissions if s.fingerprint]
        )

    def _recall_task(self, submission: Submission, memory: Memory | None) -> bool:
        task = memory.task_of(submission) if memory is not None else None
        if task is None:
            return False
        self.tasks[task.id] = task
        self._remembered.add(submission.command_id)
        return True

    def _recall_instance(self, submission: Submission, memory: Memory | None) -> bool:
        assert submission.instance_id is not None
        state = memory.instances.get(submission.instance_id) if memory is not None else None
        if state is None:
            return False
        self.instances[state.id] = state
        self._remembered.add(submission.command_id)
        return True

    @property
    def incomplete(self) -> bool:
        wanted = self.wanted
        return bool(wanted.tasks or wanted.streams or wanted.latest or wanted.deployed or wanted.commands or wanted.given)

    def is_remembered(self, submission: Submission) -> bool:
        return submission.command_id in self._remembered

    def add(self, loaded: Loaded) -> None:
        self.tasks.update((task.id, task) for task in loaded.tasks)
        self.instances.update(loaded.instances)
