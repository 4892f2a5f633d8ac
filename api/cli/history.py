"""`gesta history`: everything that happened in a process instance, or to an external task."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from api.cli.fact_table import fact_table
from api.cli.ids import require_id
from api.cli.options import AsJson, Url
from api.cli.refusal import CommandRefused
from api.cli.remote import Remote, ServerRefused
from api.cli.screen import console

KINDS = {"process-instance": "process instance", "external-task": "external task"}
"""What has facts to be asked for: the resource, and the word for it."""


def history(
    id: Annotated[str, typer.Argument(metavar="INSTANCE_OR_TASK", help="Id of a process instance or of an external task.")],
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """List all facts of a process instance or an external task, ended or not, in order; consequences are indented under their cause."""
    require_id(id)
    with Remote(url) as remote:
        kind, facts = find(remote, id)
    if as_json:
        print(json.dumps(facts, indent=2))
    else:
        screen = console()
        screen.print(fact_table(facts, screen.width, f"All facts of {kind} {id}"))


def find(remote: Remote, id: str) -> tuple[str, list[dict[str, Any]]]:
    """What the id names, and its facts. Raise CommandRefused when it names nothing that has any."""
    for resource, kind in KINDS.items():
        try:
            return kind, remote.get_gesta(resource, id, "facts")
        except ServerRefused as refused:
            if refused.status != 404:
                raise
    raise CommandRefused(f"'{id}' is neither a process instance nor an external task that the server at {remote.base} has facts of")
