"""What the demonstration shows: progress while it runs, tables afterwards."""

from __future__ import annotations

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
