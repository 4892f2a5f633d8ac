"""How large statements leave for the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import AsyncConnection
from psycopg.pq import ConnStatus

HEAVY = 1 << 20
"""Bytes of all that is sent together."""


@contextmanager
def sent_at_once_if(heavy: bool, connection: AsyncConnection[Any]) -> Iterator[None]:
    """Let libpq send all of a statement before it goes on: else it moves what is left with every piece that the socket takes.

    For a value of 50 MB these are hundreds of pieces and seconds, in which nobody's commands are written.
    """
    if not heavy:
        yield
        return
    connection.pgconn.nonblocking = 0
    try:
        yield
    finally:
        if connection.pgconn.status == ConnStatus.OK:
            connection.pgconn.nonblocking = 1
