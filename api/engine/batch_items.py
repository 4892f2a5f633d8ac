"""What a batch does to one of its items: an ordinary command, decided in the transaction that notes that the job is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from api.engine.batch import Batch
from api.engine.broadcasts import correlated
from api.engine.definitions import Definitions
from api.engine.placing import Placed
from api.engine.spreading import Spreading
from api.engine.store import Transaction, Wanted, load
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from api.engine.unknown import unknown
from domain.batch_items import instance_command, message_of, refuse_negative
from domain.commands import InstanceCommand, SetExternalTaskRetries
from domain.facts import Fact
from domain.ids import aggregate_id, derived_id, is_id, ordinal_of
from domain.job_commands import SetJobDueDate, SetJobRetries
from domain.operations import CorrelateToInstances, DeleteInstances, Operation, SetRetriesOfJobs, SetRetriesOfTasks, SuspendInstances
from domain.refusals import ExecutionFailed, NotFound

OfLoneJob = Callable[[EngineConnection, str, SetJobRetries], Awaitable[list[Fact]]]


class Done(msgspec.Struct):
    """What was decided for an item; `placed` is what the transaction does not hold yet."""

    batch: Batch
    transaction: Transaction
    placed: Placed


class BatchItems:
    """Works on items."""

    def __init__(self, definitions: Definitions, now: Callable[[], int], of_lone_job: OfLoneJob) -> None:
        """`of_lone_job` decides about a job that belongs to no instance."""
        self._definitions = definitions
        self._now = now
        self._of_lone_job = of_lone_job

    async def work(self, connection: EngineConnection, submission: Submission, operation: Operation, item: str) -> Done:
        """Do to an item what the batch is for. Raises Refusal: then nothing of it may be kept."""
        spreading = await self._spreading(connection, submission, operation, item)
        placed = await self._decide(connection, spreading, submission, operation, item)
        await spreading.deliver()
        return Done(spreading.batch, await spreading.transaction(), placed)

    async def _spreading(self, connection: EngineConnection, submission: Submission, operation: Operation, item: str) -> Spreading:
        ids = [item] if is_id(item) else []
        tasks = ids if isinstance(operation, SetRetriesOfTasks) else []
        loaded = await load(connection, Wanted(tasks=tasks, streams=[aggregate_id(id) for id in ids]))
        spreading = Spreading(connection, self._definitions, submission, Batch(self._now(), {t.id: t for t in loaded.tasks}, {}, {}))
        await spreading.learn(loaded)
        return spreading

    async def _decide(
        self, connection: EngineConnection, spreading: Spreading, submission: Submission, operation: Operation, item: str
    ) -> Placed:
        match operation:
            case SetRetriesOfTasks(retries):
                _set_task_retries(spreading, submission, SetExternalTaskRetries((item,), retries))
            case SetRetriesOfJobs():
                return await self._set_job_retries(connection, spreading, operation, item)
            case CorrelateToInstances():
                command = message_of(operation, item)
                _, sent = await correlated(connection, spreading, command)
                return [(derived_id(submission.command_id, "message"), sent)]
            case DeleteInstances() | SuspendInstances():
                _decide_if_there(spreading, instance_command(operation, item), item)
            case _:
                _decide(spreading, instance_command(operation, item), item)
        return []

    async def _set_job_retries(self, connection: EngineConnection, spreading: Spreading, operation: SetRetriesOfJobs, item: str) -> Placed:
        refuse_negative(operation.retries)
        command = SetJobRetries(item, operation.retries, operation.due)
        try:
            if not is_id(item):
                raise unknown(command)
            if ordinal_of(item) == 0:
                return [(item, fact) for fact in await self._of_lone_job(connection, item, command)]
            spreading.decide(command, aggregate_id(item))
            if operation.due_given and operation.due is None:
                spreading.decide(SetJobDueDate(item), aggregate_id(item))
        except NotFound as gone:
            raise ExecutionFailed(f"ENGINE-13053 {gone.message}.'") from gone
        return []


def _set_task_retries(spreading: Spreading, submission: Submission, command: SetExternalTaskRetries) -> None:
    refuse_negative(command.retries)
    try:
        spreading.batch.decide_retries(submission, command)
    except NotFound as gone:
        raise NotFound(f"Cannot find external task with id {command.task_ids[0]}: externalTask is null") from gone


def _decide(spreading: Spreading, command: InstanceCommand, item: str) -> None:
    if not is_id(item):
        raise unknown(command)
    spreading.decide(command, aggregate_id(item))


def _decide_if_there(spreading: Spreading, command: InstanceCommand, item: str) -> None:
    try:
        _decide(spreading, command, item)
    except NotFound:
        # It ended in the meantime, or never was: there is nothing to do.
        return
