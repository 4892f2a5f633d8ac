"""What a message or signal does in many instances, decided in one transaction; instances are loaded as they turn out to be concerned."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

import msgspec

from api.engine.batch import Batch
from api.engine.definitions import Definitions
from api.engine.store import Loaded, Transaction, Wanted, load
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.commands import InstanceCommand, StartProcessInstance
from domain.deciding.dispatch import Decided
from domain.elements import ProcessDefinition
from domain.event_commands import ReceiveSignal
from domain.facts import SignalThrown
from domain.ids import derived_id
from domain.outcomes import InstanceStarted
from domain.refusals import ExecutionFailed
from domain.state import InstanceState
from domain.values import Value
from domain.waiting import SIGNAL

LOADED_AT_ONCE = 200
MOST_SIGNALS = 10_000
"""Signals that one command may set off, one after the other: a process that answers its own signal would never end."""

# Purpose: who waits for a signal, and which start events it sets off; the definition of a start event must not be suspended.
RECEIVERS = """
SELECT s.process_instance_id::text, s.definition_id, s.activity_id, s.tenant_id FROM event_subscription s
WHERE s.event_name = %s AND s.event_type = 'signal'
    AND (s.execution_id IS NOT NULL OR EXISTS (SELECT FROM process_definition d WHERE d.id = s.definition_id AND NOT d.suspended))
ORDER BY s.created, s.id
"""


class Sent(msgspec.Struct, frozen=True):
    """A signal on its way. `origin` is the instance that threw it and has had it; `tenants` whom it may reach, None everybody."""

    name: str
    variables: dict[str, Value]
    business_key: str | None = None
    origin: str | None = None
    tenants: frozenset[str | None] | None = None


def thrown(instance_id: str, tenant_id: str | None, signals: Iterable[SignalThrown]) -> list[Sent]:
    """Signals as an instance throws them: to its own tenant, and to whoever has none."""
    tenants = frozenset((tenant_id, None))
    return [Sent(signal.name, signal.variables, signal.business_key, instance_id, tenants) for signal in signals]


class Spreading:
    """One command's way through many instances."""

    def __init__(self, connection: EngineConnection, definitions: Definitions, submission: Submission, batch: Batch) -> None:
        self.batch = batch
        self.reached: list[str] = []
        """Instances that had it or were started."""
        self._connection = connection
        self._definitions = definitions
        self._submission = submission
        self._signals: deque[Sent] = deque()
        self._started = 0

    async def load(self, instance_ids: Iterable[str]) -> None:
        """Learn to know instances, those that are known already excepted."""
        wanted = [instance_id for instance_id in dict.fromkeys(instance_ids) if instance_id not in self.batch.instances]
        for first in range(0, len(wanted), LOADED_AT_ONCE):
            loaded = await load(self._connection, Wanted(streams=wanted[first : first + LOADED_AT_ONCE]))
            await self.learn(loaded)

    async def learn(self, loaded: Loaded) -> None:
        """Take in instances that were loaded."""
        self.batch.learn(loaded, await self._parsed(state.definition_id for state in loaded.instances.values()))

    async def _parsed(self, definition_ids: Iterable[str]) -> dict[str, ProcessDefinition]:
        found = {}
        for definition_id in set(definition_ids):
            definition = await self._definitions.get(definition_id)
            assert definition is not None, definition_id
            found[definition_id] = definition
        return found

    def decide(self, command: InstanceCommand, instance_id: str) -> Decided:
        """Decide what the command means for one instance that is loaded."""
        decided = self.batch.decide_for(self._submission, command, instance_id)
        self._follow(instance_id, decided)
        return decided

    async def start(self, command: StartProcessInstance) -> InstanceStarted:
        """Start an instance by the way. Its id follows from the command's."""
        self.batch.learn(Loaded(), await self._parsed([command.definition_id or ""]))
        self._started += 1
        instance_id = derived_id(self._submission.command_id, str(self._started))
        decided = self.batch.start(self._submission, command, instance_id)
        self._follow(instance_id, decided)
        assert isinstance(decided.outcome, InstanceStarted)
        return decided.outcome

    def _follow(self, instance_id: str, decided: Decided) -> None:
        self.reached.append(instance_id)
        if decided.signals:
            assert decided.state is not None
            self.send(thrown(instance_id, decided.state.tenant_id, decided.signals))

    def send(self, signals: Iterable[Sent]) -> None:
        """Let signals be delivered."""
        self._signals.extend(signals)

    async def deliver(self) -> None:
        """Deliver signals until none is on its way. Raises Refusal: then nothing of the whole command may be kept."""
        count = 0
        while self._signals:
            count += 1
            if count > MOST_SIGNALS:
                raise ExecutionFailed(f"The command sets off more than {MOST_SIGNALS} signals, one after the other")
            await self._deliver(self._signals.popleft())

    async def _deliver(self, signal: Sent) -> None:
        rows = await self._connection.rows(RECEIVERS, [signal.name])
        waiting = [row[0] for row in rows if row[0] is not None and _may_reach(signal, row[3])]
        await self.load(waiting)
        known = [instance_id for instance_id, state in self.batch.instances.items() if _may_reach(signal, state.tenant_id)]
        for instance_id in dict.fromkeys([*waiting, *known]):
            if instance_id != signal.origin and _waits(self.batch.instances[instance_id], signal.name):
                self.decide(ReceiveSignal(instance_id, signal.name, signal.variables), instance_id)
                await asyncio.sleep(0)
        for instance_id, definition_id, activity_id, tenant_id in rows:
            if instance_id is None and _may_reach(signal, tenant_id):
                await self.start(StartProcessInstance(definition_id, None, None, signal.business_key, signal.variables, activity_id))

    async def transaction(self) -> Transaction:
        """Everything that was decided, to be written together."""
        if unknown := self.batch.unknown_tasks():
            self.batch.learn_versions((await load(self._connection, Wanted(tasks=unknown))).tasks)
        return await asyncio.to_thread(self.batch.transaction)


def _may_reach(signal: Sent, tenant_id: str | None) -> bool:
    return signal.tenants is None or tenant_id in signal.tenants


def _waits(state: InstanceState, name: str) -> bool:
    return (SIGNAL, name) in state.awaited and not state.suspended and state.ended is None
