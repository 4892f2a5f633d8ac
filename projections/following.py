"""Following the log: batches of whole commands are read, projected and written with the place that was reached, each exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeAlias, cast

import msgspec
from psycopg import AsyncConnection

from domain.elements import ProcessDefinition
from domain.facts import ExternalTaskCancelled, ExternalTaskLocked, ExternalTaskLockExtended, ProcessInstanceStarted
from domain.ids import last_part_id, part_id
from projections.history.changes import HISTORY_MODELS, OF_NO_INSTANCE, HistoryChanges, Models, facts_of
from projections.history.instances import APPLIERS, Instance, Instances
from projections.history.log import FACTS_OF_INSTANCES, LAST_LOCKS, LOCK_FACTS, NEXT_FACTS, Logged, logged, topics_of, whole_commands

# Purpose: how far the models are.
TRACKED = "SELECT notification_id FROM notification_tracking WHERE application_name = 'history'"
# Purpose: move on from one place to another, unless somebody else has.
TRACK = "UPDATE notification_tracking SET notification_id = %s WHERE application_name = 'history' AND notification_id = %s"

Definitions: TypeAlias = Callable[[str], Awaitable[ProcessDefinition | None]]

FACTS_AT_ONCE = 2000
INSTANCES_REMEMBERED = 10_000
BYTES_AT_ONCE = 16 * 1024 * 1024
FACTS_A_TURN = 250
"""So many are decoded or projected before anybody else may run."""


class AnotherFollows(Exception):
    """Somebody else has gone on from the same place: what was projected here is written already."""


class Batch(msgspec.Struct):
    """Facts that were projected and wait to be written; `position` is reached with them."""

    changes: HistoryChanges
    position: int
    facts: int
    full: bool
    """There may be more up to where was looked."""


class Following:
    """Goes through the log. What `next` has projected has to be written: who fails in between begins anew at the tracked place."""

    def __init__(
        self,
        definitions: Definitions,
        position: int,
        models: Models = HISTORY_MODELS,
        at_once: int = FACTS_AT_ONCE,
        remembered: int = INSTANCES_REMEMBERED,
    ) -> None:
        self.position = position
        self._definitions = definitions
        self._models = models
        self._at_once = at_once
        self._topics = topics_of(facts_of(models))
        self._instances = Instances(remembered)

    async def next(self, connection: AsyncConnection[Any], until: int) -> Batch:
        """Read the facts behind the position, up to another, and project them."""
        records, full = await self._read(connection, until)
        await find_holders(connection, records)
        definitions = await self._meet(connection, records)
        changes = HistoryChanges(self._models)
        async for some in in_turns(records):
            changes.project(some, self._instances, definitions)
        self._instances.tidy(dict.fromkeys(record.instance_id for record in records))
        return Batch(changes, records[-1].position if full else until, len(records), full)

    async def write(self, connection: AsyncConnection[Any], batch: Batch) -> None:
        """Write a batch and the place that is reached with it in one transaction. Raises AnotherFollows."""
        async with connection.transaction():
            # The place comes first: whoever holds its row holds the models too.
            cursor = await connection.execute(TRACK, [batch.position, self.position])
            if cursor.rowcount != 1:
                raise AnotherFollows
            await batch.changes.write(connection)
        self.position = batch.position

    async def _read(self, connection: AsyncConnection[Any], until: int) -> tuple[Sequence[Logged], bool]:
        """Facts of whole commands, and whether more may be there. A command that is larger than a batch is one all the same."""
        limit, size = self._at_once, BYTES_AT_ONCE
        while True:
            records = await read(connection, NEXT_FACTS.format(limit=limit, size=size), [self.position, until, self._topics])
            if len(records) < limit and sum(record.size for record in records) < size:
                return records, False
            whole = whole_commands(records)
            if whole:
                return whole, True
            limit, size = limit * 4, size * 4

    async def _meet(self, connection: AsyncConnection[Any], records: Sequence[Logged]) -> dict[str, ProcessDefinition]:
        """Get to know the instances that the facts are of, and the definitions of those that begin."""
        begins: dict[str, str] = {}
        unknown: dict[str, None] = {}
        for record in records:
            fact, instance_id = record.fact, record.instance_id
            if isinstance(fact, ProcessInstanceStarted):
                begins[instance_id] = fact.definition_id
            elif instance_id not in self._instances and instance_id not in begins and type(fact) not in OF_NO_INSTANCE:
                unknown[instance_id] = None
        if unknown:
            await self._recall(connection, list(unknown))
        return await self._defined(begins.values())

    async def _recall(self, connection: AsyncConnection[Any], instance_ids: Sequence[str]) -> None:
        """Make instances again from their facts so far; timers that start instances are none."""
        last = [last_part_id(instance_id) for instance_id in instance_ids]
        records = await read(connection, FACTS_OF_INSTANCES, [instance_ids, last, self.position, topics_of(APPLIERS)])
        definitions = await self._defined(r.fact.definition_id for r in records if isinstance(r.fact, ProcessInstanceStarted))
        async for some in in_turns(records):
            for record in some:
                if isinstance(record.fact, ProcessInstanceStarted):
                    self._instances[record.instance_id] = Instance(record.instance_id, definitions[record.fact.definition_id])
                if record.instance_id in self._instances:
                    self._instances[record.instance_id].apply(record)

    async def _defined(self, definition_ids: Iterable[str]) -> dict[str, ProcessDefinition]:
        found = {}
        for definition_id in dict.fromkeys(definition_ids):
            definition = await self._definitions(definition_id)
            assert definition is not None, f"the definition {definition_id} is not recorded"
            found[definition_id] = definition
        return found


async def find_holders(connection: AsyncConnection[Any], records: Sequence[Logged]) -> None:
    """Note who held the tasks that were cancelled: most locks end in a worker's own word, so that locks are not read otherwise."""
    cancelled = {task_id(record): record for record in records if isinstance(record.fact, ExternalTaskCancelled)}
    if not cancelled:
        return
    for last in await read(connection, LAST_LOCKS, [list(cancelled), topics_of(LOCK_FACTS)]):
        if isinstance(last.fact, ExternalTaskLocked | ExternalTaskLockExtended):
            cancelled[task_id(last)].worker_id = last.fact.worker_id


def task_id(record: Logged) -> str:
    return part_id(record.instance_id, record.ordinal)


async def in_turns(records: Sequence[Logged]) -> AsyncIterator[Sequence[Logged]]:
    """A few records at a time: others run in between."""
    for start in range(0, len(records), FACTS_A_TURN):
        yield records[start : start + FACTS_A_TURN]
        await asyncio.sleep(0)


async def read(connection: AsyncConnection[Any], sql: str, parameters: Sequence[object]) -> list[Logged]:
    """Read and decode facts, a few at a time: others run in between."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(cast(Any, sql), parameters)
    records: list[Logged] = []
    while rows := await cursor.fetchmany(FACTS_A_TURN):
        records += map(logged, rows)
        await asyncio.sleep(0)
    return records
