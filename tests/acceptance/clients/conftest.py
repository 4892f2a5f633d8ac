"""One server, and the worker programs of those languages whose tools are there; continuous integration demands them all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from api.embedded import EmbeddedPostgres
from tests.acceptance.clients.engine import Engine
from tests.acceptance.clients.programs import JAVA, JAVASCRIPT, PROGRAMS, PYTHON, Program, built
from tests.acceptance.clients.working import Worker
from tests.databases import fresh_database
from tests.server import RunningServer, replay_everything

MISSING = {program.language: tools for program in PROGRAMS if (tools := program.missing_tools)}
HERE = [program for program in PROGRAMS if program.language not in MISSING]

collect_ignore = [f"test_{language}.py" for language in MISSING]
if os.environ.get("CI") != "true":
    collect_ignore.append("test_tools.py")

Employ: TypeAlias = Callable[[Program], Worker]


def pytest_report_collectionfinish() -> list[str]:
    """Say which clients are not tested, and why."""
    return [f"the {language} client is not tested: {', '.join(tools)} not found" for language, tools in MISSING.items()]


@pytest.fixture(scope="session")
def engine(postgres: EmbeddedPostgres) -> Iterator[Engine]:
    """A server for all clients."""
    with fresh_database(postgres) as conninfo:
        with RunningServer(conninfo) as server:
            engine = Engine(server.base, conninfo)
            yield engine
            engine.close()
            assert server.terminate() == 0, f"the server did not stop in order:\n{server.complaints}"
        replay_everything(conninfo)


@pytest.fixture(scope="session")
def employ(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Employ:
    """A function that builds a program and makes it a worker of the server."""

    def employed(program: Program) -> Worker:
        folder: Path = tmp_path_factory.mktemp(program.language)
        return Worker(program.language, program.command(built(program)), engine.base + program.path, folder)

    return employed


@pytest.fixture(scope="session", params=HERE, ids=lambda program: program.language)
def worker(request: pytest.FixtureRequest, employ: Employ) -> Worker:
    """A worker of each language in turn."""
    return employ(request.param)


@pytest.fixture(scope="session")
def java(employ: Employ) -> Worker:
    return employ(JAVA)


@pytest.fixture(scope="session")
def javascript(employ: Employ) -> Worker:
    return employ(JAVASCRIPT)


@pytest.fixture(scope="session")
def python(employ: Employ) -> Worker:
    return employ(PYTHON)
