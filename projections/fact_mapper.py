"""How facts are stored: a bare stable name with a schema version as topic, and one small msgpack array as state.

The state holds neither id nor version, so that one encoded state serves many rows: `[[at, command id, actor], [fields…]]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.facts import FACTS, Envelope, Fact, Recorded
from projections.large_values import LARGE, without_large

Upcaster = Callable[[list[Any]], list[Any]]


class StoredEnvelope(msgspec.Struct, frozen=True, array_like=True):
    """The envelope as it is stored; `command` is the id's sixteen bytes."""

    at: int
    command: bytes
    actor: str | None = None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.decode
_PAIR = b"\x92"
"""The msgpack header of an array of two."""


def topic_of(fact: type[Fact]) -> str:
    """Return the name that facts of a class are stored under, such as `ElementActivated.1`."""
    return f"{fact.__name__}.{fact.schema_version}"


TOPICS: Mapping[type[Fact], str] = {cls: topic_of(cls) for cls in FACTS.values()}
_DECODERS = {topic_of(cls): msgspec.msgpack.Decoder(tuple[StoredEnvelope, cls]) for cls in FACTS.values()}  # type: ignore[valid-type]


def encode_envelope(envelope: Envelope) -> bytes:
    """Encode what all facts of one command share, once."""
    return _PAIR + _encode(StoredEnvelope(envelope.at, UUID(envelope.command_id).bytes, envelope.actor))


def encode_fact(envelope: bytes, fact: Fact, blobs: dict[bytes, bytes] | None = None) -> bytes:
    """Return the stored state of a fact behind its encoded envelope. Its large values are added to `blobs`, and referred to."""
    state = envelope + _encode(fact)
    return state if blobs is None or len(state) <= LARGE else envelope + _encode(without_large(fact, blobs))


class FactMapper(Mapper[UUID]):
    """The library's mapper for our facts: `Recorded` on our side, `StoredEvent` on the library's. Old versions are upcast on reading.

    `upcasters` lead from a stored `(name, version)` to the fields of the next version.
    """

    def __init__(self, upcasters: Mapping[tuple[str, int], Upcaster] | None = None) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._upcasters = upcasters or {}
        self._last: tuple[StoredEnvelope | None, Envelope] = None, Envelope(0, "")

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        record: Recorded = domain_event
        return StoredEvent(
            originator_id=UUID(record.originator_id),
            originator_version=record.originator_version,
            topic=TOPICS[type(record.fact)],
            state=encode_fact(encode_envelope(record.envelope), record.fact),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return self.record(str(stored_event.originator_id), stored_event.originator_version, stored_event.topic, stored_event.state)

    def record(self, originator_id: str, version: int, topic: str, state: bytes, notification_id: int = 0) -> Recorded:
        """Decode one row of the event store."""
        envelope, fact = self.decode(topic, state)
        last = self._last
        if envelope != last[0]:  # The facts of one command mostly follow each other.
            self._last = last = envelope, _envelope(envelope)
        return Recorded(originator_id, version, last[1], fact, notification_id)

    def decode(self, topic: str, state: bytes) -> tuple[StoredEnvelope, Fact]:
        """Decode what is stored, and no more: for whoever reads very many facts."""
        decoder = _DECODERS.get(topic)
        return decoder.decode(state) if decoder is not None else self._upcast(topic, state)

    def _upcast(self, topic: str, state: bytes) -> tuple[StoredEnvelope, Fact]:
        name, _, version = topic.rpartition(".")
        cls = FACTS.get(name)
        if cls is None or not version.isdecimal() or not 1 <= int(version) <= cls.schema_version:
            raise UnknownFact(f"The event store holds a fact '{topic}' that this version of gesta does not know.")
        envelope, fields = _decode(state, type=tuple[StoredEnvelope, list[Any]])
        for older in range(int(version), cls.schema_version):
            fields = self._upcasters[name, older](fields)
        return envelope, msgspec.convert(fields, cls)


def _envelope(stored: StoredEnvelope) -> Envelope:
    digits = stored.command.hex()
    command_id = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return Envelope(stored.at, command_id, stored.actor)


class UnknownFact(Exception):
    """A stored fact's name or version is not one of this code's."""
