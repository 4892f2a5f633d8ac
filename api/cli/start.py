"""`gesta start`: a process instance, on a running server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.options import AsJson, Tenant, Url
from api.cli.remote import Remote
from api.cli.screen import console, plain
from api.cli.variables import read_variables


def start(
    key: Annotated[str, typer.Argument(help="Key of the process; its latest version is started.")],
    var: Annotated[
        list[str] | None,
        typer.Option("--var", help="A variable: name=value as in JSON, else text; or name:Type=value.", metavar="NAME=VALUE"),
    ] = None,
    business_key: Annotated[str | None, typer.Option(help="The instance's business key.")] = None,
    tenant: Tenant = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Start a process instance."""
    body = {"businessKey": business_key, "variables": read_variables(var or ())}
    of_tenant = () if tenant is None else ("tenant-id", tenant)
    with Remote(url) as remote:
        started = remote.post("process-definition", "key", key, *of_tenant, "start", json=body)
    if as_json:
        print(json.dumps(started, indent=2))
    else:
        console().print(started_table(started))


def started_table(started: Mapping[str, Any]) -> Table:
    """What was started, for a person."""
    made = Table(show_header=False)
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    for title, value in (
        ("Process instance", started["id"]),
        ("Definition", started["definitionId"]),
        ("Business key", started["businessKey"]),
        ("Tenant", started["tenantId"]),
        ("State", "ended" if started["ended"] else "running"),
    ):
        if value is not None:
            made.add_row(title, plain(value))
    return made
