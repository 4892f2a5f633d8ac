"""Ids: UUIDv7 text whose low 28 bits number what lives inside one process instance.

A command's seed is a UUIDv7 made at the door. The aggregate that it creates takes the seed with those bits at zero; everything inside
(activity instances, executions, external tasks, variables, incidents) takes the aggregate's id plus an ordinal that the aggregate's
own history counts. So the same command on the same history names the same things, a fact needs one small number where it would need
sixteen bytes, the streams of one instance lie side by side in the event store, and an instance is found from the id of any of its parts.
"""

from __future__ import annotations

from hashlib import blake2b

ORDINAL_BITS = 28
ORDINALS = 1 << ORDINAL_BITS
"""How many ids one aggregate can give to its parts."""

_PREFIX = 36 - ORDINAL_BITS // 4
_ZEROS = "0" * (36 - _PREFIX)
_LAST = "f" * (36 - _PREFIX)


def make_id(at: int, entropy: int) -> str:
    """Lay out a UUIDv7 from `at` (epoch ms) and 74 bits of `entropy`."""
    digits = f"{at & 0xFFFFFFFFFFFF:012x}7{entropy >> 62 & 0xFFF:03x}{0x8000000000000000 | entropy & 0x3FFFFFFFFFFFFFFF:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def aggregate_id(any_id: str) -> str:
    """Return the id of the aggregate that the id, or the command's seed, belongs to."""
    return any_id[:_PREFIX] + _ZEROS


def part_id(owner_id: str, ordinal: int) -> str:
    """Return the id of an aggregate's part number `ordinal` (0 is the aggregate itself)."""
    return f"{owner_id[:_PREFIX]}{ordinal:07x}"


def ordinal_of(any_id: str) -> int:
    """Return the number of a part inside its aggregate."""
    return int(any_id[_PREFIX:], 16)


def last_part_id(owner_id: str) -> str:
    """Return the highest id that a part of the aggregate can have: the end of its range of streams and rows."""
    return owner_id[:_PREFIX] + _LAST


def named_id(owner_id: str, name: str) -> str:
    """Return the id of what an owner has once under a name: a variable of a scope. UUIDv8 layout."""
    digits = blake2b(f"{owner_id}/{name}".encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


LONGEST_DEFINITION_ID = 64


def definition_id(key: str, version: int, stream_id: str) -> str:
    """Return the id of a process definition: `key:version:uuid`, or the uuid alone where that would be too long (REST contract §1)."""
    full = f"{key}:{version}:{stream_id}"
    return full if len(full) <= LONGEST_DEFINITION_ID else stream_id


def stream_of_definition(definition_id: str) -> str:
    """Return the id of the stream that a definition's facts are in."""
    return definition_id.rsplit(":", 1)[-1]


def derived_id(seed: str, name: str) -> str:
    """Return the id of a further aggregate that a command makes, as old as its seed: a UUIDv7 of its own."""
    digits = blake2b(f"{seed}/{name}".encode(), digest_size=16).digest()
    return aggregate_id(make_id(int(seed[:8] + seed[9:13], 16), int.from_bytes(digits, "big") & (1 << 74) - 1))


def is_id(text: str) -> bool:
    """Tell whether a text is written like an id, in lower case: anything else names nothing that gesta made."""
    return len(text) == 36 and all(c == "-" if i in _HYPHENS else c in _DIGITS for i, c in enumerate(text))


_HYPHENS = frozenset((8, 13, 18, 23))
_DIGITS = frozenset("0123456789abcdef")
