"""The event store: one statement an append, each version once, and nothing that was written ever changes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import Any, ClassVar, cast
from uuid import UUID

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import EventStore as LibraryEventStore
from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.facts import FACTS, ElementActivated, Envelope, Fact, Recorded
from projections.event_store import EventStore
from projections.fact_mapper import FactMapper, UnknownFact, encode_envelope

INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
OTHER = "0193f000-0000-7abc-8abc-def100000000"
ENVELOPE = Envelope(1_700_000_000_000, "0193f000-0000-7abc-8abc-defabcdefabc", "somebody")


@pytest.fixture
def store(database: str) -> Iterator[EventStore]:
    with EventStore(database) as opened:
        yield opened


def a_fact(version: int, stream: str = INSTANCE) -> Any:
    return Recorded(stream, version, ENVELOPE, ElementActivated(4 * version, "work", 0))


def all_notifications(store: EventStore) -> list[tuple[int, str, int]]:
    return [(n.id, str(n.originator_id), n.originator_version) for n in store.recorder.select_notifications(None, 100)]


def test_facts_get_their_places_in_the_log_in_the_order_given(store: EventStore) -> None:
    recordings = store.facts.put([a_fact(1), a_fact(1, OTHER), a_fact(2)])

    placed = [(r.notification.id, str(r.notification.originator_id), r.notification.originator_version) for r in recordings]
    assert placed == [(1, INSTANCE, 1), (2, OTHER, 1), (3, INSTANCE, 2)]
    assert all_notifications(store) == placed


def test_facts_are_read_as_they_were_written(store: EventStore) -> None:
    store.facts.put([a_fact(1), a_fact(2)])

    assert list(store.facts.get(UUID(INSTANCE))) == [a_fact(1), a_fact(2)]


def test_nothing_to_append_is_nothing_done(store: EventStore) -> None:
    assert store.facts.put([]) == []
    assert all_notifications(store) == []


def test_an_append_is_one_statement_and_one_round_trip(store: EventStore) -> None:
    store.facts.put([a_fact(1)])
    with tempfile.TemporaryFile("w+") as trace:
        with store.recorder.datastore.get_connection() as connection:
            connection.pgconn.trace(trace.fileno())

        store.facts.put([a_fact(2), a_fact(3)])

        with store.recorder.datastore.get_connection() as connection:
            connection.pgconn.untrace()
        trace.seek(0)
        assert re.findall(r"^.*F\s+\d+\s+(Execute|Sync|Query)\b", trace.read(), re.MULTILINE) == ["Execute", "Sync"]


def test_a_version_is_there_once_and_an_append_is_all_or_nothing(store: EventStore) -> None:
    store.facts.put([a_fact(1)])

    with pytest.raises(IntegrityError, match="stored_events_pkey"):
        store.facts.put([a_fact(1, OTHER), a_fact(2), a_fact(1)])

    assert all_notifications(store) == [(1, INSTANCE, 1)]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("UPDATE stored_events SET state = ''", "UPDATE"),
        ("UPDATE stored_events SET topic = 'ElementCompleted.1' WHERE originator_version = 1", "UPDATE"),
        ("UPDATE stored_events SET state = '' WHERE false", "UPDATE"),
        ("DELETE FROM stored_events", "DELETE"),
        ("TRUNCATE stored_events", "TRUNCATE"),
        ("INSERT INTO stored_events TABLE stored_events ON CONFLICT ON CONSTRAINT stored_events_pkey DO UPDATE SET state = ''", "UPDATE"),
    ],
)
def test_facts_are_append_only_in_the_database_too(store: EventStore, database: str, change: str, name: str) -> None:
    store.facts.put([a_fact(1)])

    with (
        psycopg.connect(database) as connection,
        pytest.raises(psycopg.errors.RaiseException, match=f"facts are append-only: {name} on stored_events is refused"),
    ):
        connection.execute(change.encode())

    assert list(store.facts.get(UUID(INSTANCE))) == [a_fact(1)]


class Moved(Fact, frozen=True, array_like=True):
    """A fact in its second version: the first one had a text."""

    schema_version: ClassVar[int] = 2

    target: int


def test_a_fact_of_an_older_schema_is_upcast_when_it_is_read(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACTS, "Moved", Moved)
    state = encode_envelope(ENVELOPE) + msgspec.msgpack.encode(["element8"])
    store.recorder.insert_events([StoredEvent(UUID(INSTANCE), 1, "Moved.1", state)])
    mapper = FactMapper({("Moved", 1): lambda fields: [int(str(fields[0]).removeprefix("element"))]})

    read = list(LibraryEventStore(mapper, store.recorder).get(UUID(INSTANCE)))

    assert cast(list[object], read) == [Recorded(INSTANCE, 1, ENVELOPE, Moved(8))]


@pytest.mark.parametrize("topic", ["ElementCompleted.2", "ElementDreamt.1", "domain.facts:ElementCompleted"])
def test_a_fact_that_this_version_does_not_know_is_named(store: EventStore, topic: str) -> None:
    store.recorder.insert_events([StoredEvent(UUID(INSTANCE), 1, topic, encode_envelope(ENVELOPE) + b"\x91\x08")])

    with pytest.raises(UnknownFact, match=topic):
        list(store.facts.get(UUID(INSTANCE)))
