"""Sends requests, several at a time, to a server that may not live to answer them all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx

from tests.acceptance.faults.outlet import PATIENCE

AT_ONCE = 40


class Caller:
    """A client without any memory; `later` and `at_once` do not wait for one answer before the next request."""

    def __init__(self, base: str, pool: ThreadPoolExecutor) -> None:
        self._http = httpx.Client(base_url=base, timeout=PATIENCE, limits=httpx.Limits(max_connections=AT_ONCE))
        self._pool = pool

    def post(self, path: str, body: Any, command: str | None = None) -> httpx.Response:
        return self._http.post(path, json=body, headers={"Gesta-Command-Id": command} if command else {})

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    def later(self, path: str, body: Any) -> Future[httpx.Response]:
        """Post, and let the answer come when it comes."""
        return self._pool.submit(self.post, path, body)

    def at_once(self, *requests: tuple[Any, ...]) -> list[httpx.Response]:
        """Send all at once: a path alone is read, a path with a body is posted."""
        sent = [self._pool.submit(self.get if len(request) == 1 else self.post, *request) for request in requests]
        return [answer.result() for answer in sent]

    def close(self) -> None:
        self._http.close()


@contextmanager
def caller(base: str) -> Iterator[Caller]:
    """A caller of a server; at the end of the context all of its answers have come."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = Caller(base, pool)
        try:
            yield made
        finally:
            pool.shutdown()
            made.close()
