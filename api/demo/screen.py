"""What the demonstration shows: progress while it runs, tables afterwards."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from api.demo.engine import Left


def progress(console: Console) -> Progress:
    """Bars with numbers and times."""
    return Progress(
        SpinnerColumn(), TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def left_table(left: Left) -> Table:
    """What is left in the server."""
    table = Table("Left in the server", Column("Number", justify="right"), "Why", title="What is left", title_justify="left")
    for what, number, why in (
        ("Process instances", left.instances, "their order is out of stock"),
        ("Open external tasks", left.tasks, "out of retries: no worker gets them"),
        ("Incidents", left.incidents, "one for each of those tasks"),
    ):
        table.add_row(what, str(number), why if number else "")
    return table


def facts_table(task: str, facts: list[dict[str, Any]]) -> Table:
    """A task's history, one row per fact."""
    position, time, name = Column("Position", justify="right"), Column("Time", no_wrap=True), Column("Fact", no_wrap=True)
    table = Table(position, time, name, "By", "Data", title=f"All facts about external task {task}", title_justify="left")
    for fact in facts:
        table.add_row(str(fact["position"]), clock(fact["time"]), fact["fact"], fact["actor"] or "", line(fact["data"]))
    return table


def clock(moment: str) -> str:
    """The time of day of an ISO moment, to the millisecond."""
    return moment.partition("T")[2][: len("16:34:42.000")] or moment


def line(data: dict[str, Any]) -> str:
    """A fact's data in one line, without what is empty."""
    return ", ".join(f"{name}={short(value)}" for name, value in data.items() if value not in (None, [], {}))


def short(value: object, most: int = 60) -> str:
    """A value as JSON; a long one is cut."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else text[: most - 1] + "…"
