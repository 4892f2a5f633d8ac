"""What a benchmark prints: one aligned table of figures, with ratios and targets where there are any."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.table import Table

WIDTH = 118


class Report:
    """Collects rows and prints them at the end of its context, also of one that fails."""

    def __init__(self, title: str, note: str = "") -> None:
        self._table = Table(title=title, title_justify="left", title_style="bold", caption=note or None, caption_justify="left", box=None)
        self._table.add_column("what", min_width=56)
        for name in ("figure", "unit", "ratio", "target"):
            self._table.add_column(name, justify="right" if name in ("figure", "ratio") else "left", no_wrap=True)

    def __enter__(self) -> Report:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        show(self._table)

    def add(self, what: str, figure: float, unit: str, *, ratio: float | None = None, target: str = "") -> None:
        """Add a figure; `ratio` is to what the row or the title names, `target` what the figure or the ratio should be."""
        self._table.add_row(what, number(figure), unit, "" if ratio is None else f"{ratio:.2f} x", target)

    def say(self, what: str) -> None:
        """Add a line without a figure."""
        self._table.add_row(what)


def show(printed: Table | str) -> None:
    """Print to the terminal, or as wide as a table needs where there is none."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False, markup=False)
    console.print()
    console.print(printed, soft_wrap=isinstance(printed, str))


def number(figure: float) -> str:
    """Three digits that count, or all before the point; thousands apart."""
    digits = 0 if abs(figure) >= 100 or figure == int(figure) else 1 if abs(figure) >= 10 else 2
    return f"{figure:,.{digits}f}"
