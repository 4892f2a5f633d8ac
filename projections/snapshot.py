"""Snapshots: states of process instances that spare folding what came before them.

They are a cache inside the database. Whatever has to be proved is folded from the facts alone, and a snapshot of another schema version
is passed over as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from immutables import Map

from domain.evolve import InstanceFact, begin, evolve
from domain.facts import ProcessInstanceStarted, Recorded
from domain.state import InstanceState

SCHEMA_VERSION = 2
"""To be raised whenever the fields of an instance's state change, or what a fact makes of them."""
TOPIC = f"InstanceState.{SCHEMA_VERSION}"

# Purpose: keep the newest snapshot of each instance, and only that one.
STORE_SNAPSHOTS = """
WITH new AS (SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[]) n(id, version, topic, state)),
    older AS (DELETE FROM snapshots s USING new WHERE s.originator_id = new.id AND s.originator_version < new.version)
INSERT INTO snapshots (originator_id, originator_version, topic, state) SELECT * FROM new
ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = excluded.topic, state = excluded.state
"""


class Snapshot(msgspec.Struct, frozen=True):
    """The state of a process instance after the fact `originator_version` of its stream."""

    originator_id: str
    originator_version: int
    state: InstanceState


def _encoded_map(value: object) -> dict[Any, Any]:
    if isinstance(value, Map):
        return dict(value)
    raise NotImplementedError(f"a snapshot cannot hold a {type(value).__name__}")


def _decoded_map(kind: Any, value: Any) -> Map[Any, Any]:
    key, item = kind.__args__
    return Map(msgspec.convert(value, dict[key, item], dec_hook=_decoded_map))  # type: ignore[valid-type]


encode_state = msgspec.msgpack.Encoder(enc_hook=_encoded_map).encode
decode_state = msgspec.msgpack.Decoder(InstanceState, dec_hook=_decoded_map).decode


class SnapshotMapper(Mapper[UUID]):
    """The library's mapper for our snapshots."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        snapshot: Snapshot = domain_event
        return StoredEvent(UUID(snapshot.originator_id), snapshot.originator_version, TOPIC, encode_state(snapshot.state))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return Snapshot(str(stored_event.originator_id), stored_event.originator_version, decode_state(stored_event.state))


def project_instance(state: InstanceState | None, records: Iterable[Recorded | Snapshot]) -> InstanceState | None:
    """Fold an instance's own facts, a snapshot perhaps before them; None for the facts of anything else."""
    for record in records:
        if isinstance(record, Snapshot):
            state = record.state
        elif isinstance(record.fact, ProcessInstanceStarted):
            state = begin(record.originator_id, record.fact)
        elif state is None:
            return None
        else:
            state = evolve(state, cast(InstanceFact, record.fact), record.envelope)
    return state
