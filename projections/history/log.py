"""The log of facts as history reads it: only the facts that it tells of, a batch at a time, in the order in which they were committed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from domain.facts import ExternalTaskLocked, ExternalTaskLockExtended, ExternalTaskUnlocked, Fact
from domain.ids import aggregate_id, ordinal_of
from projections.fact_mapper import FactMapper

# Purpose: the newest fact that is committed. Facts become visible in the order of the log, so all before it are there too.
NEWEST = "SELECT coalesce(max(notification_id), 0) FROM stored_events"
# Purpose: the next facts of some kinds, behind a position and up to another: so many, and so many bytes of them (but for the last one).
NEXT_FACTS = """
SELECT notification_id, originator_id::text, topic, state FROM (
    SELECT *, sum(octet_length(state)) OVER (ORDER BY notification_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM stored_events WHERE notification_id > %b AND notification_id <= %b AND topic = ANY(%b::text[])
    ORDER BY notification_id LIMIT {limit}) e
WHERE before IS NULL OR before < {size} ORDER BY notification_id
"""
# Purpose: what happened in some instances up to a position. Each range by the primary key: as a join, the planner compares all with all.
FACTS_OF_INSTANCES = """
SELECT notification_id, originator_id::text, topic, state
FROM unnest(%b::uuid[], %b::uuid[]) i(first, last)
    CROSS JOIN LATERAL (SELECT * FROM stored_events WHERE originator_id BETWEEN i.first AND i.last OFFSET 0) e
WHERE notification_id <= %b AND topic = ANY(%b::text[]) ORDER BY notification_id
"""
# Purpose: what was last said about the lock of some tasks.
LAST_LOCKS = """
SELECT DISTINCT ON (originator_id) 0, originator_id::text, topic, state FROM stored_events
WHERE originator_id = ANY(%b::uuid[]) AND topic = ANY(%b::text[]) ORDER BY originator_id, originator_version DESC
"""

LOCK_FACTS = (ExternalTaskLocked, ExternalTaskLockExtended, ExternalTaskUnlocked)

_decode = FactMapper().decode


class Logged(msgspec.Struct, gc=False):
    """A fact at its place in the log. `ordinal` names the stream inside the instance or deployment `instance_id`; 0 is its own."""

    position: int
    instance_id: str
    ordinal: int
    at: int
    command: bytes
    actor: str | None
    fact: Fact
    size: int = 0
    """Bytes in the store."""
    worker_id: str | None = None
    """Of a task that was cancelled: who held it."""


def logged(row: Sequence[Any]) -> Logged:
    """Decode one row of the statements above."""
    position, stream_id, topic, state = row
    envelope, fact = _decode(topic, state)
    return Logged(position, aggregate_id(stream_id), ordinal_of(stream_id), envelope.at, envelope.command, envelope.actor, fact, len(state))


def whole_commands(records: Sequence[Logged]) -> Sequence[Logged]:
    """Leave out the last command's facts of one instance, for more of them may follow; nothing is left when there are no others."""
    last = records[-1]
    end = len(records) - 1
    while end and records[end - 1].command == last.command and records[end - 1].instance_id == last.instance_id:
        end -= 1
    return records[:end]


def topics_of(facts: Iterable[type[Fact]]) -> list[str]:
    """The names under which facts of some kinds are stored, those of older versions too."""
    return sorted(f"{fact.__name__}.{version}" for fact in set(facts) for version in range(1, fact.schema_version + 1))
