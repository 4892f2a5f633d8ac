"""The inline read models are what the facts make of them: projected again from the log alone, every row comes out the same."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from domain.facts import Recorded
from projections.changes import Changes
from projections.event_store import EventStore
from tests.databases import fresh_database
from tests.integration.engines import opened
from tests.integration.load import Load

pytestmark = pytest.mark.anyio
TABLES = (
    "deployment",
    "deployment_resource",
    "process_definition",
    "process_instance",
    "external_task",
    "variable",
    "incident",
    "user_task",
)
STEPS = 500


def recorded(database: str) -> list[Recorded]:
    """The whole log."""
    log: list[Recorded] = []
    last = 0
    with EventStore(database) as store:
        while section := store.log.select(last, 500, inclusive_of_start=False):
            log += [store.facts.mapper.to_domain_event(notification) for notification in section]  # type: ignore[misc]
            last = section[-1].id
    return log


def project(log: list[Recorded], database: str) -> None:
    """Project the facts into an empty database, command by command."""
    with psycopg.connect(database, autocommit=True) as connection:
        for _, records in groupby(log, lambda record: record.envelope.command_id):
            changes = Changes()
            changes.project(records)
            for sql, parameters in changes.statements():
                connection.execute(sql.encode(), parameters)


def table(database: str, name: str) -> list[tuple[Any, ...]]:
    """All rows of a table, in an order of their own."""
    with psycopg.connect(database, autocommit=True) as connection:
        return sorted(connection.execute(f"SELECT * FROM {name}".encode()).fetchall(), key=repr)


async def test_every_row_is_what_the_facts_make_of_it(postgres: EmbeddedPostgres, database: str) -> None:
    async with opened(database) as engine:
        await Load(engine, seed=11).run(STEPS)

    with fresh_database(postgres) as rebuilt:
        project(recorded(database), rebuilt)

        for name in TABLES:
            assert table(rebuilt, name) == table(database, name) != [], name
