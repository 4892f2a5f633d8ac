"""gesta's whole server over HTTP, beside the raw-SQL floor of the same work in the same run (what that is: `tests.benchmarks.floor`)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from api.embedded import EmbeddedPostgres
from api.engine import Engine
from domain.ids import aggregate_id, make_id
from tests.benchmarks.draining import Drain
from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.floor import Floor, floor_on
from tests.benchmarks.floor_template import record
from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import engine_on
from tests.benchmarks.jobs import DrainTasks, StartInstances
from tests.benchmarks.models import chain
from tests.benchmarks.processor import Meter
from tests.benchmarks.report import Report
from tests.benchmarks.timing import Timings, concurrently, joined
from tests.databases import fresh_database
from tests.server import RunningServer

INSTANCES, WARM_UP, ROUNDS = 1_000, 100, 3
STARTERS, WORKERS, COMPLETING = 8, 4, 4
MODEL = chain("chain")
TASKS = len(MODEL.topics)


class Run(NamedTuple):
    starts: Timings
    completes: Timings
    fetches: Timings
    computed: dict[str, float]
    """Seconds of processor time, by process."""


def on_server(driver: Driver, instances: int, meter: Meter) -> Run:
    """Start and drain through the whole server."""
    starts = driver.do(StartInstances(MODEL.key, instances, STARTERS)).timings
    drained = driver.do(DrainTasks(MODEL.topics, TASKS * instances, WORKERS, COMPLETING))
    return Run(starts, drained.timings, drained.fetches, meter.spent())


async def on_floor(floor: Floor, instances: int, meter: Meter) -> Run:
    """The same on bare SQL."""
    ids = [aggregate_id(make_id(Engine.now(), secrets.randbits(74))) for _ in range(instances)]
    starts = await concurrently(ids, range(STARTERS), lambda _, instance_id: floor.start(instance_id))
    drain = Drain(TASKS * instances)
    outcome = await drain.ended([drain.work(floor.fetch, range(COMPLETING), lambda _, task: floor.complete(task)) for _ in range(WORKERS)])
    assert outcome.fetched_twice == 0
    return Run(starts, outcome.timings, outcome.fetches, meter.spent())


async def measure(postgres: int, server_database: str, floor_database: str) -> tuple[list[Run], list[Run]]:
    """Take turns, so that the machine's noise meets both."""
    async with engine_on(floor_database) as engine:
        recording = await record(engine, MODEL)
    with RunningServer(server_database) as server, Driver(server) as driver:
        deploy(server, MODEL)
        database = {"PostgreSQL": postgres}
        server_and_driver = {"server": server.process.pid, "load driver": driver.process_id}
        async with floor_on(floor_database, recording, MODEL.topics) as floor:
            rounds = []
            for instances in (WARM_UP, *[INSTANCES] * ROUNDS):
                over_http = on_server(driver, instances, Meter(server_and_driver, database))
                rounds.append((over_http, await on_floor(floor, instances, Meter({"client": os.getpid()}, database))))
    return [over_http for over_http, _ in rounds[1:]], [in_sql for _, in_sql in rounds[1:]]


def test_the_server_beside_the_raw_sql_floor(postgres: EmbeddedPostgres) -> None:
    with fresh_database(postgres) as server_database, fresh_database(postgres) as floor_database:
        server, floor = run(measure(postgres.process_id, server_database, floor_database))

    with Report(
        f"Chain of {TASKS} tasks, {INSTANCES:,} instances, {WORKERS} workers x {COMPLETING}; ratios to the raw-SQL floor"
    ) as report:
        base = joined([run.completes for run in floor]).rate, joined([run.starts for run in floor]).rate
        show(report, "the floor", floor, base, {"completes": "", "complete": "", "fetch": ""})
        show(report, "gesta over HTTP", server, base, {"completes": ">= 0.35 x", "complete": "<= 15 ms", "fetch": "<= 20 ms"})


def show(report: Report, name: str, runs: Sequence[Run], base: tuple[float, float], targets: Mapping[str, str]) -> None:
    starts, completes = joined([run.starts for run in runs]), joined([run.completes for run in runs])
    fetches = joined([run.fetches for run in runs])
    assert len(completes.samples) == TASKS * len(starts.samples) == TASKS * INSTANCES * ROUNDS
    report.add(f"{name}: completes", completes.rate, "/s", ratio=completes.rate / base[0], target=targets["completes"])
    report.add(f"{name}: complete p50", completes.quantile(0.5), "ms")
    report.add(f"{name}: complete p99", completes.quantile(0.99), "ms", target=targets["complete"])
    report.add(f"{name}: fetch p50", fetches.quantile(0.5), "ms")
    report.add(f"{name}: fetch p99", fetches.quantile(0.99), "ms", target=targets["fetch"])
    report.add(f"{name}: starts", starts.rate, "/s", ratio=starts.rate / base[1])
    for process in runs[0].computed:
        seconds = sum(run.computed[process] for run in runs)
        report.add(f"{name}: processor time of the {process}, per task", 1e6 * seconds / len(completes.samples), "us")
