"""One server for all that is bad: after each test it holds what it held before, and at the end it has nothing to complain of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.embedded import EmbeddedPostgres
from tests.acceptance.bad_input.stock import stock
from tests.acceptance.bad_input.target import Target, prepared
from tests.acceptance.shared_server import shared_server


@pytest.fixture(scope="package")
def lasting_target(postgres: EmbeddedPostgres) -> Iterator[Target]:
    with shared_server(postgres) as server:
        yield prepared(server)
        assert "Traceback" not in server.complaints


@pytest.fixture
def changing_target(lasting_target: Target) -> Target:
    """The server, for what is refused only after something else was done."""
    return lasting_target


@pytest.fixture
def target(lasting_target: Target) -> Iterator[Target]:
    """The server; nothing of what a test sends may leave anything behind."""
    before = stock(lasting_target.server.conninfo)
    yield lasting_target
    assert stock(lasting_target.server.conninfo) == before
