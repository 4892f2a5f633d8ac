"""Statistics of topics. With names the plans go by the indexes that have the topic first; without, they read every open task once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Statement: TypeAlias = tuple[str, dict[str, object]]

MOST_WORKERS = 100
"""Of one topic, those that asked last."""

# Purpose: open tasks by topic. `expired` are locks that ran out and that nobody has taken since.
OPEN = """
SELECT topic, count(*), count(*) FILTER (WHERE lock_until > %(now)s), count(*) FILTER (WHERE lock_until <= %(now)s AND NOT released),
    count(*) FILTER (WHERE suspended), count(*) FILTER (WHERE retries = 0), min(create_time)
FROM external_task WHERE {which} GROUP BY topic
"""
# Purpose: workers by topic, those that asked last first, and how many there are.
WORKERS = """
SELECT topic, count(*), (array_agg(worker_id ORDER BY last_poll DESC, worker_id))[:{most}],
    (array_agg(last_poll ORDER BY last_poll DESC, worker_id))[:{most}]
FROM worker_poll WHERE {which} GROUP BY topic
"""
# Purpose: locks that ran out, by topic: how many, and when that was noticed last.
EXPIRIES = "SELECT topic, count(*), max(timestamp) FROM history_lock_expiry WHERE {which} GROUP BY topic"
# Purpose: remember who asked. Rows come in one order, so that two processes never wait for each other.
SEEN = """
WITH seen AS (
    INSERT INTO worker_poll SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) s(topic, worker_id, last_poll)
    ON CONFLICT (topic, worker_id) DO UPDATE SET last_poll = greatest(worker_poll.last_poll, excluded.last_poll) RETURNING 1)
SELECT count(*) FROM seen
"""
# Purpose: forget who has not asked for long.
FORGET = "WITH forgotten AS (DELETE FROM worker_poll WHERE last_poll < %s RETURNING 1) SELECT count(*) FROM forgotten"


def open_statement(topics: Sequence[str] | None, now: int) -> Statement:
    return OPEN.format(which=_which(topics)), {"topics": topics and list(topics), "now": now}


def workers_statement(topics: Sequence[str] | None) -> Statement:
    return WORKERS.format(which=_which(topics), most=MOST_WORKERS), {"topics": topics and list(topics)}


def expiries_statement(topics: Sequence[str] | None) -> Statement:
    return EXPIRIES.format(which=_which(topics)), {"topics": topics and list(topics)}


def _which(topics: Sequence[str] | None) -> str:
    return "topic IS NOT NULL" if topics is None else "topic = ANY(%(topics)s::text[])"
