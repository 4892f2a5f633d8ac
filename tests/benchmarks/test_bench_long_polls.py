"""2,000 workers that wait in long polls on 500 topics: memory that they take in the server, and how soon one hears of a task."""

from __future__ import annotations

from api.settings import MEBIBYTE
from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.jobs import HoldPolls
from tests.benchmarks.models import chosen
from tests.benchmarks.report import Report
from tests.server import RunningServer

POLLS, TOPICS, ROUNDS = 2000, 500, 1000
MODEL = chosen("held")


def test_many_waiting_long_polls(database: str) -> None:
    with RunningServer(database, FETCH_QUEUE_CAPACITY=str(POLLS)) as server, Driver(server) as driver:
        deploy(server, MODEL)
        driver.do(HoldPolls(MODEL.key, topics=1, polls=1, rounds=20, server=server.process.pid))
        held = driver.do(HoldPolls(MODEL.key, TOPICS, POLLS, ROUNDS, server.process.pid))

    assert len(held.timings.samples) == ROUNDS
    with Report(f"{POLLS:,} long polls that wait on {TOPICS} topics") as report:
        report.add("added memory", held.added_memory / MEBIBYTE, "MB", target="<= 60 MB")
        report.add("each poll", held.added_memory / POLLS / 1024, "KB")
        report.add("wake-up: p50", held.timings.quantile(0.5), "ms")
        report.add("wake-up: p99", held.timings.quantile(0.99), "ms", target="<= 25 ms")
