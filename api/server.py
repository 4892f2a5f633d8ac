"""The HTTP server: uvicorn on uvloop and httptools, which says when it is ready."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

# Requests that are still under way when the server stops are cut off after this many seconds.
LET_GO_AFTER = 2


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
                timeout_graceful_shutdown=LET_GO_AFTER,
            )
        )
        self._greeting = greeting
        self._let_go: Callable[[], None] = getattr(getattr(app, "state", None), "let_go", lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            print(self._greeting, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: the app first answers whom it keeps waiting, then open connections end, then the app itself."""
        self._let_go()
        await super().shutdown(sockets)
