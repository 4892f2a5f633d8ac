"""`gesta serve`: the server, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from api.cli.address import rest_address
from api.cli.refusal import CommandRefused
from api.embedded import EmbeddedPostgres
from api.settings import Settings, load_settings
from projections.database import migrate

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BACKLOG = 2048


def serve() -> None:
    """Run the server; settings come from the environment (see `gesta settings`)."""
    settings = load_settings()
    logging.basicConfig(level=settings.log_level.upper(), format=LOG_FORMAT)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    with bound(settings) as listener, database(settings) as conninfo:
        migrate(conninfo)
        run(settings, conninfo, listener)


def run(settings: Settings, conninfo: str, listener: socket.socket) -> None:
    """Serve HTTP on the listener until a signal comes."""
    # Imported here: the other commands start faster without the whole server.
    from api.app import create_app
    from api.server import Server, allow_many_connections

    allow_many_connections()
    Server(create_app(settings, conninfo), greeting(settings, listener)).run([listener])


def greeting(settings: Settings, listener: socket.socket) -> str:
    """What is said once requests are answered: where, on which data, and how to try it."""
    base = rest_address(settings.host, listener.getsockname()[1])
    data = "your PostgreSQL" if settings.database_url else f"embedded PostgreSQL in {settings.data_dir}"
    return f"gesta is ready at {base} ({data}); Ctrl-C stops it.\nTry it: curl {base}/engine, or, in another terminal: gesta demo"


def leave(number: int, frame: FrameType | None) -> None:
    """End in order at the first signal; further ones do not disturb that."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


@contextmanager
def bound(settings: Settings) -> Iterator[socket.socket]:
    """Hold the port from the start, so that a port in use is told before anything else happens."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(BACKLOG)
        except OSError as error:
            raise CommandRefused(
                f"GESTA_HOST={settings.host} with GESTA_PORT={settings.port} cannot be listened on: {error.strerror or error}. "
                "Another server may use the port; GESTA_PORT=0 takes a free one."
            ) from error
        yield listener


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The database to use: the one that is set, or the embedded one for as long as the server runs."""
    if settings.database_url:
        yield settings.database_url
    else:
        with EmbeddedPostgres(settings.data_dir) as embedded:
            yield embedded.conninfo()
