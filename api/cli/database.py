"""The database that a command reads directly: the one that is set, or the embedded one, of a server that runs or for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.embedded import EmbeddedPostgres
from api.settings import Settings


@contextmanager
def opened_database(settings: Settings) -> Iterator[str]:
    """Return a connection string that is good inside the context."""
    if settings.database_url:
        yield settings.database_url
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    running = embedded.running_elsewhere()
    if running is not None:
        yield running
        return
    with embedded:
        yield embedded.conninfo()
