"""Polls of workers, as they are noted and written down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from api.engine.poll_log import LONGEST, MOST, PollLog
from tests.integration.engines import request

NOW = 1_000_000


class Database:
    """Keeps what is written; the first writes fail if they are to."""

    def __init__(self, failures: int = 0) -> None:
        self.written: list[Sequence[Any]] = []
        self._failures = failures

    async def query(self, sql: str, rows: Sequence[Any]) -> list[Any]:
        if self._failures:
            self._failures -= 1
            raise ConnectionError("gone")
        self.written.append(rows)
        return []


def test_polls_are_written_once_in_one_order() -> None:
    database = Database()
    log = PollLog(database.query, lambda: NOW)

    log.note(request("b", "a", worker="anna"))
    log.note(request("a", worker="anna"))
    asyncio.run(log.write())
    asyncio.run(log.write())

    assert database.written == [[["a", "b"], ["anna"] * 2, [NOW] * 2]]


def test_what_cannot_be_written_is_kept() -> None:
    database = Database(failures=1)
    log = PollLog(database.query, lambda: NOW)
    log.note(request("b", worker="anna"))
    with pytest.raises(ConnectionError):
        asyncio.run(log.write())

    log.note(request("c", worker="anna"))
    asyncio.run(log.write())

    assert database.written == [[["b", "c"], ["anna"] * 2, [NOW] * 2]]


def test_memory_is_bounded() -> None:
    database = Database()
    log = PollLog(database.query, lambda: NOW)

    log.note(request("a", worker="x" * LONGEST))
    for number in range(MOST + 10):
        log.note(request("a", worker=str(number)))
    asyncio.run(log.write())

    [[topics, workers, _]] = database.written
    assert len(topics) == MOST
    assert set(workers) == {str(number) for number in range(MOST)}
