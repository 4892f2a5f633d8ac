"""The event store: the library's table and interface, with an append of one statement that keeps the order of the log.

The ordering lock is taken inside every appending statement, fetchAndLock included. So notification ids become visible in their own
order, and a reader that tails the log never passes over a fact that commits later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.errors import UniqueViolation

ORDERING_LOCK = 0x6765737461
"""Key of the advisory lock that serialises appends: the word gesta."""

TAKE_ORDERING_LOCK = f"ordering AS MATERIALIZED (SELECT pg_advisory_xact_lock({ORDERING_LOCK}))"

# Purpose: append facts in the given order.
APPEND = f"""
WITH {TAKE_ORDERING_LOCK}
INSERT INTO stored_events (originator_id, originator_version, topic, state)
SELECT c.* FROM ordering, unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[]) c
"""


class EngineRecorder(PostgresApplicationRecorder):
    """The library's recorder, with its own append. Selecting, notifications and snapshots stay the library's."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        if not stored_events:
            return []
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events]
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            try:
                curs.execute(f"{APPEND} RETURNING notification_id".encode(), [list(c) for c in zip(*rows, strict=True)], prepare=True)
            except UniqueViolation as conflict:
                raise IntegrityError(str(conflict)) from conflict
            return [row["notification_id"] for row in curs.fetchall()]
