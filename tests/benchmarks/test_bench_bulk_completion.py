"""Completing what was fetched by one request instead of one request each: the same workers, the same tasks, over HTTP."""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

from api.embedded import EmbeddedPostgres
from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.jobs import CompleteLocked, StartInstances
from tests.benchmarks.models import chain
from tests.benchmarks.processor import Meter
from tests.benchmarks.report import Report
from tests.databases import fresh_database
from tests.server import RunningServer

MODEL = chain("bulk", 1)
INSTANCES, ROUNDS = 2_000, 3
IN_BULK = 100


class Round(NamedTuple):
    rate: float
    """Completions per second."""
    computed: float
    """Milliseconds of processor time that a completion takes in all processes together."""


def completed(driver: Driver, in_bulk: int, server: RunningServer, postgres: EmbeddedPostgres) -> Round:
    """Start instances, fetch the task of each, and complete them."""
    driver.do(StartInstances(MODEL.key, INSTANCES, clients=16))
    meter = Meter({"server": server.process.pid, "driver": driver.process_id}, {"PostgreSQL": postgres.process_id})
    timings = driver.do(CompleteLocked(MODEL.topics[0], INSTANCES, in_bulk=in_bulk)).timings
    return Round(INSTANCES / timings.seconds, 1000 * sum(meter.spent().values()) / INSTANCES)


def test_bulk_completion(postgres: EmbeddedPostgres) -> None:
    """By turns, so that both meet the same machine."""
    measured: dict[int, list[Round]] = {0: [], IN_BULK: []}
    with fresh_database(postgres) as database, RunningServer(database) as server, Driver(server) as driver:
        deploy(server, MODEL)
        for _ in range(ROUNDS):
            for in_bulk, rounds in measured.items():
                rounds.append(completed(driver, in_bulk, server, postgres))

    single, together = (Round(*map(median, zip(*rounds, strict=True))) for rounds in measured.values())
    with Report(f"{INSTANCES:,} completions of locked tasks over HTTP by 4 workers, median of {ROUNDS}") as report:
        report.add("one by one, 4 at a time by each worker", single.rate, "/s")
        report.add(f"in bulk, {IN_BULK} at a time", together.rate, "/s", ratio=together.rate / single.rate, target=">= 3 x")
        report.add("one by one: processor time each, its fetching included", single.computed, "ms")
        report.add(
            "in bulk: processor time each, its fetching included", together.computed, "ms", ratio=single.computed / together.computed
        )
