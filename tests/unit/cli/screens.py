"""What a person would see: tables as lines of a screen."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.table import Table


def lines(table: Table, width: int) -> list[str]:
    """A table's lines on a screen of that width, without blanks at their ends."""
    screen = Console(file=StringIO(), width=width, markup=False, highlight=False, emoji=False)
    with screen.capture() as captured:
        screen.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def cells(table: Table, width: int) -> list[list[str]]:
    """The texts of a table's lines below its heading, cell by cell."""
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines(table, width) if line.startswith("│")]
