"""Where the clients reach the server now: it moves when a server is killed and another one started."""

from __future__ import annotations

import threading

import httpx

PATIENCE = 60.0
"""Seconds: a test that hangs fails."""


class Outlet:
    """The address of the server of the moment."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._moved = threading.Condition()

    def move(self, base: str) -> None:
        """Send everybody to another server."""
        with self._moved:
            self.base = base
            self._moved.notify_all()

    def after(self, base: str) -> str:
        """The address of a server other than one that is gone; waits until there is one."""
        with self._moved:
            assert self._moved.wait_for(lambda: self.base != base, PATIENCE), f"nobody followed {base}"
            return self.base


class Line:
    """One client's requests: one that the server did not live to answer goes to its follower."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._http = httpx.Client(timeout=PATIENCE)

    def post(self, path: str, body: object, command: str | None = None) -> tuple[httpx.Response, bool]:
        """Send until there is an answer; and whether it was sent once only."""
        base, once = self._outlet.base, True
        headers = {"Gesta-Command-Id": command} if command else {}
        while True:
            try:
                return self._http.post(base + path, json=body, headers=headers), once
            except httpx.TransportError:
                base, once = self._outlet.after(base), False

    def close(self) -> None:
        self._http.close()
