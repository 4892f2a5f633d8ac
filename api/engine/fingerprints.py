"""What tells whether a command that comes under a client's id is the one that came under it before."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from domain.batch_commands import CreateBatch
from domain.commands import Command, SetExternalTaskRetries

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def kind_of(command: Command) -> str:
    return type(command).__name__


def fingerprint_of(command: Command) -> bytes:
    """Sixteen bytes of all that the client asked for. What queries selected is left out: sent again, they may select other tasks."""
    return fingerprint_of_several(kind_of(command), _asked(command))


def fingerprint_of_several(kind: str, asked: object) -> bytes:
    """The same of a request that becomes several commands."""
    return blake2b(kind.encode() + _encode(asked), digest_size=16).digest()


def _asked(command: Command) -> object:
    if isinstance(command, SetExternalTaskRetries) and command.selected:
        return command.retries
    if isinstance(command, CreateBatch):
        return command.operation
    return command
