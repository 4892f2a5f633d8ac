"""An engine in the test's own event loop: what it recorded is decided again at the end of every test that asks for it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import sql

from api.embedded import EmbeddedPostgres
from api.engine import Engine
from tests.databases import administer
from tests.integration.engines import differences, opened


@pytest.fixture(scope="session")
def postgres(postgres: EmbeddedPostgres) -> EmbeddedPostgres:
    """The session's PostgreSQL, which waits for no disk here: no machine crashes, and databases come and go by the hundred."""
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        administer(postgres, sql.Composed([sql.SQL(statement)]))
    return postgres


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """The loop that the server runs on."""
    return "asyncio", {"use_uvloop": sys.platform != "win32"}


@pytest.fixture
async def engine(database: str) -> AsyncIterator[Engine]:
    """An engine on a fresh database."""
    async with opened(database) as running:
        yield running
    assert await differences(database) == []
