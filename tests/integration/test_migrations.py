"""Migrations: each once, in order, whoever asks; a database of other code is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from projections.database import Migration, SchemaMismatch, check_schema, migrate, migrations
from tests.databases import fresh_database
from tests.server import ROOT, environment

MIGRATE = "import sys; from projections.database import migrate; migrate(sys.argv[1])"
FIRST = Migration(1, "first", b"CREATE TABLE first (n int); INSERT INTO first VALUES (1)")
SECOND = Migration(2, "second", b"INSERT INTO first VALUES (2)")
BROKEN = Migration(2, "broken", b"INSERT INTO first VALUES (2); SELECT nonsense")


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database with nothing in it."""
    with fresh_database(postgres, template="template0") as conninfo:
        yield conninfo


def ask(conninfo: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def done(conninfo: str) -> list[tuple[object, ...]]:
    return ask(conninfo, "SELECT number, name, sha256 FROM schema_migration ORDER BY number")


def as_recorded(*wanted: Migration) -> list[tuple[object, ...]]:
    return [(migration.number, migration.name, migration.sha256) for migration in wanted]


def test_an_empty_database_gets_every_migration_once(empty: str) -> None:
    migrate(empty)
    migrate(empty)

    assert done(empty) == as_recorded(*migrations())
    check_schema(empty)


def test_a_database_gets_only_what_it_lacks(empty: str) -> None:
    migrate(empty, [FIRST])

    migrate(empty, [FIRST, SECOND])

    assert done(empty) == as_recorded(FIRST, SECOND)
    assert ask(empty, "SELECT n FROM first ORDER BY n") == [(1,), (2,)]


def test_several_processes_may_migrate_at_once(empty: str) -> None:
    with ExitStack() as stack:
        command = [sys.executable, "-c", MIGRATE, empty]
        processes = [stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=environment())) for _ in range(4)]

        codes = [process.wait() for process in processes]

    assert codes == [0] * 4
    assert done(empty) == as_recorded(*migrations())


def test_a_migration_that_fails_leaves_nothing(empty: str) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        migrate(empty, [FIRST, BROKEN])

    assert done(empty) == as_recorded(FIRST)
    assert ask(empty, "SELECT n FROM first") == [(1,)]


def test_a_newer_database_is_refused(empty: str) -> None:
    migrate(empty, [FIRST, SECOND])

    for use in (migrate, check_schema):
        with pytest.raises(
            SchemaMismatch, match="newer than this gesta: it has migration 0002_second, and the last one known here is 0001"
        ):
            use(empty, [FIRST])


def test_an_older_database_is_refused_by_whoever_only_reads(empty: str) -> None:
    migrate(empty, [FIRST])

    with pytest.raises(SchemaMismatch, match="older than this gesta: it has 1 of 2 migrations"):
        check_schema(empty, [FIRST, SECOND])


def test_a_migration_that_was_edited_after_it_ran_is_refused(empty: str) -> None:
    migrate(empty, [FIRST])
    edited = Migration(1, "first", FIRST.sql + b" ")

    for use in (migrate, check_schema):
        with pytest.raises(SchemaMismatch, match="migration 0001_first in another form"):
            use(empty, [edited, SECOND])
    assert done(empty) == as_recorded(FIRST)


@pytest.mark.parametrize("names", [("0001_a.sql", "0003_b.sql"), ("0002_a.sql",), ("0001_a.sql", "0001_b.sql")])
def test_migrations_are_numbered_without_a_gap(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1")

    with pytest.raises(SchemaMismatch, match="not numbered"):
        migrations(tmp_path)
