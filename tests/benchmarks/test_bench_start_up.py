"""From `gesta serve` to its first answer on existing data, and the memory of a server that has nothing to do."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

from api.embedded import EmbeddedPostgres
from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.jobs import DrainTasks, StartInstances
from tests.benchmarks.models import chain
from tests.benchmarks.processor import own_seconds
from tests.benchmarks.report import Report
from tests.benchmarks.rest import SIGN_OF_LIFE
from tests.databases import fresh_database
from tests.server import RunningServer

INSTANCES, STARTS = 1_000, 3
MODEL = chain("existing")
MEBIBYTE = 1024 * 1024
EMBEDDED = ""
"""No database URL."""


class Start(NamedTuple):
    seconds: float
    """Until the server said that it is ready."""
    computed: float
    """Processor time of the server until then."""
    first_answer: float
    """Seconds of the very first request."""
    memory: float
    """Resident MiB of the server, before that."""


@contextmanager
def started(conninfo: str, **settings: str) -> Iterator[tuple[RunningServer, Start]]:
    """A server, and how it started."""
    began = time.perf_counter()
    with RunningServer(conninfo, **settings) as server:
        seconds, process = time.perf_counter() - began, psutil.Process(server.process.pid)
        computed, memory = own_seconds(process), resident(process)
        began = time.perf_counter()
        httpx.get(server.address + SIGN_OF_LIFE, timeout=60).raise_for_status()
        yield server, Start(seconds, computed, time.perf_counter() - began, memory)


def work(server: RunningServer) -> None:
    """Leave finished instances, and as many that wait."""
    with Driver(server) as driver:
        deploy(server, MODEL)
        driver.do(StartInstances(MODEL.key, INSTANCES))
        driver.do(DrainTasks(MODEL.topics, len(MODEL.topics) * INSTANCES))
        driver.do(StartInstances(MODEL.key, INSTANCES))


def resident(process: psutil.Process) -> float:
    """MiB of one process."""
    return float(process.memory_info().rss / MEBIBYTE)


def memory_of_family(process: psutil.Process) -> float:
    """MiB of a process and its children, shared pages counted once."""
    return float(sum(member.memory_full_info().pss for member in [process, *process.children(recursive=True)]) / MEBIBYTE)


def test_start_and_idle_memory_with_the_embedded_postgresql(reachable_folder: Path) -> None:
    folder, existing, database = str(reachable_folder), [], 0.0
    with started(EMBEDDED, DATA_DIR=folder) as (server, new):
        work(server)
        worked = resident(psutil.Process(server.process.pid))
    for _ in range(STARTS):
        with started(EMBEDDED, DATA_DIR=folder) as (server, start):
            existing.append(start)
            database = sum(map(memory_of_family, psutil.Process(server.process.pid).children()))

    with Report(f"A server on its embedded PostgreSQL, {2 * INSTANCES:,} instances recorded") as report:
        report.add("start to ready on a new data folder", new.seconds, "s")
        show(report, existing)
        report.add(f"memory of the server after {3 * INSTANCES:,} completions", worked, "MiB")
        report.add("memory of its idle PostgreSQL", database, "MiB")


def test_start_and_idle_memory_on_a_postgresql_that_runs(postgres: EmbeddedPostgres) -> None:
    existing = []
    with fresh_database(postgres) as conninfo:
        with RunningServer(conninfo) as server:
            work(server)
        for _ in range(STARTS):
            with started(conninfo) as (_, start):
                existing.append(start)

    with Report(f"A server on a PostgreSQL that runs, {2 * INSTANCES:,} instances recorded") as report:
        show(report, existing)


def show(report: Report, starts: Sequence[Start]) -> None:
    """Add the median start."""
    start = sorted(starts)[len(starts) // 2]
    report.add(f"start to ready on existing data, median of {len(starts)}", start.seconds, "s", target="<= 2 s")
    report.add("processor time of the server until then", start.computed, "s")
    report.add("the first answer of all", 1000 * start.first_answer, "ms")
    report.add("memory of the idle server", start.memory, "MiB", target="<= 120 MiB")
