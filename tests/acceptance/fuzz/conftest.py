"""The server that is fuzzed, and how many requests each operation gets: a few, always the same, or more by `make fuzz`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.core.result import Ok

from api.embedded import EmbeddedPostgres
from tests.acceptance.fuzz.fuzzing import Operation
from tests.acceptance.fuzz.world import World
from tests.acceptance.shared_server import shared_server
from tests.server import RunningServer

EXAMPLES = "FUZZ_EXAMPLES"
"""How many requests each operation gets; then they are other ones every time."""
FEW = 3


@pytest.fixture(scope="package")
def profile() -> settings:
    given = os.environ.get(EXAMPLES)
    return settings(max_examples=int(given or FEW), derandomize=given is None, database=None)


@pytest.fixture(scope="package")
def fuzzed(postgres: EmbeddedPostgres) -> Iterator[RunningServer]:
    """At its end the server has nothing to complain of, and all that was recorded is replayed."""
    with shared_server(postgres) as server:
        yield server
        assert "Traceback" not in server.complaints


@pytest.fixture(scope="package")
def world(fuzzed: RunningServer) -> Iterator[World]:
    world = World(fuzzed.base)
    yield world
    world.session.close()


@pytest.fixture(scope="package")
def operations(world: World) -> list[Operation]:
    """Every operation of the description."""
    document = world.session.get(f"{world.base}/openapi.json").json()
    found = list(schemathesis.openapi.from_dict(document).get_all_operations())
    return [result.ok() for result in found if isinstance(result, Ok)]
