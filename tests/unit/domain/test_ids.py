"""Ids: UUIDs that name an aggregate and, in their last digits, its parts."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest

from domain.ids import ORDINALS, aggregate_id, definition_id, is_id, last_part_id, make_id, named_id, ordinal_of, part_id

AT = 0x0193F0001234
ID = make_id(AT, (1 << 74) - 1)
AGGREGATE = "0193f000-1234-7fff-bfff-fffff0000000"


def test_an_id_is_laid_out_as_a_uuid_of_version_7() -> None:
    made = UUID(ID)

    assert str(made) == ID == "0193f000-1234-7fff-bfff-ffffffffffff"
    assert (made.version, made.variant, made.int >> 80) == (7, "specified in RFC 4122", AT)


def test_every_bit_of_entropy_counts() -> None:
    bare = UUID(make_id(AT, 0)).int

    changed = [UUID(make_id(AT, 1 << bit)).int ^ bare for bit in range(74)]

    assert all(difference.bit_count() == 1 for difference in changed)
    assert len(set(changed)) == 74


def test_entropy_beyond_its_bits_changes_nothing() -> None:
    assert make_id(AT, 1 << 74) == make_id(AT, 0)


def test_ids_sort_by_time() -> None:
    random = Random(1)
    times = sorted(random.sample(range(1 << 48), 100))

    ids = [make_id(at, random.getrandbits(74)) for at in times]

    assert ids == sorted(ids)


def test_an_aggregate_takes_the_seed_with_its_last_digits_at_zero() -> None:
    assert aggregate_id(ID) == AGGREGATE
    assert aggregate_id(AGGREGATE) == AGGREGATE
    assert aggregate_id(part_id(AGGREGATE, 17)) == AGGREGATE


@pytest.mark.parametrize(
    ("ordinal", "id"),
    [
        (0, AGGREGATE),
        (1, "0193f000-1234-7fff-bfff-fffff0000001"),
        (255, "0193f000-1234-7fff-bfff-fffff00000ff"),
        (ORDINALS - 1, "0193f000-1234-7fff-bfff-ffffffffffff"),
    ],
)
def test_a_part_is_found_from_its_number_and_back(ordinal: int, id: str) -> None:
    assert part_id(AGGREGATE, ordinal) == id
    assert ordinal_of(id) == ordinal
    assert str(UUID(id)) == id


def test_the_last_part_closes_the_range_of_an_aggregates_ids() -> None:
    parts = [part_id(AGGREGATE, ordinal) for ordinal in (0, 1, 1000, ORDINALS - 1)]

    assert last_part_id(AGGREGATE) == part_id(AGGREGATE, ORDINALS - 1)
    assert parts == sorted(parts)


def test_what_an_owner_has_under_a_name_is_named_the_same_each_time() -> None:
    ids = {(owner, name): named_id(owner, name) for owner in (AGGREGATE, ID) for name in ("a", "b", "ä", "")}

    assert ids == {(owner, name): named_id(owner, name) for owner, name in ids}
    assert len(set(ids.values())) == len(ids)
    assert {UUID(id).version for id in ids.values()} == {8}
    assert {UUID(id).variant for id in ids.values()} == {"specified in RFC 4122"}


def test_a_definitions_id_says_its_key_and_version() -> None:
    assert definition_id("order", 3, AGGREGATE) == f"order:3:{AGGREGATE}"


def test_a_definitions_id_is_never_longer_than_64_characters() -> None:
    assert len(definition_id("k" * 25, 1, AGGREGATE)) == 64
    assert definition_id("k" * 26, 1, AGGREGATE) == AGGREGATE


@pytest.mark.parametrize("text", [AGGREGATE, ID, "00000000-0000-0000-0000-000000000000"])
def test_an_id_is_known_by_its_writing(text: str) -> None:
    assert is_id(text)


OTHER_TEXTS = ["", "x", "0" * 36, AGGREGATE.upper(), AGGREGATE[:-1], AGGREGATE + "0", AGGREGATE.replace("-", "0"), f"g{AGGREGATE[1:]}"]


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)
