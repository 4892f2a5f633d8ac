"""What every level may ask for: a PostgreSQL for the session, a fresh database per test, a running server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from api.embedded import EmbeddedPostgres, temporary_folder
from tests.databases import fresh_database, make_template
from tests.server import RunningServer, replay_everything

# Test processes that run side by side inherit a screen's width that no screen has; commands print as wide as they need without it.
os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for the whole session, on a data folder of its own."""
    with temporary_folder() as folder, EmbeddedPostgres(folder) as server:
        make_template(server)
        yield server


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """An empty folder that PostgreSQL's account reaches (pytest's own `tmp_path` is root's alone)."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A fresh database with the whole schema, as a connection string."""
    with fresh_database(postgres) as conninfo:
        yield conninfo


class StartServer(Protocol):
    """Starts a server; without a database it gets a fresh one. Settings by their names without the prefix."""

    def __call__(self, conninfo: str | None = None, **settings: str) -> RunningServer: ...


@pytest.fixture
def server(postgres: EmbeddedPostgres) -> Iterator[StartServer]:
    """A function that starts servers; at the end all are stopped and everything that they recorded is replayed."""
    with ExitStack() as databases:
        used: set[str] = set()
        with ExitStack() as servers:

            def start(conninfo: str | None = None, **settings: str) -> RunningServer:
                conninfo = conninfo or databases.enter_context(fresh_database(postgres))
                used.add(conninfo)
                return servers.enter_context(RunningServer(conninfo, **settings))

            yield start
        for conninfo in used:
            replay_everything(conninfo)
