"""The order of the log: whoever reads it from its last place on passes over nothing, however many write at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.engine.store import Transaction
from domain.facts import ElementCompleted, Envelope, Recorded
from projections.event_store import SECTION_SIZE, EventStore
from projections.external_task.fetch import fetch_statement
from projections.recorder import APPEND, TAKE_ORDERING_LOCK
from tests.integration import writing
from tests.integration.engines import request, values
from tests.server import ROOT, environment

PROCESSES = 2
ENVELOPE = Envelope(1_700_000_000_000, "0193f000-0000-7abc-8abc-defabcdefabc")


def tailed(store: EventStore, writers: list[subprocess.Popen[bytes]]) -> list[int]:
    """Read the log while it is written, always from the last place on; the places that were seen."""
    seen: list[int] = [0]
    while True:
        ended = all(writer.poll() is not None for writer in writers)
        section = store.log.select(seen[-1], SECTION_SIZE, inclusive_of_start=False)
        seen += [notification.id for notification in section]
        if ended and not section:
            return seen[1:]


def test_a_tailing_reader_misses_nothing_while_many_write(database: str) -> None:
    command = [sys.executable, "-m", writing.__name__, database]
    asyncio.run(writing.prepare(database))
    with EventStore(database) as store, ExitStack() as stack:
        writers = [stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment())) for _ in range(PROCESSES)]

        seen = tailed(store, writers)

    assert [writer.returncode for writer in writers] == [0] * PROCESSES
    with psycopg.connect(database) as connection:
        written = [place for (place,) in connection.execute("SELECT notification_id FROM stored_events ORDER BY notification_id")]
    assert len(written) > 10_000 * PROCESSES
    assert seen == written


NARROW: dict[str, Any] = {"process_variables": values(n=1), "tenant_id_in": ("t",), "business_key": "k"}


def first_statement() -> str:
    """The first statement of a transaction of the engine's."""
    transaction = Transaction()
    transaction.add([Recorded("0193f000-0000-7abc-8abc-def000000000", 1, ENVELOPE, ElementCompleted(4))])
    return next(iter(transaction.statements()))[0]


@pytest.mark.parametrize(
    "statement",
    [
        APPEND,
        first_statement(),
        fetch_statement(request("a"), ENVELOPE)[0],
        fetch_statement(request("a", "b", **NARROW), ENVELOPE)[0],
    ],
    ids=["append", "transaction", "fetch", "narrow fetch"],
)
def test_every_statement_that_appends_takes_the_ordering_lock_first(statement: str) -> None:
    assert statement.lstrip().startswith(f"WITH {TAKE_ORDERING_LOCK}")


def test_no_other_statement_appends() -> None:
    sources = [path for room in ("api", "projections") for path in Path(ROOT, room).rglob("*.py")]

    appending = {path.relative_to(ROOT).as_posix() for path in sources if "INTO stored_events" in path.read_text()}

    assert appending == {"projections/recorder.py", "projections/external_task/fetch.py"}
