"""The command line `gesta`: one file per command. A new command is a file here and a line in COMMANDS.

Each entry names the command and the module below this package whose function of the same name runs it (`settings` →
`api.cli.settings.settings`); modules are imported only when the command line is built, not when this package is.
"""

from __future__ import annotations

import importlib
import sys

import psycopg
import typer

from api.cli.refusal import CommandRefused
from api.embedded import EmbeddedRefused
from api.settings import SettingsRefused
from projections.database import DatabaseRefused

COMMANDS = (
    "demo",
    "deploy",
    "history",
    "rebuild",
    "replay",
    "serve",
    "settings",
    "start",
    "tasks",
    "version",
)


REFUSALS = (CommandRefused, SettingsRefused, EmbeddedRefused, DatabaseRefused)


def command_line() -> typer.Typer:
    """Build the command line."""
    line = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="gesta: a BPMN engine that keeps every fact.")
    line.callback()(gesta)
    for name in COMMANDS:
        line.command(name)(getattr(importlib.import_module(f"api.cli.{name}"), name))
    return line


def gesta() -> None:
    """A BPMN engine that keeps every fact, and speaks Camunda 7's external-task REST API."""


def main() -> None:
    """Run the command line; what is refused is told in one line, with exit code 1."""
    try:
        command_line()()
    except REFUSALS as refusal:
        complain(str(refusal))
    except psycopg.OperationalError as error:
        complain(f"the database does not answer: {' '.join(str(error).split())} (GESTA_DATABASE_URL)")


def complain(message: str) -> None:
    """Say on stderr why nothing was done, and end."""
    print(f"gesta: {message}", file=sys.stderr)
    sys.exit(1)
