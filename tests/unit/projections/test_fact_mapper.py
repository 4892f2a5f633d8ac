"""Between facts and the rows of the event store: names, envelopes, older versions and unknown ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from domain.facts import FACTS, ElementCompleted, Envelope, ExternalTaskUnlocked, Fact, Recorded, Resource
from domain.values import Value
from projections.fact_mapper import TOPICS, FactMapper, UnknownFact, encode_envelope, encode_fact, topic_of

STREAM = "0193f000-0000-7abc-8abc-def000000000"
COMMAND = "0193f000-0000-7abc-8abc-def000000001"
ENVELOPE = Envelope(1_706_933_106_789, COMMAND, "mary")


class Moved(Fact, frozen=True, array_like=True):
    """A fact in its third version: the first one had a text `from:to`, the second one a text for each, the third one numbers."""

    schema_version: ClassVar[int] = 3

    origin: int
    target: int
    by: Value = Value("Null")
    files: tuple[Resource, ...] = ()


UPCASTERS = {
    ("Moved", 1): lambda fields: [*fields[0].split(":"), *fields[1:]],
    ("Moved", 2): lambda fields: [int(fields[0]), int(fields[1]), *fields[2:]],
}


@pytest.fixture
def mapper(monkeypatch: pytest.MonkeyPatch) -> Iterator[FactMapper]:
    """A mapper of a code that knows `Moved` in version 3."""
    monkeypatch.setitem(FACTS, "Moved", Moved)
    yield FactMapper(UPCASTERS)


def state(*fields: object) -> bytes:
    """A stored state with these fields."""
    return msgspec.msgpack.encode([[ENVELOPE.at, UUID(COMMAND).bytes, "mary"], list(fields)])


def test_a_fact_is_stored_under_a_bare_name_with_its_version() -> None:
    event = FactMapper().to_stored_event(Recorded(STREAM, 3, ENVELOPE, ElementCompleted(8)))

    assert event == StoredEvent(UUID(STREAM), 3, "ElementCompleted.1", state(8))


def test_topics_name_no_import_path() -> None:
    assert {cls: f"{name}.1" for name, cls in FACTS.items()} == dict(TOPICS)


def test_a_fact_without_fields_is_stored_as_an_empty_list() -> None:
    event = FactMapper().to_stored_event(Recorded(STREAM, 1, ENVELOPE, ExternalTaskUnlocked()))

    assert event.state == state()


def test_one_encoded_envelope_serves_many_facts() -> None:
    head = encode_envelope(ENVELOPE)

    assert [encode_fact(head, ElementCompleted(key)) for key in (4, 8)] == [state(4), state(8)]


def test_an_actor_that_nobody_named_stays_unknown() -> None:
    record = Recorded(STREAM, 1, Envelope(0, COMMAND), ElementCompleted(8))
    mapper = FactMapper()

    again = mapper.to_domain_event(mapper.to_stored_event(record))

    assert again == record


def test_a_row_keeps_its_place_in_the_log() -> None:
    record = FactMapper().record(STREAM, 2, "ElementCompleted.1", state(8), notification_id=99)

    assert record == Recorded(STREAM, 2, ENVELOPE, ElementCompleted(8), 99)


def test_fields_that_this_code_does_not_know_are_passed_over() -> None:
    record = FactMapper().record(STREAM, 1, "ElementCompleted.1", state(8, "of a later release"))

    assert record.fact == ElementCompleted(8)


@pytest.mark.parametrize(
    ("topic", "fields"),
    [("Moved.1", ["4:8"]), ("Moved.2", ["4", "8"]), ("Moved.3", [4, 8])],
)
def test_an_older_version_is_lifted_step_by_step(mapper: FactMapper, topic: str, fields: list[object]) -> None:
    record = mapper.record(STREAM, 1, topic, state(*fields), 5)

    assert record == Recorded(STREAM, 1, ENVELOPE, Moved(4, 8), 5)


def test_values_and_files_survive_the_lifting(mapper: FactMapper) -> None:
    value = ["File", b"\x00\xff", {"filename": "a"}]

    record = mapper.record(STREAM, 1, "Moved.1", state("4:8", value, [[1, "a.bpmn", b"\x01"]]))

    assert record.fact == Moved(4, 8, Value("File", b"\x00\xff", {"filename": "a"}), (Resource(1, "a.bpmn", b"\x01"),))


def test_the_current_version_is_stored_with_its_number() -> None:
    assert topic_of(Moved) == "Moved.3"


@pytest.mark.parametrize(
    "topic",
    ["Ghost.1", "Moved.4", "Moved.10", "Moved.0", "ElementCompleted.2", "ElementCompleted", "ElementCompleted.", "Moved.x", "Moved.²", ""],
)
def test_an_unknown_name_or_a_newer_version_is_refused(mapper: FactMapper, topic: str) -> None:
    with pytest.raises(UnknownFact) as refused:
        mapper.record(STREAM, 1, topic, state(4, 8))

    assert str(refused.value) == f"The event store holds a fact '{topic}' that this version of gesta does not know."


def test_a_state_that_does_not_fit_its_fact_is_not_taken_for_one() -> None:
    with pytest.raises(msgspec.ValidationError):
        FactMapper().record(STREAM, 1, "ElementCompleted.1", state("eight"))
