"""A database that cannot be used: one clear line on stderr, exit code 1, and nothing was changed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from api.embedded import EmbeddedPostgres
from projections.database import migrations
from tests.integration.engines import change
from tests.server import command_line


def refusal(*arguments: str, **settings: str) -> str:
    """What a command says when it is refused: one line, and nothing else."""
    done = command_line(*arguments, **{"PORT": "0", **settings})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr.removeprefix("gesta: ").strip()


@pytest.mark.parametrize("command", [("serve",), ("replay", "--all")], ids=["serve", "replay"])
def test_a_newer_schema(database: str, command: tuple[str, ...]) -> None:
    change(database, "INSERT INTO schema_migration (number, name, sha256) VALUES (9999, 'future', 'x')")

    assert refusal(*command, DATABASE_URL=database).startswith("the database is newer than this gesta: it has migration 9999_future")


def test_an_edited_migration(database: str) -> None:
    change(database, "UPDATE schema_migration SET sha256 = 'x' WHERE number = 1")

    assert refusal("serve", DATABASE_URL=database).startswith("the database has migration 0001_event_store in another form")


def test_an_older_schema_for_a_command_that_only_reads(database: str) -> None:
    change(database, "DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)")

    all_ = len(migrations())
    older = f"the database is older than this gesta: it has {all_ - 1} of {all_} migrations."
    assert refusal("replay", "--all", DATABASE_URL=database).startswith(older)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("command", [("serve",), ("replay", "--all")], ids=["serve", "replay"])
def test_an_unreachable_server(closed_port: int, command: tuple[str, ...]) -> None:
    told = refusal(*command, DATABASE_URL=f"postgresql://somebody@127.0.0.1:{closed_port}/gesta")

    assert told.startswith("the database does not answer: ")
    assert str(closed_port) in told
    assert told.endswith("(GESTA_DATABASE_URL)")


def test_a_database_that_is_not_there(database: str) -> None:
    told = refusal("serve", DATABASE_URL=make_conninfo(database, dbname="nowhere"))

    assert 'database "nowhere" does not exist' in told


def test_the_event_store_s_database_functions(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")

    assert refusal("serve", DATABASE_URL=database).startswith("POSTGRES_ENABLE_DB_FUNCTIONS=y is refused: it drops the lock")


def test_a_data_folder_in_use(postgres: EmbeddedPostgres) -> None:
    told = refusal("serve", DATA_DIR=str(postgres.data_dir))

    assert told.startswith(f"GESTA_DATA_DIR={postgres.data_dir} is in use by another gesta (process ")


@pytest.mark.parametrize(
    ("version", "told"),
    [(b"13\n", "was made by PostgreSQL 13, and this gesta brings PostgreSQL 18"), (b"\xff\xfe\0", "was made by PostgreSQL")],
    ids=["another major version", "garbage"],
)
def test_a_data_folder_of_something_else(reachable_folder: Path, version: bytes, told: str) -> None:
    folder = reachable_folder / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_bytes(version)

    assert told in refusal("serve", DATA_DIR=str(reachable_folder))
    assert [path.name for path in folder.iterdir()] == ["PG_VERSION"]


def test_a_data_folder_without_a_version(reachable_folder: Path) -> None:
    (reachable_folder / "postgres").mkdir()
    (reachable_folder / "postgres" / "letters.txt").write_text("mine")

    assert refusal("serve", DATA_DIR=str(reachable_folder)).startswith(f"GESTA_DATA_DIR={reachable_folder} cannot be used: ")
    assert (reachable_folder / "postgres" / "letters.txt").read_text() == "mine"


def test_a_damaged_data_folder(reachable_folder: Path) -> None:
    with EmbeddedPostgres(reachable_folder):
        pass
    (reachable_folder / "postgres" / "global" / "pg_control").write_bytes(b"not a control file")

    told = refusal("serve", DATA_DIR=str(reachable_folder))

    assert told.startswith(f"PostgreSQL does not start on {reachable_folder / 'postgres'}: ")
    assert told.endswith(f"(see {reachable_folder / 'postgres.log'})")


def test_a_data_folder_that_is_a_file(reachable_folder: Path) -> None:
    (reachable_folder / "file").write_text("mine")

    told = refusal("serve", DATA_DIR=str(reachable_folder / "file"))

    assert told.startswith(f"GESTA_DATA_DIR={reachable_folder / 'file'} cannot be used: ")


def test_a_data_folder_that_may_not_be_entered(reachable_folder: Path) -> None:
    closed = reachable_folder / "closed"
    closed.mkdir(mode=0)

    told = refusal("serve", DATA_DIR=str(closed / "data"))

    closed.chmod(0o700)
    assert str(closed) in told
    assert "GESTA_DATA_DIR" in told
