"""Large values: their encoding stands in the blob table under its own hash, once; facts and rows carry the hash.

A value that is long when it is encoded is put away when its fact is stored: in its place stands a reference, which is the hash and as
much of a text as queries compare. Whoever decides needs the values themselves and gets them back with the facts (`restored`);
queries join them in (`PAYLOAD`); history works on references.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias, get_type_hints

import msgspec
from msgspec.msgpack import Ext
from msgspec.structs import replace

from domain.facts import FACTS, Fact, Recorded
from domain.values import Value

LARGE = 16 * 1024
"""Bytes of an encoded value above which it is put away."""
COMPARED_LENGTH = 4000
"""Queries compare that many characters of a text, as Camunda keeps no more."""
_COMPARED = frozenset(("String", "Json", "Xml"))
# Purpose: the encoded value of a row of variables `v`.
PAYLOAD = "coalesce(v.payload, (SELECT content FROM blob WHERE sha256 = v.large))"
# Purpose: values that were put away.
CONTENTS = "SELECT sha256, content FROM blob WHERE sha256 = ANY(%s::bytea[])"

encode_value = msgspec.msgpack.Encoder().encode
decode_value = msgspec.msgpack.Decoder(Value).decode
_REFERENCE = 1
"""The type of msgpack extension that stands for a content that was put away."""
_HASH = 32

Query: TypeAlias = Callable[[str, Sequence[Any]], Awaitable[Sequence[Sequence[Any]]]]


def _value_fields() -> Iterator[tuple[type[Fact], tuple[str, ...]]]:
    for fact in FACTS.values():
        names = tuple(name for name, kind in get_type_hints(fact).items() if kind == dict[str, Value])
        if names:
            yield fact, names


VALUE_FIELDS: Mapping[type[Fact], tuple[str, ...]] = dict(_value_fields())
"""The fields that hold values, of the facts that have some."""


class Stored(NamedTuple):
    """How a value stands in a row: its encoding, or the hash of one that is put away."""

    payload: bytes | None
    large: bytes | None


def stored(value: Value) -> Stored:
    """Return a value's encoding for a row, or its hash if it is, or will be, put away."""
    if reference := _reference(value):
        return Stored(None, reference[:_HASH])
    payload = encode_value(value)
    return Stored(payload, None) if len(payload) <= LARGE else Stored(None, sha256(payload).digest())


def compared_text(value: Value) -> str | None:
    """As much of a text as queries compare; None for what is no text, or none that they compare."""
    if reference := _reference(value):
        return reference[_HASH:].decode() or None
    return value.content[:COMPARED_LENGTH] if value.type in _COMPARED and isinstance(value.content, str) else None


def without_large(fact: Fact, blobs: dict[bytes, bytes]) -> Fact:
    """Return a fact with references in place of large values, which are added to `blobs` under their hashes."""
    changed = {}
    for name in VALUE_FIELDS.get(type(fact), ()):
        values: dict[str, Value] = getattr(fact, name)
        changed[name] = {key: _put_away(value, blobs) for key, value in values.items()}
    return replace(fact, **changed) if changed else fact


def _put_away(value: Value, blobs: dict[bytes, bytes]) -> Value:
    payload = encode_value(value)
    if len(payload) <= LARGE:
        return value
    key = sha256(payload).digest()
    blobs[key] = payload
    reference: Any = Ext(_REFERENCE, key + (compared_text(value) or "").encode())
    return Value(value.type, reference, transient=value.transient)


def _reference(value: Value) -> bytes | None:
    """What stands for a value that was put away: its hash, and the text that queries compare."""
    content: object = value.content
    return bytes(content.data) if isinstance(content, Ext) else None


async def restored(records: Sequence[Recorded], query: Query) -> Sequence[Recorded]:
    """Return records with the values that were put away; where none was, nothing is asked."""
    wanted = {reference[:_HASH] for record in records for value in _values(record.fact) if (reference := _reference(value))}
    if not wanted:
        return records
    contents = {bytes(key): decode_value(content) for key, content in await query(CONTENTS, [list(wanted)])}
    return [_with_contents(record, contents) for record in records]


def _values(fact: Fact) -> Iterable[Value]:
    for name in VALUE_FIELDS.get(type(fact), ()):
        yield from getattr(fact, name).values()


def _with_contents(record: Recorded, contents: Mapping[bytes, Value]) -> Recorded:
    def whole(value: Value) -> Value:
        reference = _reference(value)
        return value if reference is None else contents[reference[:_HASH]]

    fact, names = record.fact, VALUE_FIELDS.get(type(record.fact), ())
    changed = {name: {key: whole(value) for key, value in getattr(fact, name).items()} for name in names}
    return replace(record, fact=replace(fact, **changed)) if changed else record
