"""Completing what was fetched by one request instead of one request each: the same workers, the same tasks, over HTTP."""

from __future__ import annotations

from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.jobs import DrainTasks, StartInstances
from tests.benchmarks.models import chain
from tests.benchmarks.report import Report
from tests.server import RunningServer

MODEL = chain("bulk", 1)
INSTANCES = 2_000
FETCHED_AT_ONCE = 100


def test_bulk_completion(database: str) -> None:
    """By turns, so that both meet the same machine."""
    measured: dict[bool, list[float]] = {False: [], True: []}
    with RunningServer(database) as server, Driver(server) as driver:
        deploy(server, MODEL)
        for _ in range(3):
            for bulk, rates in measured.items():
                driver.do(StartInstances(MODEL.key, INSTANCES, clients=16))
                drained = driver.do(DrainTasks(MODEL.topics, INSTANCES, workers=4, max_tasks=FETCHED_AT_ONCE, bulk=bulk))
                assert len(drained.timings.samples) == INSTANCES
                rates.append(drained.timings.rate)

    single, bulk_rate = (sorted(rates)[1] for rates in measured.values())
    with Report("Completions over HTTP, 4 workers that fetch 100 tasks at a time: fetching included, median of 3") as report:
        report.add("one by one, 4 at a time by each worker", single, "/s")
        report.add("in bulk", bulk_rate, "/s", ratio=bulk_rate / single, target=">= 3 x")
