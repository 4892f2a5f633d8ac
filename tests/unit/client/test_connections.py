"""Connections: used again when free, opened when all are busy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gesta_client import Client
from tests.unit.client.builders import run

ANSWER = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n{"version": "7.x"}'


class Socket:
    """A server on a free port that counts its connections and answers when `open` is set."""

    def __init__(self) -> None:
        self.connections = 0
        self.served = 0
        self.open = asyncio.Event()
        self.idle = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Client]:
        """A client of this server."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            async with Client(f"http://127.0.0.1:{port}") as client:
                yield client
            await self.idle.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.idle.clear()
        try:
            await self._answer(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self.served += 1
            if self.served == self.connections:
                self.idle.set()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readline():
            while request not in {b"\r\n", b""}:
                request = await reader.readline()
            await self.open.wait()
            writer.write(ANSWER)


def test_a_free_connection_is_used_again() -> None:
    async def scenario() -> int:
        socket = Socket()
        socket.open.set()
        async with socket.listening() as client:
            answers = [await client.request("GET", "/version") for _ in range(3)]
            assert answers == [{"version": "7.x"}] * 3
        return socket.connections

    assert run(scenario()) == 1


def test_requests_at_a_time_do_not_wait_for_each_other_and_a_cancelled_one_is_no_loss() -> None:
    async def scenario() -> int:
        socket = Socket()
        async with socket.listening() as client:
            requests = [asyncio.create_task(client.request("GET", "/version")) for _ in range(3)]
            while socket.connections < 3:
                await asyncio.sleep(0)
            requests[0].cancel()
            socket.open.set()
            answers = await asyncio.gather(*requests, return_exceptions=True)
            assert isinstance(answers[0], asyncio.CancelledError)
            assert [*answers[1:], await client.request("GET", "/version")] == [{"version": "7.x"}] * 3
        return socket.connections

    assert run(scenario()) <= 4
