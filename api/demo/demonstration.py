"""The demonstration from beginning to end, against a server that runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from rich.console import Console

from api.cli.fact_table import fact_table
from api.demo.engine import Engine, Left
from api.demo.orders import Order, Outcome, outcome
from api.demo.refusal import DemoFailed
from api.demo.screen import left_table, progress
from api.demo.shop import Shop
from api.demo.tally import Happening, Tally
from gesta_client import Client

STARTERS = 16
# Seconds without any progress after which the demonstration gives up.
PATIENCE = 90.0
TITLES: dict[Happening, str] = {
    "completed": "External tasks completed",
    "failed": "Failures (retried, or an incident)",
    "errors": "BPMN errors (caught)",
}


@dataclass(frozen=True, slots=True)
class Rates:
    """Per second: process instances started, external tasks completed."""

    starts: float
    completes: float


async def demonstrate(url: str, instances: int, console: Console) -> None:
    """Deploy, start, work, and show what is left. Raise DemoFailed or the client's errors when something is not as it should be."""
    async with connected(url) as client:
        engine = Engine(client)
        console.print(f"Server: {url} (version {await engine.version()})")
        definition = await engine.deploy()
        console.print(f"Deployed: order.bpmn as {definition}")
        orders = [Order(number) for number in range(1, instances + 1)]
        tally, rates = await drive(client, definition, orders, console)
        left = await engine.left(definition)
        console.print(left_table(left))
        await show_facts(engine, tally.telling_task, console)
        console.print(f"Reached: {rates.starts:,.0f} process instances started/s, {rates.completes:,.0f} external tasks completed/s")
        compare(left, tally.expected)


def connected(url: str) -> Client:
    """A client of the server. Raise DemoFailed when the URL is none."""
    try:
        return Client(url)
    except ValueError as error:
        raise DemoFailed(str(error)) from error


async def drive(client: Client, definition: str, orders: list[Order], console: Console) -> tuple[Tally, Rates]:
    """Start all process instances, then work until all has happened; what was counted, and how fast it went."""
    expected = outcome(orders)
    with progress(console) as bars:
        starts = bars.add_task("Process instances started", total=len(orders))
        totals = {name: getattr(expected, name) for name in TITLES}
        rows = {name: bars.add_task(title, total=totals[name], visible=totals[name] > 0) for name, title in TITLES.items()}
        tally = Tally(expected, lambda happening: bars.advance(rows[happening]))
        began = monotonic()
        await start_all(Engine(client), definition, orders, lambda: bars.advance(starts))
        started = monotonic()
        worked = await work_all(client, definition, tally)
    return tally, Rates(len(orders) / (started - began), tally.counts["completed"] / (worked - started))


async def start_all(engine: Engine, definition: str, orders: list[Order], advance: Callable[[], None]) -> None:
    """Start a process instance per order, STARTERS at a time."""
    waiting = iter(orders)

    async def start_some() -> None:
        for order in waiting:
            await engine.start(definition, order)
            advance()

    async with asyncio.TaskGroup() as group:
        for _ in range(STARTERS):
            group.create_task(start_some())


async def work_all(client: Client, definition: str, tally: Tally) -> float:
    """Let the workers work until all has happened and is reported; the moment of the last happening."""
    workers = Shop(tally).workers(client, definition)
    async with asyncio.TaskGroup() as group:
        for worker in workers:
            group.create_task(worker.run())
        await tally.everything(PATIENCE)
        worked = monotonic()
        for worker in workers:
            worker.stop()
    return worked


async def show_facts(engine: Engine, task: str | None, console: Console) -> None:
    """Print one task's full history, or why there is none."""
    facts = None if task is None else await engine.facts(task)
    if task is None or facts is None:
        console.print("This server offers no facts about external tasks (GET /gesta/external-task/{id}/facts answers 404).")
    else:
        console.print(fact_table(facts, console.width, f"All facts of external task {task}"))


def compare(left: Left, expected: Outcome) -> None:
    """Raise DemoFailed when other things are left than the orders' numbers tell."""
    if left != Left(expected.left, expected.left, expected.left):
        raise DemoFailed(f"{expected.left} process instances, open tasks and incidents should be left, but there are {left}")
