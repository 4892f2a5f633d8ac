"""Many open tasks on the very topic that workers fetch from.

Every instance is one task that follows itself (`models.loop`), so the backlog stays as large as it was however much is completed. Servers
with backlogs of different sizes take turns. Of a small backlog the server soon knows every instance; of a large one it reads each
instance from its facts before it completes its task.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from api.embedded import EmbeddedPostgres
from tests.benchmarks.driving import Driver
from tests.benchmarks.jobs import Ask, DrainTasks, Outcome
from tests.benchmarks.processor import Meter
from tests.benchmarks.report import Report
from tests.benchmarks.rest import REST
from tests.benchmarks.seeding import LARGE, QUEUE, seed
from tests.benchmarks.timing import joined
from tests.databases import fresh_database
from tests.server import RunningServer

SMALL, HUGE = 1_000, 1_000_000
WITH_HUGE = os.environ.get("GESTA_BENCH_LARGE") == "1"
TARGETS = {SMALL: "", LARGE: ">= 0.95 x", HUGE: ">= 0.90 x"}
LEFT_OUT = "" if WITH_HUGE else f"{HUGE:,} open tasks left out: GESTA_BENCH_LARGE=1 takes them in (minutes to seed, 3 GB)."

WORKERS, TASKS, WARM_UP, ROUNDS, QUERIES = 8, 1_500, 500, 3, 200
DRAIN = DrainTasks(QUEUE.topics, TASKS, WORKERS)
TOPIC = f"topicName={QUEUE.key}"
LIST = f"{REST}/external-task?{TOPIC}&notLocked=true&withRetriesLeft=true&sortBy=taskPriority&sortOrder=desc&maxResults=50"
COUNT = f"{REST}/external-task/count?{TOPIC}"


class Round(NamedTuple):
    outcome: Outcome
    computed: dict[str, float]
    """Seconds of processor time, by process."""


class Backlog:
    """A server on a database with a backlog, and its driver."""

    def __init__(self, conninfo: str, stack: ExitStack) -> None:
        self.server = stack.enter_context(RunningServer(conninfo))
        self.driver = stack.enter_context(Driver(self.server))

    def round(self, postgres: EmbeddedPostgres) -> Round:
        """Drain once."""
        meter = Meter({"server": self.server.process.pid}, {"PostgreSQL": postgres.process_id})
        return Round(self.driver.do(DRAIN), meter.spent())


def test_throughput_whatever_the_backlog(postgres: EmbeddedPostgres, large_backlog: str) -> None:
    with ExitStack() as stack:
        databases = {SMALL: seeded(postgres, SMALL, stack), LARGE: large_backlog}
        if WITH_HUGE:
            databases[HUGE] = seeded(postgres, HUGE, stack)
        backlogs = {size: Backlog(conninfo, stack) for size, conninfo in databases.items()}
        for backlog in backlogs.values():
            backlog.driver.do(DrainTasks(QUEUE.topics, WARM_UP, WORKERS))
        rounds = [{size: backlog.round(postgres) for size, backlog in backlogs.items()} for _ in range(ROUNDS)]

    show({size: [of_size[size] for of_size in rounds] for size in databases})


def show(rounds: dict[int, list[Round]]) -> None:
    with Report(f"Open tasks on the fetched topic, {WORKERS} workers; ratios to {SMALL:,} open tasks", LEFT_OUT) as report:
        base, base_cost = joined([done.outcome.timings for done in rounds[SMALL]]), cost(rounds[SMALL])
        for size, done in rounds.items():
            completes, fetches = joined([of.outcome.timings for of in done]), joined([of.outcome.fetches for of in done])
            assert len(completes.samples) >= TASKS * ROUNDS
            report.add(f"{size:,} open: completes", completes.rate, "/s", ratio=completes.rate / base.rate, target=TARGETS[size])
            report.add(f"{size:,} open: complete p99", completes.quantile(0.99), "ms")
            report.add(f"{size:,} open: fetch p50", fetches.quantile(0.5), "ms")
            report.add(f"{size:,} open: fetch p99", fetches.quantile(0.99), "ms", target="<= 25 ms")
            for process, seconds in cost(done).items():
                what = f"{size:,} open: processor time of the {process}, per task"
                report.add(what, 1e6 * seconds, "us", ratio=seconds / base_cost[process])


def cost(rounds: Sequence[Round]) -> dict[str, float]:
    """Seconds of processor time per task, by process."""
    tasks = sum(len(done.outcome.timings.samples) for done in rounds)
    return {process: sum(done.computed[process] for done in rounds) / tasks for process in rounds[0].computed}


def test_queries_on_a_large_backlog(large_backlog: str) -> None:
    with ExitStack() as stack:
        driver = Backlog(large_backlog, stack).driver
        driver.do(Ask(LIST, 10))
        listed = driver.do(Ask(LIST, QUERIES)).timings
        counted = driver.do(Ask(COUNT, QUERIES)).timings
        fetches = driver.do(DrainTasks(QUEUE.topics, QUERIES * 10, workers=1)).fetches

    measured = (("list of 50 by priority", listed, "<= 15 ms"), ("count", counted, "<= 30 ms"), ("fetch", fetches, "<= 25 ms"))
    with Report(f"{LARGE:,} open tasks on one topic, one client") as report:
        for what, timings, target in measured:
            assert len(timings.samples) >= QUERIES
            report.add(f"{what}: p50", timings.quantile(0.5), "ms")
            report.add(f"{what}: p99", timings.quantile(0.99), "ms", target=target)


def seeded(postgres: EmbeddedPostgres, size: int, stack: ExitStack) -> str:
    """A database with so many open tasks."""
    conninfo = stack.enter_context(fresh_database(postgres))
    seed(conninfo, QUEUE, size)
    return conninfo
