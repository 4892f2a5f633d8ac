"""Instances' own streams: read from their newest snapshots on, folded into states, and kept as snapshots where the fold was long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeAlias

import msgspec

from api.engine.long_work import MANY, in_thread_if
from domain.facts import Recorded
from domain.state import InstanceState
from projections.fact_mapper import FactMapper
from projections.large_values import Query, restored
from projections.snapshot import TOPIC, Snapshot, decode_state, encode_state, project_instance

SNAPSHOT_ABOVE = 50
"""Fewer facts are folded faster than a snapshot is read."""

# Purpose: instances' newest snapshots and the facts after them, in order.
STREAMS = f"""
WITH wanted AS (
    SELECT w.id, s.* FROM unnest(%s::uuid[]) w(id) LEFT JOIN LATERAL (
        SELECT originator_version AS version, topic, state FROM snapshots WHERE originator_id = w.id AND topic = '{TOPIC}'
        ORDER BY originator_version DESC LIMIT 1) s ON true
)
SELECT id::text, version, topic, state FROM (
    SELECT * FROM wanted WHERE version IS NOT NULL
    UNION ALL SELECT w.id, e.originator_version, e.topic, e.state FROM wanted w
        JOIN stored_events e ON e.originator_id = w.id AND e.originator_version > coalesce(w.version, 0)
) r ORDER BY id, version
"""

MAPPER = FactMapper()

Row: TypeAlias = Sequence[Any]
SnapshotRow: TypeAlias = tuple[str, int, str, bytes]


class Folded(msgspec.Struct):
    """Instances as their streams say, and those of them that should be kept as snapshots: rows of the table."""

    states: dict[str, InstanceState] = {}
    snapshots: list[SnapshotRow] = []


async def folded(rows: Sequence[Row], query: Query) -> Folded:
    """Fold rows of STREAMS; large values are asked for."""
    many = len(rows) > MANY
    decoded = await in_thread_if(many, lambda: [_record(row) for row in rows])
    facts = [record for record in decoded if isinstance(record, Recorded)]
    whole = iter(await restored(facts, query))
    records = [next(whole) if isinstance(record, Recorded) else record for record in decoded]
    return await in_thread_if(many, lambda: _fold(rows, records))


def _fold(rows: Sequence[Row], records: Sequence[Recorded | Snapshot]) -> Folded:
    result = Folded({}, [])
    for instance_id, group in groupby(zip(rows, records, strict=True), lambda pair: pair[1].originator_id):
        stream, facts = zip(*group, strict=True)
        state = project_instance(None, facts)
        if state is None:
            continue
        result.states[instance_id] = state
        if is_worth_a_snapshot(stream):
            result.snapshots.append((instance_id, state.version, TOPIC, encode_state(state)))
    return result


def _record(row: Row) -> Recorded | Snapshot:
    instance_id, version, topic, state = row
    if topic == TOPIC:
        return Snapshot(instance_id, version, decode_state(state))
    return MAPPER.record(instance_id, version, topic, state)


def is_worth_a_snapshot(stream: Sequence[Row]) -> bool:
    """Tell whether many facts came since the last snapshot, and more bytes of them than it has: a large state is not written for a few."""
    known = len(stream[0][3]) if stream[0][2] == TOPIC else 0
    facts = stream[1:] if known else stream
    return len(facts) > SNAPSHOT_ABOVE and sum(len(state) for *_, state in facts) > known
