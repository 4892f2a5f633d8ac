"""History: how fast its models are made again from the facts, and how far behind they are while the server works."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import psycopg

from api.engine import Engine
from api.engine.store import connect
from api.rebuilding import Rebuilder
from projections.following import TRACKED
from projections.history.changes import HISTORY_MODELS
from projections.history.log import NEWEST
from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import complete_all, engine_on, lock_all, start_all
from tests.benchmarks.in_process import deploy as deploy_to
from tests.benchmarks.jobs import DrainTasks, Job, StartInstances
from tests.benchmarks.models import Model, chain, fork
from tests.benchmarks.report import Report
from tests.conftest import StartServer

TIMES = 6 if os.environ.get("GESTA_BENCH_LARGE") == "1" else 1
RECORDED = ((chain("rebuilt-chain"), 8_000 * TIMES), (fork("rebuilt-fork", 10), 1_000 * TIMES))
"""What is rebuilt: these instances, run to their ends; two million facts when it is to be large."""
LOADED, INSTANCES = chain("followed"), 3_000
LOOK_EVERY = 0.02

# Purpose: what a table holds, whatever its order: how many rows, and a sum of their hashes.
CONTENT = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table} t"

Content = dict[str, tuple[int, int]]


class Lag(NamedTuple):
    """How far the models were at a moment, in seconds since the first look."""

    at: float
    newest: int
    reached: int


def test_rebuilding_history(database: str) -> None:
    run(record(database))
    live = content(database)

    seconds, computed, facts = run(rebuilt(database))

    assert content(database) == live
    with Report(f"All models of history made again from {facts:,} facts") as report:
        report.add("rebuilt, tables replaced at the end", facts / seconds, "facts/s", target=">= 25,000")
        report.add("the same, the rebuilding process's own time alone", facts / computed, "facts/s")
        for table, (rows, _) in live.items():
            report.add(f"  rows of {table}", rows, "")


async def record(conninfo: str) -> None:
    """Run instances to their ends while history is written, and wait for the rest of it."""
    async with engine_on(conninfo) as engine:
        for model, instances in RECORDED:
            await deploy_to(engine, model)
            await run_to_the_end(engine, model, instances)
        [(newest,)] = await engine.query(NEWEST)
        while await engine.query(TRACKED) < [(newest,)]:
            await asyncio.sleep(LOOK_EVERY)


async def run_to_the_end(engine: Engine, model: Model, instances: int) -> None:
    await start_all(engine, model.key, instances, 64)
    for topic in model.topics:
        while tasks := await lock_all(engine, topic, 1_000):
            await complete_all(engine, tasks, 64)
    assert await engine.query("SELECT count(*) FROM process_instance") == [(0,)]


def content(conninfo: str) -> Content:
    with psycopg.connect(conninfo) as connection:
        rows = {model.table: connection.execute(CONTENT.format(table=model.table).encode()).fetchone() for model in HISTORY_MODELS}
    return {table: row for table, row in rows.items() if row is not None}


async def rebuilt(conninfo: str) -> tuple[float, float, int]:
    """Rebuild: seconds, processor time of this process among them, and the number of facts."""
    async with AsyncExitStack() as stack:
        connection, reads = [await stack.enter_async_context(await connect(conninfo, name)) for name in ("rebuild", "rebuild reads")]
        began, computed = time.perf_counter(), time.process_time()
        facts = await Rebuilder(connection, reads, HISTORY_MODELS).rebuild(lambda done, of: None)
        return time.perf_counter() - began, time.process_time() - computed, facts


def test_how_far_history_is_behind_a_busy_server(server: StartServer) -> None:
    busy = server()
    deploy(busy, LOADED)

    with Driver(busy) as driver, psycopg.connect(busy.conninfo, autocommit=True) as connection:
        starting, starts = watched(connection, driver, StartInstances(LOADED.key, INSTANCES, clients=16))
        working, completions = watched(connection, driver, DrainTasks(LOADED.topics, INSTANCES * len(LOADED.topics)))
        rest, caught_up = rest_of(connection)

    assert working[-1].newest > starting[-1].newest > 0
    with Report("How far history is behind while 4 workers complete 4 tasks each at a time") as report:
        report.add("starts meanwhile", starts, "/s")
        report.add("completions meanwhile", completions, "/s")
        for name, looks in (("starting", starting), ("completing", working)):
            ages = ages_of(looks)
            report.add(f"{name}: what is told is as old as, p50", 1000 * quantile(ages, 0.5), "ms", target="<= 1,000 ms")
            report.add(f"{name}: what is told is as old as, p99", 1000 * quantile(ages, 0.99), "ms", target="<= 2,000 ms")
            report.add(f"{name}: facts that are not yet told, p99", quantile([look.newest - look.reached for look in looks], 0.99), "facts")
        report.add(f"told of the last {rest:,} facts after the load", 1000 * caught_up, "ms", target="<= 1,000 ms")


def watched(connection: psycopg.Connection[Any], driver: Driver, job: Job) -> tuple[list[Lag], float]:
    """Have a job done and look meanwhile how far the models are; what was seen, and the job's rate."""
    looks: list[Lag] = []
    done = threading.Event()

    def look() -> None:
        began = time.perf_counter()
        while not done.wait(LOOK_EVERY):
            looks.append(seen(connection, began))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        outcome = driver.do(job)
    finally:
        done.set()
        watching.join()
    return looks, outcome.timings.rate


def seen(connection: psycopg.Connection[Any], began: float) -> Lag:
    """One look."""
    [(newest, reached)] = connection.execute(f"SELECT ({NEWEST}), ({TRACKED})".encode()).fetchall()
    return Lag(time.perf_counter() - began, newest, reached)


def rest_of(connection: psycopg.Connection[Any]) -> tuple[int, float]:
    """Wait until the models tell of everything; of how many facts they had not, and seconds."""
    began = time.perf_counter()
    last = first = seen(connection, began)
    while last.reached < last.newest:
        time.sleep(LOOK_EVERY)
        last = seen(connection, began)
    return first.newest - first.reached, last.at


def ages_of(looks: Sequence[Lag]) -> list[float]:
    """For every look, how long ago the oldest fact was seen first that history did not tell of yet; 0 where it told of all."""
    ages, untold = [], 0
    for look in looks:
        while looks[untold].newest <= look.reached and looks[untold].at < look.at:
            untold += 1
        ages.append(look.at - looks[untold].at)
    return ages


def quantile(samples: Sequence[float], share: float) -> float:
    return sorted(samples)[int(share * (len(samples) - 1))] if samples else 0.0
