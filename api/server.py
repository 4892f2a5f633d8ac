"""The HTTP server: uvicorn on uvloop and httptools, which says when it is ready."""

from __future__ import annotations

import gc
import logging
import socket
import sys
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

if sys.platform != "win32":
    import resource

# Requests that are still under way when the server stops are cut off after this many seconds.
LET_GO_AFTER = 2


# Allocations before a young collection, young before a middle one, middle before a full one. Python's own numbers let full
# collections look through everything that is remembered, tens of milliseconds each, many times a minute under load.
THRESHOLDS = (20_000, 20, 50)


def spare_collections() -> None:
    """Set aside what start-up has made, which stays for good, and collect less often: hardly anything here is cyclic."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def allow_many_connections() -> None:
    """Take as many file descriptors as the system grants: every waiting poll holds one, and a usual limit is 1,024."""
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Server(uvicorn.Server):
    """uvicorn with a greeting on stdout as soon as requests are answered.

    An app may have `state.let_go`, a function that is called when the server begins to stop, to answer waiting long polls.
    """

    def __init__(self, app: ASGIApp, greeting: str) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="on",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=LET_GO_AFTER,
            )
        )
        self._greeting = greeting
        self._let_go: Callable[[], None] = getattr(getattr(app, "state", None), "let_go", lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        spare_collections()
        if self.started:
            print(self._greeting, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: the app first answers whom it keeps waiting, then open connections end, then the app itself."""
        self._let_go()
        await super().shutdown(sockets)
