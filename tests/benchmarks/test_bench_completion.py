"""The engine alone, in this process: starting and completing one by one and many at once."""

from __future__ import annotations

from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import complete_all, deploy, engine_on, lock_all, start_all
from tests.benchmarks.models import chain
from tests.benchmarks.report import Report
from tests.benchmarks.timing import Timings, joined

INSTANCES = {1: 300, 16: 1_000, 64: 2_000, 128: 2_000}
"""By how many clients there are at once."""
MODEL = chain("completion")


async def measure(conninfo: str) -> list[tuple[int, Timings, Timings]]:
    """Starts and completions of a chain of three, by the number of clients."""
    async with engine_on(conninfo) as engine:
        await deploy(engine, MODEL)
        measured = []
        for clients, instances in INSTANCES.items():
            starts, completions = await start_all(engine, MODEL.key, instances, clients), []
            for topic in MODEL.topics:
                completions.append(await complete_all(engine, await lock_all(engine, topic, instances), clients))
            measured.append((clients, starts, joined(completions)))
        assert await engine.query("SELECT count(*) FROM process_instance") == [(0,)]
    return measured


def test_starting_and_completing_in_the_engine(database: str) -> None:
    measured = run(measure(database))

    with Report("The engine alone, chains of three tasks; ratios to one client") as report:
        alone = measured[0]
        for clients, starts, completions in measured:
            assert (len(starts.samples), len(completions.samples)) == (INSTANCES[clients], 3 * INSTANCES[clients])
            report.add(f"completions, {clients} at once", completions.rate, "/s", ratio=completions.rate / alone[2].rate)
            report.add(f"completions, {clients} at once: p50", completions.quantile(0.5), "ms")
            report.add(f"completions, {clients} at once: p99", completions.quantile(0.99), "ms")
            report.add(f"starts, {clients} at once", starts.rate, "/s", ratio=starts.rate / alone[1].rate)
