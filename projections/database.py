"""Brings a database to the schema this code was written for: numbered migrations, each once, in order, under one lock."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import psycopg

OLDEST_POSTGRES = 14
# An arbitrary number that only migrations lock.
MIGRATION_LOCK = 7_303_942_014
NAME = re.compile(r"(\d{4})_(\w+)\.sql")

Row = tuple[Any, ...]


class DatabaseRefused(Exception):
    """The database cannot be used by this version of gesta; the message says why."""


class SchemaMismatch(DatabaseRefused):
    """The database's migrations are not those of this code: it is newer, or a migration was edited after it ran."""


class Migration(NamedTuple):
    """One numbered change of the schema."""

    number: int
    name: str
    sql: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint by which a later edit of the file is noticed."""
        return hashlib.sha256(self.sql).hexdigest()


def migrations(folder: Traversable | None = None) -> list[Migration]:
    """The migrations that this code brings, in order; the numbers are 1, 2, 3 … without a gap."""
    folder = folder or files("projections") / "migrations"
    named = [(match, file) for file in folder.iterdir() if (match := NAME.fullmatch(file.name))]
    found = sorted(Migration(int(match[1]), match[2], file.read_bytes()) for match, file in named)
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise SchemaMismatch(f"the migrations are not numbered 1, 2, 3 …: {[migration.number for migration in found]}")
    return found


def migrate(conninfo: str, wanted: list[Migration] | None = None) -> None:
    """Run every migration that the database does not have yet, each in a transaction of its own.

    Several servers may do this at once: each step takes the lock and looks again. Raises DatabaseRefused (PostgreSQL too
    old), SchemaMismatch, or psycopg.OperationalError when the database cannot be reached.
    """
    wanted = migrations() if wanted is None else wanted
    with psycopg.connect(conninfo, autocommit=True, application_name="gesta migrate") as connection:
        refuse_old_server(connection)
        while run_next(connection, wanted):
            pass


def check_schema(conninfo: str, wanted: list[Migration] | None = None) -> None:
    """Refuse a database whose schema is not exactly this code's: for commands that only read."""
    wanted = migrations() if wanted is None else wanted
    with psycopg.connect(conninfo, autocommit=True, application_name="gesta check") as connection:
        refuse_old_server(connection)
        done = applied(connection)
    refuse_other_schema(done, wanted)
    if len(done) < len(wanted):
        raise SchemaMismatch(
            f"the database is older than this gesta: it has {len(done)} of {len(wanted)} migrations. Start the server once: it migrates."
        )


def refuse_old_server(connection: psycopg.Connection[Row]) -> None:
    """Refuse a PostgreSQL whose statements gesta does not speak."""
    version = connection.info.server_version // 10_000
    if version < OLDEST_POSTGRES:
        raise DatabaseRefused(f"the database is PostgreSQL {version}; gesta needs PostgreSQL {OLDEST_POSTGRES} or newer")


def run_next(connection: psycopg.Connection[Row], wanted: list[Migration]) -> bool:
    """Run the first migration that is missing; False when none is."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])
        done = applied(connection)
        refuse_other_schema(done, wanted)
        missing = wanted[len(done) :]
        if missing:
            run(connection, missing[0])
    return len(missing) > 1


def applied(connection: psycopg.Connection[Row]) -> list[tuple[int, str, str]]:
    """Number, name and fingerprint of the migrations that ran, in order."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration (number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT now())"
    )
    return [(n, name, sha) for n, name, sha in connection.execute("SELECT number, name, sha256 FROM schema_migration ORDER BY number")]


def refuse_other_schema(done: list[tuple[int, str, str]], wanted: list[Migration]) -> None:
    """Refuse a database that has migrations which this code does not know, or knows otherwise."""
    for number, name, _ in done[len(wanted) :]:
        raise SchemaMismatch(
            f"the database is newer than this gesta: it has migration {number:04}_{name}, and the last one known here is {len(wanted):04}. "
            "Start the newer gesta, or use another database."
        )
    for (number, name, sha256), migration in zip(done, wanted, strict=False):
        if (number, name, sha256) != (migration.number, migration.name, migration.sha256):
            raise SchemaMismatch(
                f"the database has migration {number:04}_{name} in another form than this gesta's {migration.number:04}_{migration.name}: "
                "a migration must not be edited after it ran. Use the gesta that made the database, or another database."
            )


def run(connection: psycopg.Connection[Row], migration: Migration) -> None:
    """Run one migration and record that it ran."""
    connection.execute(migration.sql)
    connection.execute(
        "INSERT INTO schema_migration (number, name, sha256) VALUES (%s, %s, %s)", [migration.number, migration.name, migration.sha256]
    )
