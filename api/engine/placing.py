"""Facts with the ids of their streams, for commands that write to many of these: numbered behind what is there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from api.engine.batch import Batch
from api.engine.store import Transaction
from api.engine.streams import MAPPER
from api.engine.submission import Submission
from api.engine.together import EngineConnection
from domain.batch import BatchState
from domain.facts import Envelope, Fact, Recorded
from domain.lone_job import LoneJob, fold

Placed: TypeAlias = list[tuple[str, Fact]]
"""Facts with the ids of their streams."""

# Purpose: whole streams, in order.
WHOLE_STREAMS = """
SELECT originator_id::text, originator_version, topic, state FROM stored_events WHERE originator_id = ANY(%s::uuid[])
ORDER BY originator_id, originator_version
"""
# Purpose: the versions of streams.
STREAM_VERSIONS = """
SELECT originator_id::text, max(originator_version) FROM stored_events WHERE originator_id = ANY(%s::uuid[]) GROUP BY originator_id
"""


def envelope_of(submission: Submission, at: int) -> Envelope:
    return Envelope(at, submission.command_id, submission.actor)


def numbered(envelope: Envelope, placed: Iterable[tuple[str, Fact]], versions: Mapping[str, int]) -> list[Recorded]:
    """Number facts in their streams behind what these hold already."""
    last, records = dict(versions), []
    for stream_id, fact in placed:
        last[stream_id] = version = last.get(stream_id, 0) + 1
        records.append(Recorded(stream_id, version, envelope, fact))
    return records


async def stream_versions(
    connection: EngineConnection, placed: Iterable[tuple[str, Fact]], seen: Iterable[LoneJob | BatchState] = ()
) -> dict[str, int]:
    """The versions of the streams that facts go to, as far as these exist.

    Of what was `seen` it is the version that was decided on: whatever another process has appended since has to be a conflict.
    """
    versions = {aggregate.id: aggregate.version for aggregate in seen}
    unseen = {stream_id for stream_id, _ in placed} - versions.keys()
    return {**versions, **dict(await connection.rows(STREAM_VERSIONS, [list(unseen)]))} if unseen else versions


async def whole_streams(connection: EngineConnection, stream_ids: Sequence[str]) -> dict[str, list[Recorded]]:
    """Everything that streams hold, by their ids."""
    streams: dict[str, list[Recorded]] = {}
    for row in await connection.rows(WHOLE_STREAMS, [list(stream_ids)]) if stream_ids else ():
        record = MAPPER.record(*row)
        streams.setdefault(record.originator_id, []).append(record)
    return streams


async def lone_jobs(connection: EngineConnection, job_ids: Sequence[str]) -> dict[str, LoneJob]:
    """Jobs that are aggregates of their own, by their ids; ended ones too."""
    streams = await whole_streams(connection, job_ids)
    return {job_id: job for job_id, records in streams.items() if (job := fold(records)) is not None}


def written_alone(envelope: Envelope, placed: Iterable[tuple[str, Fact]], versions: Mapping[str, int]) -> tuple[Batch, Transaction]:
    """A batch in which no instance was looked at, and the transaction that writes the facts."""
    transaction = Transaction()
    records = numbered(envelope, placed, versions)
    if records:
        transaction.add(records)
    return Batch(envelope.at, {}, {}, {}), transaction
