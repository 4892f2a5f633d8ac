"""Replay of recorded instances: the event store is read instance by instance, and every cause is decided again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias, cast

import msgspec
from psycopg import AsyncConnection

from api.engine.definitions import Definitions
from api.engine.store import INSTANCE_LOG, log_range
from api.engine.streams import MAPPER, Row
from domain.elements import ProcessDefinition
from domain.facts import ProcessInstanceStarted, Recorded
from domain.ids import aggregate_id
from domain.replay import Difference, replay
from projections.large_values import restored

# Purpose: a range of the event store, aggregate by aggregate: streams of one instance are neighbours.
RANGE = """
SELECT e.originator_id::text, e.originator_version, e.topic, e.state, e.notification_id FROM stored_events e
WHERE e.originator_id >= %s AND e.originator_id < %s
ORDER BY e.originator_id, e.originator_version
"""
Range: TypeAlias = tuple[str, str]
"""The first id that is in it, and the first that is not any more."""
EVERYTHING: Range = ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")
AT_ONCE = 5000


class ReplayRefused(Exception):
    """An instance cannot be replayed; the message says why."""


class Replayed(msgspec.Struct):
    """One instance that was replayed."""

    instance_id: str
    facts: int
    differences: Sequence[Difference]


async def reading(conninfo: str) -> AsyncConnection[Any]:
    """A connection that only reads."""
    return await AsyncConnection.connect(conninfo, autocommit=True, application_name="gesta replay")


class Replayer:
    """Replays what one database has recorded."""

    def __init__(self, connection: AsyncConnection[Any], reads: AsyncConnection[Any]) -> None:
        """`reads` loads definitions while `connection` streams facts."""
        self._connection = connection
        self._reads = reads
        self._definitions = Definitions(self._query)

    async def _query(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        return await (await self._reads.execute(sql, parameters)).fetchall()

    async def instance(self, any_id: str) -> Replayed | None:
        """Replay the instance that an id belongs to; None when nothing of it is recorded."""
        instance_id = aggregate_id(any_id)
        records = [MAPPER.record(*row) for row in await self._query(INSTANCE_LOG, log_range(instance_id))]
        return await self._replayed(instance_id, records)

    async def instances(self, range: Range = EVERYTHING) -> AsyncIterator[Replayed]:
        """Replay all instances of a range, in the order of their ids."""
        async for aggregate, records in self._aggregates(range):
            replayed = await self._replayed(aggregate, sorted(records, key=attrgetter("notification_id")))
            if replayed is not None:
                yield replayed

    async def _aggregates(self, range: Range) -> AsyncIterator[tuple[str, list[Recorded]]]:
        pending: list[Recorded] = []
        async for rows in self._rows(range):
            pending += [MAPPER.record(*row) for row in rows]
            groups = [(key, list(group)) for key, group in groupby(pending, _aggregate_of)]
            for key, group in groups[:-1]:
                yield key, group
            pending = groups[-1][1]
        if pending:
            yield _aggregate_of(pending[0]), pending

    async def _rows(self, range: Range) -> AsyncIterator[Sequence[Row]]:
        """Stream facts; the next rows are on their way while the last ones are worked on."""
        async with self._connection.transaction(), self._connection.cursor(name="facts", binary=True) as cursor:
            await cursor.execute(RANGE, range)
            coming = asyncio.create_task(cursor.fetchmany(AT_ONCE))
            while rows := await coming:
                coming = asyncio.create_task(cursor.fetchmany(AT_ONCE))
                await asyncio.sleep(0)
                yield rows

    async def _replayed(self, instance_id: str, records: list[Recorded]) -> Replayed | None:
        if not records or not isinstance(records[0].fact, ProcessInstanceStarted):
            return None
        records = [*await restored(records, self._query)]
        definition_id = cast(ProcessInstanceStarted, records[0].fact).definition_id
        definition = await self._definitions.get(definition_id)
        if definition is None:
            raise ReplayRefused(f"process instance '{instance_id}' was started on the definition '{definition_id}', which is not recorded")
        found: ProcessDefinition = definition
        return Replayed(instance_id, len(records), replay(records, lambda _: found))


def _aggregate_of(record: Recorded) -> str:
    return aggregate_id(record.originator_id)
