"""`gesta replay`: decide every recorded cause again and compare, fact by fact."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.database import opened_database
from api.cli.ids import require_id
from api.cli.options import AsJson
from api.cli.refusal import CommandRefused
from api.settings import load_settings
from projections.database import check_schema

if TYPE_CHECKING:
    from api.replay_processes import Counted
    from domain.replay import Difference

LOOK = 0.1
"""Seconds from one look at how far it is to the next."""


def replay(
    instance: Annotated[str | None, typer.Argument(help="Id of a process instance, or of anything inside it.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Replay every recorded instance.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide every recorded cause again; exit code 1 when a consequence differs from what was recorded."""
    if (instance is None) != all_:
        raise CommandRefused("replay takes the id of one instance, or --all")
    if instance is not None:
        require_id(instance)
    # Imported here: the other commands start faster without the engine.
    from api.replaying import ReplayRefused

    with opened_database(load_settings()) as conninfo:
        check_schema(conninfo)
        try:
            summary = asyncio.run(replayed(conninfo, instance, quiet=as_json))
        except ReplayRefused as refusal:
            raise CommandRefused(str(refusal)) from refusal
    tell(summary, as_json)
    if summary["differences"]:
        sys.exit(1)


async def replayed(conninfo: str, instance: str | None, quiet: bool) -> dict[str, Any]:
    """Replay one instance or all; return counts, rate and differences."""
    began = time.monotonic()
    instances, facts, differences = await (everything(conninfo, quiet) if instance is None else one(conninfo, instance))
    seconds = time.monotonic() - began
    rate = round(facts / seconds) if seconds else 0
    return {"instances": instances, "facts": facts, "factsPerSecond": rate, "differences": [described(d) for d in differences]}


async def one(conninfo: str, instance: str) -> Counted:
    """Replay one instance. Raise CommandRefused when nothing of it is recorded."""
    from api.replaying import Replayer, reading

    async with await reading(conninfo) as streaming, await reading(conninfo) as reads:
        found = await Replayer(streaming, reads).instance(instance)
    if found is None:
        raise CommandRefused(f"no process instance '{instance}' is recorded in this database")
    return 1, found.facts, [*found.differences]


async def everything(conninfo: str, quiet: bool) -> Counted:
    """Replay every instance, with a progress bar."""
    from api.replay_processes import Replaying

    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT count(*) FROM stored_events").fetchone()
    total, replaying = row[0] if row else 0, Replaying(conninfo)
    with progress_bar(quiet) as bar:
        task = bar.add_task("facts", total=total)
        running = asyncio.create_task(replaying.run(total))
        while not running.done():
            await asyncio.wait([running], timeout=LOOK)
            bar.update(task, completed=replaying.facts)
    return await running


def progress_bar(quiet: bool) -> Progress:
    """The bar of a long replay; not shown where a program reads, nor where nobody would see it move."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True)


def described(difference: Difference) -> dict[str, Any]:
    """A difference for people and programs."""
    cause = difference.cause
    return {
        "instance": difference.instance_id,
        "cause": type(cause.fact).__name__,
        "position": cause.notification_id,
        "stream": cause.originator_id,
        "version": cause.originator_version,
        "fact": difference.number,
        "expected": difference.expected,
        "got": difference.got,
    }


def tell(summary: dict[str, Any], as_json: bool) -> None:
    """Print what came of it."""
    if as_json:
        print(json.dumps(summary, indent=2))
        return
    for found in summary["differences"]:
        where = f"{found['cause']} at {found['position']} ({found['stream']} version {found['version']})"
        print(f"{where}: fact {found['fact']} differs\n  expected {found['expected']}\n  got      {found['got']}")
    verdict = f"{len(summary['differences'])} differences" if summary["differences"] else "no difference"
    print(f"{summary['instances']} instances, {summary['facts']} facts replayed at {summary['factsPerSecond']} facts/s: {verdict}")
