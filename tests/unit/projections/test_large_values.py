"""Large values leave a reference in facts and rows, and come back whole."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from domain.facts import FACTS, ExternalTaskCompleted, Fact, ProcessInstanceStarted, Recorded, VariablesModified, VariablesSet
from domain.values import Value
from projections.fact_mapper import TOPICS, FactMapper, encode_envelope, encode_fact
from projections.history.variable_instance import values as history
from projections.large_values import (
    COMPARED_LENGTH,
    CONTENTS,
    LARGE,
    VALUE_FIELDS,
    compared_text,
    decode_value,
    restored,
    stored,
    without_large,
)
from tests.unit.projections.golden_facts import ENVELOPE, STREAM

TEXT = Value("String", "ä" * LARGE)
FILE = Value("File", b"\x00" * LARGE, {"filename": "a.bin", "mimeType": "application/octet-stream"})
OBJECT = Value("Object", "x" * LARGE, {"objectTypeName": "X"}, transient=True)
SMALL = Value("String", "x" * 100)
ALL = {"text": TEXT, "file": FILE, "object": OBJECT, "small": SMALL}


def facts() -> Sequence[Fact]:
    return (
        ProcessInstanceStarted("p:1:d", variables=ALL),
        VariablesSet(4, ALL),
        VariablesModified(4, ALL, ()),
        ExternalTaskCompleted("w", ALL, ALL),
    )


def put_away(fact: Fact) -> tuple[bytes, dict[bytes, bytes]]:
    """A fact's stored state, and what it left in the blob table."""
    blobs: dict[bytes, bytes] = {}
    return encode_fact(encode_envelope(ENVELOPE), fact, blobs), blobs


def read(fact: Fact, state: bytes) -> Recorded:
    return FactMapper().record(STREAM, 1, TOPICS[type(fact)], state)


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: type(fact).__name__)
def test_a_fact_with_large_values_is_stored_small_and_comes_back_whole(fact: Fact) -> None:
    state, blobs = put_away(fact)

    async def query(sql: str, parameters: Sequence[Any]) -> list[tuple[bytes, bytes]]:
        assert sql == CONTENTS
        return [(key, blobs[key]) for key in parameters[0]]

    [record] = asyncio.run(restored([read(fact, state)], query))

    assert len(state) < 2 * len(max(blobs.values(), key=len))
    assert sorted(map(decode_value, blobs.values()), key=repr) == sorted((TEXT, FILE, OBJECT), key=repr)
    assert record.fact == fact


def test_facts_without_large_values_ask_for_nothing() -> None:
    fact = VariablesSet(4, {"small": SMALL})
    state, blobs = put_away(fact)

    async def query(sql: str, parameters: Sequence[Any]) -> list[tuple[bytes, bytes]]:
        raise AssertionError(sql)

    assert blobs == {}
    assert asyncio.run(restored([read(fact, state)], query)) == [read(fact, state)]


def test_many_small_values_stay_where_they_are() -> None:
    fact = VariablesSet(4, {f"v{n}": SMALL for n in range(500)})

    state, blobs = put_away(fact)

    assert (read(fact, state).fact, blobs) == (fact, {})


@pytest.mark.parametrize("value", [TEXT, FILE, OBJECT], ids=lambda value: value.type)
def test_a_row_made_of_a_reference_is_the_row_made_of_the_value(value: Value) -> None:
    changed = without_large(VariablesSet(4, {"v": value}), {})
    assert isinstance(changed, VariablesSet)
    reference = changed.variables["v"]

    assert reference != value
    assert (stored(reference), compared_text(reference)) == (stored(value), compared_text(value))
    assert history.stored(reference) == history.stored(value)


def test_a_row_has_either_the_value_or_its_hash() -> None:
    small, large = stored(SMALL), stored(TEXT)

    assert (decode_value(small.payload or b""), small.large) == (SMALL, None)
    assert (large.payload, len(large.large or b"")) == (None, 32)


def test_queries_compare_as_much_of_a_large_text_as_of_any() -> None:
    assert compared_text(TEXT) == "ä" * COMPARED_LENGTH
    assert compared_text(FILE) is None


def test_every_field_of_values_is_known() -> None:
    mentioned = {fact: tuple(field.name for field in msgspec.structs.fields(fact) if "Value" in str(field.type)) for fact in FACTS.values()}

    assert {fact: names for fact, names in mentioned.items() if names} == VALUE_FIELDS
