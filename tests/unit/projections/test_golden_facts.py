"""Every fact that a release has ever stored is read as what it meant then, and every fact of today is stored."""

from __future__ import annotations

import json

import msgspec
import pytest

from domain.facts import FACTS, Fact, Recorded
from projections.fact_mapper import TOPICS, FactMapper, topic_of
from tests.unit.projections.golden_facts import ENVELOPE, EXAMPLES, FOLDER, RELEASES, STREAM, read, stored

LINES = [(release, topic, state) for release in RELEASES for topic, state in read(release).items()]


@pytest.mark.parametrize(("release", "topic", "state"), LINES, ids=lambda part: part if isinstance(part, str) else "")
def test_a_golden_line_is_read_as_what_it_meant(release: str, topic: str, state: bytes) -> None:
    (expected,) = (fact for fact in RELEASES[release] if type(fact).__name__ == topic.rpartition(".")[0])

    record = FactMapper().record(STREAM, 7, topic, state, 11)

    assert record == Recorded(STREAM, 7, ENVELOPE, expected, 11)
    assert type(record.fact) is type(expected)


def test_every_release_has_a_file_and_every_file_a_release() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(RELEASES)


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_has_one_line_for_each_of_its_facts(release: str) -> None:
    names = [topic.rpartition(".")[0] for topic in read(release)]

    assert names == [type(fact).__name__ for fact in RELEASES[release]]


def test_every_fact_has_a_golden_line_with_all_its_fields() -> None:
    stored_fields = {(topic, len(msgspec.msgpack.decode(state)[1])) for _, topic, state in LINES}

    without = [name for name, cls in FACTS.items() if (topic_of(cls), len(cls.__struct_fields__)) not in stored_fields]

    assert without == []


def test_every_fact_has_an_example_with_every_field_filled() -> None:
    unfilled = [
        f"{cls.__name__}.{field.name}"
        for cls in FACTS.values()
        for field in msgspec.structs.fields(cls)
        if getattr(EXAMPLES[cls], field.name) in (field.default, None, (), {}, "")
    ]

    assert unfilled == []


@pytest.mark.parametrize("fact", EXAMPLES.values(), ids=lambda fact: type(fact).__name__)
def test_every_fact_is_stored_under_its_topic_and_read_again(fact: Fact) -> None:
    mapper = FactMapper()
    record = Recorded(STREAM, 7, ENVELOPE, fact)

    event = mapper.to_stored_event(record)
    again = mapper.to_domain_event(event)

    assert (str(event.originator_id), event.originator_version, event.topic) == (STREAM, 7, TOPICS[type(fact)])
    assert again == record
    assert types_in(again.fact) == types_in(fact)


def types_in(fact: Fact) -> list[type]:
    """The classes of a fact's plain values: equality alone takes 1 for 1.0 and True."""
    found: list[type] = []

    def walk(value: object) -> None:
        found.append(type(value))
        if isinstance(value, dict):
            value = tuple(part for item in value.items() for part in item)
        elif isinstance(value, msgspec.Struct):
            value = msgspec.structs.astuple(value)
        if isinstance(value, tuple):
            for inner in value:
                walk(inner)

    walk(fact)
    return found


@pytest.mark.parametrize("fact", EXAMPLES.values(), ids=lambda fact: type(fact).__name__)
def test_a_fact_needs_no_more_than_its_required_fields_to_be_read(fact: Fact) -> None:
    cls = type(fact)
    required = [getattr(fact, field.name) for field in msgspec.structs.fields(cls) if field.required]
    envelope = [ENVELOPE.at, b"\x01" * 16]

    record = FactMapper().record(STREAM, 1, TOPICS[cls], msgspec.msgpack.encode([envelope, required]))

    assert record.fact == cls(*required)
    assert (record.envelope.at, record.envelope.actor) == (ENVELOPE.at, None)


def test_todays_facts_are_stored_as_they_were_in_their_release() -> None:
    newest = {topic: state for _, topic, state in LINES}

    again = {topic: bytes.fromhex(state) for topic, state in stored(list(EXAMPLES.values())).items()}

    assert again == newest


def test_golden_files_hold_one_fact_a_line() -> None:
    for release in RELEASES:
        text = (FOLDER / f"{release}.json").read_text()
        assert text == json.dumps({topic: state.hex() for topic, state in read(release).items()}, indent=1) + "\n"
