"""What tests of faults share: a server for those that leave it alone, and a PostgreSQL for those that kill it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.embedded import EmbeddedPostgres, temporary_folder
from tests.acceptance.faults.chain import MODEL
from tests.acceptance.shared_server import deploy, shared_server
from tests.databases import make_template
from tests.server import RunningServer


@pytest.fixture(scope="package")
def gesta(postgres: EmbeddedPostgres) -> Iterator[RunningServer]:
    """A server that nobody harms; the process is deployed."""
    with shared_server(postgres) as server:
        deploy(server.base, MODEL.name, MODEL.content)
        yield server
        assert server.complaints == ""


@pytest.fixture
def mortal_postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test's own; it comes back whenever it dies."""
    with temporary_folder() as folder, EmbeddedPostgres(folder) as server:
        make_template(server)
        yield server
