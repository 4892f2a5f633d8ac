"""What acceptance tests share: one server that plays every chosen scenario, several at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias

import pytest

from api.embedded import EmbeddedPostgres
from tests.acceptance.oracle.play import Scenario, play
from tests.acceptance.oracle.trace import Trace
from tests.databases import fresh_database
from tests.server import RunningServer, replay_everything

# Scenarios never meet (each run has a token of its own), and many of them wait.
AT_A_TIME = 4

Played: TypeAlias = dict[str, Future[Trace]]


@pytest.fixture(scope="session")
def scenario_server(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a server that is set as Camunda was when the golden answers were recorded."""
    with fresh_database(postgres) as conninfo:
        with RunningServer(conninfo, ENFORCE_HISTORY_TIME_TO_LIVE="true") as server:
            yield server.base
            assert server.terminate() == 0, f"the server did not stop in order:\n{server.complaints}"
        replay_everything(conninfo)


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest, scenario_server: str) -> Iterator[Played]:
    """The traces of the scenarios that this session's tests ask for, by name, as they become known."""
    asked = [scenario for item in request.session.items if (scenario := scenario_of(item))]
    pool = ThreadPoolExecutor(AT_A_TIME)
    try:
        yield {scenario.name: pool.submit(play, scenario_server, scenario) for scenario in asked}
    finally:
        pool.shutdown(cancel_futures=True)


def scenario_of(item: pytest.Item) -> Scenario | None:
    """The scenario that a test is about."""
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    scenario = parameters.get("scenario")
    return scenario if isinstance(scenario, Scenario) else None
