"""One task of many parallel ones in the same instance must cost what the only task of an instance costs."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from api.engine import Engine
from domain.commands import CompleteExternalTask
from domain.deciding.dispatch import decide_for_task
from domain.facts import Envelope
from domain.history import History
from tests.benchmarks.driving import Driver, deploy
from tests.benchmarks.gathering import run
from tests.benchmarks.in_process import WORKER, complete_all, engine_on, lock_all, start_all, start_one
from tests.benchmarks.in_process import deploy as deploy_in
from tests.benchmarks.jobs import Ask, DrainTasks, StartInstances, Watched
from tests.benchmarks.models import done_values, fork
from tests.benchmarks.report import Report
from tests.benchmarks.rest import SIGN_OF_LIFE
from tests.benchmarks.timing import Timings, computed, joined
from tests.server import RunningServer

IN_ENGINE = (1, 20, 1_000, 10_000)
OVER_HTTP = (20, 1_000, 10_000)
COMPLETED = 400
"""Of how many parallel tasks ever."""
WORKERS, MAX_TASKS = 8, 5
DECISIONS = 500


class Branches(NamedTuple):
    start: Timings
    completes: Timings
    silence: float = 0.0
    """The longest time without a sign of life, in seconds."""


def test_one_of_many_parallel_tasks_in_the_engine(database: str) -> None:
    measured = run(in_engine(database))

    with Report("One client in the engine, one completion at a time; ratios to the only task of an instance") as report:
        alone, alone_decision = measured[0][1].quantile(0.5), measured[0][2]
        for size, completes, decision in measured:
            assert len(completes.samples) == COMPLETED
            target = "<= 1.5 x" if size == IN_ENGINE[-1] else ""
            p50 = completes.quantile(0.5)
            report.add(f"one of {size:,}: complete p50", p50, "ms", ratio=p50 / alone, target=target)
            report.add(f"one of {size:,}: complete p99", completes.quantile(0.99), "ms")
            report.add(f"one of {size:,}: the decision alone", decision * 1e6, "us", ratio=decision / alone_decision)


async def in_engine(conninfo: str) -> list[tuple[int, Timings, float]]:
    """By size: completions one by one, and the seconds that deciding one of them takes."""
    async with engine_on(conninfo) as engine:
        return [(size, *await of_size(engine, size)) for size in IN_ENGINE]


async def of_size(engine: Engine, size: int) -> tuple[Timings, float]:
    model = fork(f"engine{size}", size)
    await deploy_in(engine, model)
    decision = await deciding(engine, await start_one(engine, model.key))
    await start_all(engine, model.key, COMPLETED // size, 1)
    return await complete_all(engine, await lock_all(engine, model.key, COMPLETED), 1), decision


async def deciding(engine: Engine, instance_id: str) -> float:
    """Seconds to decide one completion, over and over again on the same state."""
    history = History.of(await engine.facts(instance_id))
    assert history.state is not None
    definition = await engine.definition(history.state.definition_id)
    assert definition is not None
    task, envelope = replace(history.open_tasks[0], worker_id=WORKER), Envelope(engine.now(), engine.new_id())
    command = CompleteExternalTask(task.id, WORKER, done_values())
    seconds, decided = computed(partial(decide_for_task, definition, history.state, task, command, envelope), DECISIONS)
    assert decided.facts
    return seconds


def test_one_of_many_parallel_tasks_over_http(database: str) -> None:
    with RunningServer(database) as server, Driver(server) as driver:
        driver.do(Ask(SIGN_OF_LIFE, 10))
        measured = [(size, over_http(server, driver, size)) for size in OVER_HTTP]

    with Report(
        f"A parallel gateway's branches over HTTP, {WORKERS} workers, {MAX_TASKS} tasks a fetch; ratios to {OVER_HTTP[0]}"
    ) as report:
        base = measured[0][1].completes.rate
        for size, branches in measured:
            rate = branches.completes.rate
            assert len(branches.completes.samples) >= COMPLETED
            report.add(f"{size:,} branches: completes", rate, "/s", ratio=rate / base, target="" if size == OVER_HTTP[0] else ">= 0.67 x")
            report.add(f"{size:,} branches: complete p50", branches.completes.quantile(0.5), "ms")
            report.add(f"{size:,} branches: complete p99", branches.completes.quantile(0.99), "ms")
            report.add(f"{size:,} branches: start of the instance", branches.start.quantile(0.5), "ms")
            report.add(f"{size:,} branches: longest time without an answer", 1000 * branches.silence, "ms", target="<= 20 ms")


def over_http(server: RunningServer, driver: Driver, size: int) -> Branches:
    """Instances one after another until enough is completed; of a large one only so much."""
    model = fork(f"http{size}", size)
    deploy(server, model)
    starts, drains = [], []
    for _ in range(max(1, COMPLETED // size)):
        starts.append(driver.do(Watched(StartInstances(model.key, 1, 1))))
        drains.append(driver.do(Watched(DrainTasks(model.topics, min(size, COMPLETED), WORKERS, 1, MAX_TASKS))))
    silence = max(outcome.longest_silence for outcome in (*starts, *drains))
    return Branches(joined([start.timings for start in starts]), joined([drain.timings for drain in drains]), silence)
