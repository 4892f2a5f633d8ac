"""Commands whose receivers have to be found first: messages and signals from outside (REST contract §10.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from api.engine.batch import Batch, started
from api.engine.definitions import Definitions
from api.engine.spreading import Sent, Spreading
from api.engine.store import FIRST_FACT, Transaction, VersionConflict
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.commands import StartProcessInstance
from domain.deciding.event import NotSubscribed
from domain.event_commands import Broadcast, BroadcastSignal, CorrelateMessage, ReceiveMessage, ReceiveSignal
from domain.facts import Envelope, MessageSent, Recorded, SignalSent
from domain.ids import aggregate_id, is_id, ordinal_of
from domain.messages import nobody_waits, several_definitions, several_executions
from domain.outcomes import Correlated, ExecutionReached, InstanceStarted
from domain.refusals import MissingValue
from domain.state import InstanceState
from projections.event_subscription.receivers import executions_statement, starts_statement

Rows = Sequence[Sequence[Any]]


class Broadcasts:
    """Decides broadcasts."""

    def __init__(self, definitions: Definitions, now: Callable[[], int]) -> None:
        self._definitions = definitions
        self._now = now

    async def decide(
        self, connection: EngineConnection, submission: Submission, command: Broadcast
    ) -> tuple[Batch, Transaction, Correlated | None]:
        """Return what was decided, the transaction that writes it, and the answer. Raises Refusal."""
        if submission.maybe_done and (sent := await self._sent_before(connection, submission)) is not None:
            return Batch(0, {}, {}, {}), Transaction(), await self._answer_again(connection, submission, sent)
        at = self._now()
        spreading = Spreading(connection, self._definitions, submission, Batch(at, {}, {}, {}))
        if isinstance(command, CorrelateMessage):
            outcome: Correlated | None
            fact: MessageSent | SignalSent
            outcome, fact = await correlated(connection, spreading, command)
        else:
            await _signal(spreading, command)
            outcome = None
            fact = SignalSent(command.name, command.execution_id, command.tenant_id, tuple(spreading.reached))
        transaction = await spreading.transaction()
        envelope = Envelope(at, submission.command_id, submission.actor)
        transaction.add([Recorded(submission.stream_id, 1, envelope, fact)])
        return spreading.batch, transaction, outcome

    async def _sent_before(self, connection: EngineConnection, submission: Submission) -> MessageSent | SignalSent | None:
        rows = await connection.rows(FIRST_FACT, [submission.stream_id])
        if not rows:
            return None
        record = MAPPER.record(*rows[0])
        if record.envelope.command_id != submission.command_id or not isinstance(record.fact, MessageSent | SignalSent):
            raise submission.taken()
        return record.fact

    async def _answer_again(
        self, connection: EngineConnection, submission: Submission, sent: MessageSent | SignalSent
    ) -> Correlated | None:
        """Tell once more whom a message reached, as they stand now."""
        if isinstance(sent, SignalSent):
            return None
        spreading = Spreading(connection, self._definitions, submission, Batch(self._now(), {}, {}, {}))
        await spreading.load(aggregate_id(any_id) for any_id in sent.reached)
        return Correlated(tuple([await self._reached_before(spreading, any_id) for any_id in sent.reached]))

    async def _reached_before(self, spreading: Spreading, any_id: str) -> ExecutionReached | InstanceStarted:
        state = spreading.batch.instances[aggregate_id(any_id)]
        if ordinal_of(any_id):
            return _reached(state, any_id)
        definition = await self._definitions.get(state.definition_id)
        assert definition is not None
        return started(state, definition, dict(state.variables.get(0, {})))


async def correlated(connection: EngineConnection, spreading: Spreading, command: CorrelateMessage) -> tuple[Correlated, MessageSent]:
    """Let a message reach whom it fits; what it did, and the fact that it was sent. Raises Refusal."""
    outcome = await _correlate(connection, spreading, command)
    return outcome, _message_sent(command, outcome)


def _message_sent(command: CorrelateMessage, correlated: Correlated) -> MessageSent:
    return MessageSent(
        command.name,
        command.business_key,
        command.instance_id,
        command.correlation_keys,
        command.local_correlation_keys,
        command.tenant_id,
        tuple(result.id for result in correlated.results),
    )


async def _correlate(connection: EngineConnection, spreading: Spreading, command: CorrelateMessage) -> Correlated:
    executions = await connection.rows(*executions_statement(command)) if _can_wait(command) else []
    if len(executions) > 1 and not command.all:
        raise several_executions(command, len(executions))
    may_start = not command.executions_only and (command.all or not executions)
    starts = await connection.rows(*starts_statement(command)) if may_start else []
    if len(starts) > 1 and not command.all:
        raise several_definitions(command, len(starts))
    if not executions and not starts and not command.all:
        raise nobody_waits(command)
    await spreading.load(instance_id for _, instance_id in executions)
    results: list[ExecutionReached | InstanceStarted] = [_reach(spreading, command, *row) for row in executions]
    results += [await spreading.start(_start_of(command, *row)) for row in starts]
    await spreading.deliver()
    return Correlated(tuple(results))


def _can_wait(command: CorrelateMessage) -> bool:
    return command.instance_id is None or is_id(command.instance_id)


def _reach(spreading: Spreading, command: CorrelateMessage, execution_id: str, instance_id: str) -> ExecutionReached:
    try:
        decided = spreading.decide(
            ReceiveMessage(execution_id, command.name, command.variables, command.local_variables, command.triggered_variables), instance_id
        )
    except NotSubscribed as gone:
        raise VersionConflict(f"{execution_id} stopped waiting meanwhile") from gone
    assert decided.state is not None
    return _reached(decided.state, execution_id)


def _reached(state: InstanceState, execution_id: str) -> ExecutionReached:
    """How an execution stands behind the message; the variables are its instance's."""
    ended = state.scope_of_execution(ordinal_of(execution_id)) is None
    return ExecutionReached(execution_id, state.id, state.tenant_id, ended, dict(state.variables.get(0, {})))


def _start_of(command: CorrelateMessage, definition_id: str, activity_id: str) -> StartProcessInstance:
    variables = {**command.variables, **command.local_variables, **command.triggered_variables}
    return StartProcessInstance(definition_id, None, None, command.business_key, variables, activity_id)


async def _signal(spreading: Spreading, command: BroadcastSignal) -> None:
    if command.execution_id is None:
        spreading.send([Sent(command.name, command.variables, tenants=_tenants(command))])
    else:
        await _signal_one(spreading, command, command.execution_id)
    await spreading.deliver()


async def _signal_one(spreading: Spreading, command: BroadcastSignal, execution_id: str) -> None:
    instance_id = aggregate_id(execution_id)
    await spreading.load([instance_id])
    state = spreading.batch.instances.get(instance_id)
    if state is None or state.ended is not None or state.scope_of_execution(ordinal_of(execution_id)) is None:
        raise MissingValue(f"Cannot find execution with id '{execution_id}': execution is null")
    spreading.decide(ReceiveSignal(instance_id, command.name, command.variables, execution_id), instance_id)


def _tenants(command: BroadcastSignal) -> frozenset[str | None] | None:
    if command.tenant_id is not None:
        return frozenset([command.tenant_id])
    return frozenset([None]) if command.without_tenant else None
