"""What commands print for people: tables that fit the screen, and lines that are never broken where a file or a program reads them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

UNBROKEN = 100_000


class Field(NamedTuple):
    """A column, or a line of one. Columns whose fields are all `whole` keep their texts' width; the others make room for them."""

    title: str
    right: bool = False
    whole: bool = False


class Layout(NamedTuple):
    """A table for screens of at least `width` characters; the fields of one column stand below each other."""

    width: int
    columns: tuple[tuple[Field, ...], ...]


def console() -> Console:
    """A console of the screen's width; without a screen, and unless COLUMNS says otherwise, of any width that is needed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    on_screen = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Console(width=None if on_screen else UNBROKEN, markup=False, highlight=False, emoji=False)


def table(layouts: Iterable[Layout], rows: Iterable[Mapping[str, str]], screen: int, title: str | None = None) -> Table:
    """Rows, each a text by a field's title, in the widest layout for a screen of that width."""
    columns = max(layout for layout in layouts if layout.width <= screen).columns
    height = max(len(fields) for fields in columns)
    made = Table(title=title, title_justify="left", show_lines=height > 1)
    for fields in columns:
        heading = "\n".join(field.title for field in fields) + "\n" * (height - len(fields))
        whole = all(field.whole for field in fields)
        made.add_column(heading, justify="right" if fields[0].right else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        made.add_row(*(Text("\n".join(plain(row[field.title]) for field in fields)) for fields in columns))
    return made


def plain(text: str) -> str:
    """A text in one line that does to a terminal nothing but be shown."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
