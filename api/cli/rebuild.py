"""`gesta rebuild`: make models of history again from the facts, while the server runs."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.cli.database import opened_database
from api.cli.refusal import CommandRefused
from api.engine.store import connect
from api.rebuilding import Rebuilder, RebuildRefused
from api.settings import load_settings
from projections.database import check_schema
from projections.history.changes import HISTORY_MODELS, Models

NAMES = {model.name: model for model in HISTORY_MODELS}


def rebuild(
    models: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...", help=f"Of {', '.join(NAMES)}.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Rebuild every model of history.")] = False,
) -> None:
    """Make models of history again from the facts, and put them in place of the live ones; servers may run meanwhile."""
    chosen = chosen_models(models or [], all_)
    with opened_database(load_settings()) as conninfo:
        check_schema(conninfo)
        began = time.monotonic()
        facts = asyncio.run(rebuilt(conninfo, chosen))
        seconds = time.monotonic() - began
    names = ", ".join(model.name for model in chosen)
    print(f"{names} rebuilt from {facts} facts in {seconds:.1f} s ({round(facts / seconds)} facts/s)")


def chosen_models(names: list[str], every: bool) -> Models:
    """The models of these names, or all."""
    if bool(names) == every:
        raise CommandRefused(f"rebuild takes the names of models, or --all; there are {', '.join(NAMES)}")
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise CommandRefused(f"there is no model '{unknown[0]}'; there are {', '.join(NAMES)}")
    return HISTORY_MODELS if every else [NAMES[name] for name in dict.fromkeys(names)]


async def rebuilt(conninfo: str, models: Models) -> int:
    """Rebuild with a progress bar; how many facts the log had."""
    async with await connect(conninfo, "rebuild") as connection, await connect(conninfo, "rebuild reads") as reads:
        with progress_bar() as bar:
            task = bar.add_task("facts", total=None)
            try:
                return await Rebuilder(connection, reads, models).rebuild(lambda done, of: bar.update(task, completed=done, total=of))
            except RebuildRefused as refusal:
                raise CommandRefused(str(refusal)) from refusal


def progress_bar() -> Progress:
    """The bar of a long rebuild; not shown where nobody would see it move."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
