"""What benchmarks share: a large backlog, and plans that are printed on demand only."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator

import pytest

from api.embedded import EmbeddedPostgres
from tests.benchmarks.report import show
from tests.benchmarks.seeding import LARGE, QUEUE, seed
from tests.databases import fresh_database

ON_DEMAND = "plans"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is printed for reading, not measured, unless `-k plans` asks for it."""
    left_out = [item for item in items if ON_DEMAND in item.name and ON_DEMAND not in config.option.keyword]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def machine() -> None:
    """Say first on what kind of machine the figures are made: a busy one gives lower rates and longer times."""
    load = f"load {os.getloadavg()[0]:.1f} before the run"
    show(f"{os.cpu_count()} processors, {load}, Python {platform.python_version()}, {platform.platform()}")


@pytest.fixture(scope="session")
def large_backlog(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database with 100,000 open tasks of `QUEUE`; working on them leaves as many."""
    with fresh_database(postgres) as conninfo:
        seed(conninfo, QUEUE, LARGE)
        yield conninfo
