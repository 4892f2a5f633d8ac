"""Connections to the server: as many as requests are under way, each used again when it is free."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx

# Seconds. Shorter than servers keep an idle connection (uvicorn: 5), so that none is used just when the server closes it.
IDLE = 3
ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=IDLE)


class Connections(httpx.AsyncBaseTransport):
    """A transport that takes the connection that was used last.

    Each has a pool to itself: a pool looks at all of its connections, with system calls, whenever a request begins or ends, and with
    some dozens of them that costs more than the request.
    """

    def __init__(self) -> None:
        self._verify = httpx.create_ssl_context()
        self._free: list[httpx.AsyncHTTPTransport] = []
        self._all: list[httpx.AsyncHTTPTransport] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its connection is free again when the answer's stream is closed."""
        connection = self._free.pop() if self._free else self._another()
        try:
            response = await connection.handle_async_request(request)
        except BaseException:
            # httpcore has closed what failed or was cancelled; the next request opens it anew.
            self._free.append(connection)
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = Answer(response.stream, lambda: self._free.append(connection))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        self._free.clear()
        for connection in self._all:
            await connection.aclose()

    def _another(self) -> httpx.AsyncHTTPTransport:
        connection = httpx.AsyncHTTPTransport(verify=self._verify, limits=ONE)
        self._all.append(connection)
        return connection


class Answer(httpx.AsyncByteStream):
    """An answer's content that tells once when it is closed."""

    def __init__(self, content: httpx.AsyncByteStream, closed: Callable[[], None]) -> None:
        self._content = content
        self._closed: Callable[[], None] | None = closed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._content:
            yield part

    async def aclose(self) -> None:
        """Close the content."""
        try:
            await self._content.aclose()
        finally:
            closed, self._closed = self._closed, None
            if closed:
                closed()
