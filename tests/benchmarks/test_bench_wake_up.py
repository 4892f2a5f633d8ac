"""How soon a worker that waits in a long poll of 3 s hears of a task: from the answer to the starter to the answer to the worker."""

from __future__ import annotations

from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.jobs import WakePolls
from tests.benchmarks.models import chain
from tests.benchmarks.report import Report
from tests.server import RunningServer

ROUNDS = 150
MODEL = chain("wake", 1)


def test_waking_a_long_poll_in_the_same_process_and_in_another_one(database: str) -> None:
    with RunningServer(database) as server, RunningServer(database) as other, Driver(server) as driver:
        deploy(server, MODEL)
        same = driver.do(WakePolls(MODEL.key, MODEL.topics[0], ROUNDS)).timings
        elsewhere = driver.do(WakePolls(MODEL.key, MODEL.topics[0], ROUNDS, polled_at=other.address)).timings

    with Report("Wake-up of a waiting long poll") as report:
        for what, timings, targets in (("same process", same, (3, 8)), ("other process", elsewhere, (5, 20))):
            assert len(timings.samples) == ROUNDS
            report.add(f"{what}: p50", timings.quantile(0.5), "ms", target=f"<= {targets[0]} ms")
            report.add(f"{what}: p99", timings.quantile(0.99), "ms", target=f"<= {targets[1]} ms")
