"""One pipeline is one transaction: whatever goes wrong on the way to its end, nothing of it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import psycopg
import pytest

from api.engine import Engine
from api.engine.store import Transaction, connect
from domain.commands import CreateDeployment, ModifyVariables
from domain.facts import Envelope, ProcessInstanceStarted, Recorded
from projections.rows import Statement
from tests.integration.engines import change, completed, deployed, fetched, names, rows, several_started, started, values
from tests.integration.models import ONE

pytestmark = pytest.mark.anyio
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not here'; END $$;
CREATE TRIGGER refuse BEFORE {change} FOR EACH ROW EXECUTE FUNCTION refuse()
"""
STORED = """
SELECT (SELECT count(*) FROM stored_events), (SELECT count(*) FROM external_task), (SELECT count(*) FROM process_instance),
    (SELECT count(*) FROM variable)
"""
INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'gesta write' AND wait_event_type = 'Lock'
"""
ENVELOPE = Envelope(1_700_000_000_000, "0193f000-0000-7abc-8abc-defabcdefabc")


async def test_a_failing_last_statement_takes_all_of_the_batch_back(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    await several_started(engine, "one", 2, kept="x")
    tasks = await fetched(engine, "work")
    before = await rows(database, STORED)
    change(database, REFUSE.format(change="DELETE ON variable"))

    answers = await asyncio.gather(*(completed(engine, task) for task in tasks), return_exceptions=True)

    assert [str(answer).splitlines()[0] for answer in answers] == ["not here", "not here"]
    assert await rows(database, STORED) == before


async def test_what_could_not_be_written_can_be_done_later(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one", kept="x")
    [task] = await fetched(engine, "work")
    change(database, REFUSE.format(change="DELETE ON variable"))
    with pytest.raises(psycopg.errors.RaiseException):
        await completed(engine, task)

    change(database, "DROP TRIGGER refuse ON variable")
    await completed(engine, task)

    assert names(await engine.facts(instance))[-7:] == [
        *("ExternalTaskLocked", "ExternalTaskCompleted", "ElementCompleted", "SequenceFlowTaken"),
        *("ElementActivated", "ElementCompleted", "ProcessInstanceEnded"),
    ]


async def test_a_command_that_cannot_be_written_fails_alone(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    change(database, REFUSE.format(change="INSERT ON variable"))

    answers = await asyncio.gather(started(engine, "one"), started(engine, "one", bad=1), started(engine, "one"), return_exceptions=True)

    assert [isinstance(answer, psycopg.errors.RaiseException) for answer in answers] == [False, True, False]
    assert await rows(database, "SELECT count(*) FROM process_instance") == [(2,)]


async def test_a_value_that_cannot_be_sent_takes_all_of_the_batch_back(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    instance = await started(engine, "one", kept="x")
    before = await rows(database, STORED)

    with pytest.raises(psycopg.DataError):
        await engine.submit(ModifyVariables(instance, values(bad="a\0b")))

    assert await rows(database, STORED) == before
    await engine.submit(ModifyVariables(instance, values(good="ab")))
    assert names(await engine.facts(instance))[-2:] == ["VariablesModified", "VariablesSet"]


async def test_a_deployment_that_cannot_be_written_leaves_nothing(engine: Engine, database: str) -> None:
    change(database, REFUSE.format(change="INSERT ON process_definition"))

    with pytest.raises(psycopg.errors.RaiseException):
        await engine.submit(CreateDeployment("d", None, None, (ONE,)))

    left = "SELECT (SELECT count(*) FROM stored_events), (SELECT count(*) FROM blob), (SELECT count(*) FROM deployment)"
    assert await rows(database, left) == [(0, 0, 0)]


class BrokenOff(Transaction):
    """A transaction that is broken off behind its first statement."""

    def statements(self) -> Iterable[Statement]:
        yield next(iter(super().statements()))
        raise asyncio.CancelledError


async def test_a_transaction_that_is_broken_off_leaves_nothing(database: str) -> None:
    transaction = BrokenOff()
    transaction.add([Recorded(INSTANCE, 1, ENVELOPE, ProcessInstanceStarted("p:1:x"))])

    async with await connect(database, "write") as connection:
        with pytest.raises(asyncio.CancelledError):
            await transaction.commit(connection)

    assert await rows(database, "SELECT count(*) FROM stored_events") == [(0,)]


async def test_an_engine_that_is_closed_while_it_writes_leaves_all_or_nothing(engine: Engine, database: str) -> None:
    await deployed(engine, ONE)
    async with await psycopg.AsyncConnection.connect(database) as blocking:
        await blocking.execute("LOCK TABLE external_task IN EXCLUSIVE MODE")
        starting = asyncio.create_task(started(engine, "one", kept="x"))
        await until_blocked(database)

        await engine.close()

        assert not starting.done()
        starting.cancel()
    assert await rows(database, STORED) == [(2, 0, 0, 0)]


async def until_blocked(database: str) -> None:
    """Wait until the engine's writer waits for a lock."""
    while await rows(database, BLOCKED) != [(1,)]:
        await asyncio.sleep(0)
