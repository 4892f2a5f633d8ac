"""A minimal HTTP/1.1 client: one kept connection, one request at a time, as little work per request as Python allows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import msgspec

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"
_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """Answers must tell their length: gesta's do."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._received = b""
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, reason: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(reason or ConnectionResetError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(_END_OF_HEAD)
        if end and len(body) >= length_of(head) and self._answer is not None and not self._answer.done():
            self._received = b""
            self._answer.set_result(Answer(int(head[9:12]), body))

    def close(self) -> None:
        self._transport.close()

    async def get(self, path: str) -> Answer:
        """Ask for something."""
        return await self._ask(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    async def post(self, path: str, body: object) -> Answer:
        """Send a JSON body."""
        content = _encode(body)
        head = f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        return await self._ask(head.encode() + content)

    async def _ask(self, request: bytes) -> Answer:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer


def length_of(head: bytes) -> int:
    """The length of the body behind a head; an answer without a body may leave it out."""
    _, found, rest = head.lower().partition(_LENGTH)
    return int(rest.partition(b"\r\n")[0]) if found else 0


@asynccontextmanager
async def connections(address: str, number: int) -> AsyncIterator[list[Connection]]:
    """Open connections to a server (`http://host:port`), closed at the end."""
    url, loop = urlsplit(address), asyncio.get_running_loop()
    assert url.hostname and url.port
    opened: list[Connection] = []
    try:
        for _ in range(number):
            _, connection = await loop.create_connection(lambda: Connection(url.netloc), url.hostname, url.port)
            opened.append(connection)
        yield opened
    finally:
        for connection in opened:
            connection.close()
