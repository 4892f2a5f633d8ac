"""What tells whether a command that comes under a client's id is the one that came under it before."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from domain.commands import Command

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def kind_of(command: Command) -> str:
    return type(command).__name__


def fingerprint_of(kind: str, asked: object) -> bytes:
    """Sixteen bytes of all that the client asked for: a command itself, or the request that it was made of."""
    return blake2b(kind.encode() + _encode(asked), digest_size=16).digest()
