"""The engine's own connections: prepared statements on autocommit, where one pipeline is one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from psycopg.errors import UniqueViolation
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper

from api.engine.fingerprints import kind_of
from api.engine.streams import STREAMS, SnapshotRow, folded
from api.engine.submission import Repetition, Submission
from api.engine.together import EngineConnection, Flight
from domain.external_task import ExternalTaskState
from domain.facts import Recorded
from domain.ids import last_part_id, ordinal_of
from domain.state import TASK, InstanceState
from projections.changes import Changes
from projections.columns import ColumnDumper
from projections.fact_mapper import TOPICS, encode_envelope, encode_fact
from projections.recorder import APPEND, TAKE_ORDERING_LOCK
from projections.rows import Statement, columns
from projections.snapshot import STORE_SNAPSHOTS

_OPTIONS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off"
"""Every statement here has an index to go by, whatever the statistics of a fresh table say."""
_KEEPALIVES = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
"""A machine that is gone without a word holds its locks for some ten seconds, not for the hours that TCP waits by itself."""

# Purpose: open tasks as the engine has to know them.
TASKS = """
SELECT id::text, activity_id, definition_id, topic, priority, create_time, business_key, tenant_id, worker_id, lock_until, released,
    retries, error_message, error_details, version, suspended
FROM external_task WHERE id = ANY(%s::uuid[])
"""
# Purpose: everything that happened in one instance, its tasks included, in the order of the log.
INSTANCE_LOG = """
SELECT originator_id::text, originator_version, topic, state, notification_id FROM stored_events
WHERE originator_id BETWEEN %s::uuid AND %s::uuid ORDER BY notification_id
"""
# Purpose: the latest version of each wanted process, by key and tenant.
LATEST = """
SELECT w.key, w.tenant, d.id, d.suspended FROM unnest(%s::text[], %s::text[]) w(key, tenant) CROSS JOIN LATERAL (
    SELECT id, suspended FROM process_definition WHERE key = w.key AND coalesce(tenant_id, '') = w.tenant ORDER BY version DESC LIMIT 1) d
"""
# Purpose: the latest version of one process of a tenant.
LATEST_DEFINITION = "SELECT id FROM process_definition WHERE key = %s AND coalesce(tenant_id, '') = %s ORDER BY version DESC LIMIT 1"
# Purpose: which definitions are there, and whether they are suspended.
DEPLOYED = "SELECT id, suspended FROM process_definition WHERE id = ANY(%s::text[])"
# Purpose: of commands whose stream is there, whether they have left their facts already. A fact's state holds its command's id.
REPEATED = """
SELECT c.id, EXISTS (SELECT FROM stored_events e
    WHERE e.originator_id = c.stream AND position(c.bytes IN e.state) > 0 AND (c.beginning IS NULL OR e.topic = c.beginning))
FROM unnest(%s::text[], %s::uuid[], %b::bytea[], %s::text[]) c(id, stream, bytes, beginning)
WHERE EXISTS (SELECT FROM stored_events e WHERE e.originator_id = c.stream)
"""
# Purpose: which commands were carried out under ids that clients gave.
CARRIED_OUT = "SELECT id::text, fingerprint FROM client_command WHERE id = ANY(%s::uuid[])"
# Purpose: take an id for a request that becomes several commands, each with an id derived from it; whose it is.
CLAIM = """
WITH taken AS (INSERT INTO client_command VALUES (%(id)s, %(kind)s, %(fingerprint)s, %(at)s) ON CONFLICT DO NOTHING RETURNING fingerprint)
SELECT fingerprint FROM taken UNION ALL SELECT fingerprint FROM client_command WHERE id = %(id)s
"""
# Purpose: whether a command of a kind was.
CARRIED_OUT_AS = "SELECT FROM client_command WHERE id = %s AND kind = %s"
# Purpose: remember commands under the ids that clients gave them.
NOTE_COMMANDS = (
    "INSERT INTO client_command (id, kind, fingerprint, at) SELECT * FROM unnest(%b::uuid[], %b::text[], %b::bytea[], %b::bigint[])"
)
# Purpose: the first fact of a stream.
FIRST_FACT = (
    "SELECT originator_id::text, originator_version, topic, state FROM stored_events WHERE originator_id = %s AND originator_version = 1"
)
DEPLOYING = 0x6465706C6F79
"""The advisory lock of whoever deploys, or deletes a deployment: the word deploy."""
TAKE_TURN, END_TURN = f"SELECT pg_advisory_lock({DEPLOYING})", f"SELECT pg_advisory_unlock({DEPLOYING})"
STORE_BLOBS = "INSERT INTO blob SELECT * FROM unnest(%b::bytea[], %b::bytea[]) ON CONFLICT DO NOTHING"


ROWS_AT_ONCE = 1000
"""Of one statement; a transaction with more rows has several of them."""


class VersionConflict(Exception):
    """Somebody else, mostly another process, has appended to one of the streams first. Nothing was written."""


class Wanted(msgspec.Struct):
    """What a batch of commands has to know, by ids."""

    tasks: Sequence[str] = ()
    streams: Sequence[str] = ()
    latest: Sequence[tuple[str, str]] = ()
    """Keys and tenants (`""`: none)."""
    deployed: Sequence[str] = ()
    """Ids of definitions that may exist."""
    commands: Sequence[Repetition] = ()
    """Commands that may have been carried out before."""
    given: Sequence[str] = ()
    """Ids that clients gave to commands."""


class Loaded(msgspec.Struct):
    """What the store said."""

    tasks: Sequence[ExternalTaskState] = ()
    instances: Mapping[str, InstanceState] = {}
    snapshots: Sequence[SnapshotRow] = ()
    """Of instances whose facts were many."""
    latest: Mapping[tuple[str, str], str] = {}
    deployed: frozenset[str] = frozenset()
    suspended: frozenset[str] = frozenset()
    """Of those definitions, the ones that cannot be started now."""
    repeated: frozenset[str] = frozenset()
    """Commands that have left their facts already."""
    late: frozenset[str] = frozenset()
    """Commands that have not, although their stream is there."""
    fingerprints: Mapping[str, bytes] = {}
    """Of the commands that were carried out under the given ids."""


async def connect(conninfo: str, name: str) -> EngineConnection:
    """Open a connection for the engine's own statements."""
    options = f"{_OPTIONS} {_KEEPALIVES}"
    connection = await EngineConnection.connect(conninfo, autocommit=True, options=options, application_name=f"gesta {name}")
    for dumper in (Int8BinaryDumper, Int8Dumper):
        connection.adapters.register_dumper(int, dumper)
    connection.adapters.register_dumper(list, ColumnDumper)
    return connection


@asynccontextmanager
async def undisturbed_if(wanted: bool, connection: EngineConnection) -> AsyncIterator[None]:
    """Let nobody else append from the first read on until what is written inside stands."""
    if not wanted:
        yield
        return
    async with connection.transaction():
        await connection.execute(f"WITH {TAKE_ORDERING_LOCK} SELECT FROM ordering".encode())
        yield


@asynccontextmanager
async def in_turn_if(wanted: bool, connection: EngineConnection) -> AsyncIterator[None]:
    """Let processes deploy one after the other: versions hand what starts them over to each other."""
    if not wanted:
        yield
        return
    await connection.rows(TAKE_TURN, [])
    try:
        yield
    finally:
        if not connection.closed:
            await connection.rows(END_TURN, [])


async def load(connection: EngineConnection, wanted: Wanted) -> Loaded:
    """Read everything in one round trip."""
    asked: list[Statement] = [
        (TASKS, [list(wanted.tasks)]),
        (STREAMS, [list(wanted.streams)]),
        (LATEST, columns(wanted.latest) or [[]]),
        (DEPLOYED, [list(wanted.deployed)]),
        (REPEATED, columns(wanted.commands) or [[]]),
        (CARRIED_OUT, [list(wanted.given)]),
    ]
    flight = Flight(connection)
    for sql, parameters in asked:
        if parameters[0]:
            flight.add(sql, parameters)
    answers = iter(await flight.rows())
    tasks, streams, latest, deployed, repeated, carried_out = [next(answers) if parameters[0] else [] for _, parameters in asked]
    instances = await folded(streams, connection.rows)
    return Loaded(
        [task_state(row) for row in tasks],
        instances.states,
        instances.snapshots,
        {(key, tenant): definition_id for key, tenant, definition_id, _ in latest},
        frozenset(definition_id for definition_id, _ in deployed),
        frozenset(definition_id for *_, definition_id, suspended in [*latest, *deployed] if suspended),
        frozenset(command_id for command_id, done in repeated if done),
        frozenset(command_id for command_id, done in repeated if not done),
        dict(carried_out),
    )


def task_state(row: Sequence[Any]) -> ExternalTaskState:
    """Read one row of TASKS."""
    task_id, *rest = row
    return ExternalTaskState(task_id, ordinal_of(task_id) - TASK, *rest)


def log_range(instance_id: str) -> tuple[str, str]:
    """The parameters of INSTANCE_LOG."""
    return instance_id, last_part_id(instance_id)


class Transaction:
    """What a batch of commands writes: facts first, then what they change in the read models."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.blobs: dict[bytes, bytes] = {}
        """By their SHA-256."""
        self.snapshots: Sequence[SnapshotRow] = ()
        self._commands: dict[str, tuple[str, str, bytes, int]] = {}
        self._facts: list[tuple[str, int, str, bytes]] = []

    def add(self, records: Sequence[Recorded]) -> None:
        """Add the facts of one command."""
        head = encode_envelope(records[0].envelope)
        self._facts += [
            (r.originator_id, r.originator_version, TOPICS[type(r.fact)], encode_fact(head, r.fact, self.blobs)) for r in records
        ]
        self.changes.project(records)

    def note(self, submission: Submission, at: int) -> None:
        """Remember a command under the id that its client gave it, if it did."""
        if submission.fingerprint is not None:
            self._commands[submission.command_id] = submission.command_id, kind_of(submission.command), submission.fingerprint, at

    def statements(self) -> Iterable[Statement]:
        if self._facts:
            yield APPEND, columns(self._facts)
        if self._commands:
            yield NOTE_COMMANDS, columns(self._commands.values())
        if self.blobs:
            yield STORE_BLOBS, columns(sorted(self.blobs.items()))
        if self.snapshots:
            yield STORE_SNAPSHOTS, columns(self.snapshots)
        yield from self.changes.statements()

    async def commit(self, connection: EngineConnection) -> None:
        """Write everything or nothing. Raises VersionConflict."""
        if not self._facts:
            return
        flight = Flight(connection)
        for sql, parameters in self.statements():
            for number, piece in enumerate(_pieces(parameters)):
                if number:
                    await asyncio.sleep(0)
                flight.add(sql, piece)
        try:
            await flight.rows()
        except UniqueViolation as conflict:
            raise VersionConflict(str(conflict)) from conflict


def _pieces(columns: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Cut long columns: writing them out for PostgreSQL holds the event loop, which answers others between the pieces."""
    rows = len(columns[0])
    for first in range(0, rows, ROWS_AT_ONCE):
        yield columns if rows <= ROWS_AT_ONCE else [column[first : first + ROWS_AT_ONCE] for column in columns]
