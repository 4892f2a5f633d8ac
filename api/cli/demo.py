"""`gesta demo`: see it work, end to end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from api.cli.refusal import CommandRefused


def demo(
    instances: Annotated[int, typer.Option(min=1, help="How many process instances to start.")] = 200,
    url: Annotated[str | None, typer.Option(help="A running server's REST API; none: a server of its own, removed afterwards.")] = None,
) -> None:
    """Start orders, drive them with workers over HTTP, and show what is left, a task's history and the rates."""
    # The workers' exceptions are part of the demonstration: they are counted, not logged.
    logging.getLogger("gesta_client").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, leave)
    with told_in_a_line():
        show(instances, url, Console(markup=False))


def show(instances: int, url: str | None, console: Console) -> None:
    """Run the demonstration against the server at `url`, or one of its own."""
    # Imported here: the other commands start faster, and need no worker client.
    from api.demo.demonstration import demonstrate
    from api.demo.own_server import own_server

    if url is not None:
        asyncio.run(demonstrate(url, instances, console))
        return
    console.print("Starting a gesta server on an empty database ...")
    with own_server() as address:
        asyncio.run(demonstrate(address, instances, console))


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Turn what goes wrong into a CommandRefused; of several errors at a time the first is told."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "gesta_client":
            raise
        raise CommandRefused("gesta demo needs the worker client: pip install gesta-client") from error
    except Exception as error:
        if message := known(error):
            raise CommandRefused(f"the demo failed: {message}") from error
        raise


def known(error: BaseException) -> str | None:
    """What to tell about an error of the demonstration or its client; None for another one, which is a bug and needs its traceback."""
    from api.demo.refusal import DemoFailed
    from gesta_client import ClientError

    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) if isinstance(error, DemoFailed | ClientError) else None


def leave(number: int, frame: FrameType | None) -> None:
    """End as at Ctrl-C, which asyncio knows to do in order: what was started is stopped."""
    signal.raise_signal(signal.SIGINT)
