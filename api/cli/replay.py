"""`gesta replay`: decide every recorded cause again and compare, fact by fact."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.database import opened_database
from api.cli.refusal import CommandRefused
from api.replaying import Replayer
from api.settings import load_settings
from domain.ids import is_id
from domain.replay import Difference
from projections.database import check_schema


def replay(
    instance: Annotated[str | None, typer.Argument(help="Id of a process instance, or of anything inside it.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Replay every recorded instance.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Decide every recorded cause again; exit code 1 when a consequence differs from what was recorded."""
    if (instance is None) != all_:
        raise CommandRefused("replay takes the id of one instance, or --all")
    if instance is not None and not is_id(instance):
        raise CommandRefused(f"'{instance}' is no id: a process instance's id looks like 0192e1c2-5b7a-7c3e-8f00-1a2b30000000")
    with opened_database(load_settings()) as conninfo:
        check_schema(conninfo)
        summary = asyncio.run(replayed(conninfo, instance, quiet=as_json))
    tell(summary, as_json)
    if summary["differences"]:
        sys.exit(1)


async def replayed(conninfo: str, instance: str | None, quiet: bool) -> dict[str, Any]:
    """Replay one instance or all, with a progress bar; return counts, rate and differences."""
    began = time.monotonic()
    instances, facts, differences = 0, 0, list[Difference]()
    async with await connect(conninfo) as streaming, await connect(conninfo) as reads:
        replayer = Replayer(streaming, reads)
        with progress_bar(quiet) as bar:
            if instance is not None:
                found = await replayer.instance(instance)
                if found is None:
                    raise CommandRefused(f"no process instance '{instance}' is recorded in this database")
                instances, facts, differences = 1, found.facts, list(found.differences)
            else:
                total = await (await reads.execute("SELECT count(*) FROM stored_events")).fetchone()
                task = bar.add_task("facts", total=total[0] if total else None)
                async for found in replayer.everything():
                    instances, facts = instances + 1, facts + found.facts
                    differences += found.differences
                    bar.update(task, completed=facts)
    seconds = time.monotonic() - began
    rate = round(facts / seconds) if seconds else 0
    return {"instances": instances, "facts": facts, "factsPerSecond": rate, "differences": [described(d) for d in differences]}


async def connect(conninfo: str) -> psycopg.AsyncConnection[Any]:
    """A connection that only reads."""
    return await psycopg.AsyncConnection.connect(conninfo, autocommit=True, application_name="gesta replay")


def progress_bar(quiet: bool) -> Progress:
    """The bar of a long replay; not shown where a program reads."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True)


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
