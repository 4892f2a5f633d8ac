"""A wire to PostgreSQL that breaks at the worst moment: the server has committed, and nobody is told. Or it is away altogether."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

SOCKET = ".s.PGSQL.5432"
READY = b"Z\0\0\0\5I"
"""How the server says that a transaction has ended."""
MOST = 1 << 20


class Wire:
    """Passes everything on, but for the answer that `cut_next` describes: its connection is cut instead."""

    def __init__(self, target: Path, folder: Path) -> None:
        self._target = target
        self._socket = folder / SOCKET
        self._connections: set[asyncio.Task[None]] = set()
        self._broken = False
        self.refused = asyncio.Event()
        """Somebody tried to connect while the wire was broken."""
        self.cut_next: tuple[bytes, bytes] | None = None
        """How the connection's name begins, and what the server says of the statement: `INSERT 0 `."""
        self.cuts = 0

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[None]:
        server = await asyncio.start_unix_server(self._connected, self._socket)
        try:
            yield
        finally:
            server.close()
            self.break_down()
            await asyncio.gather(*self._connections, return_exceptions=True)

    def break_down(self) -> None:
        """End all connections and take no more."""
        self._broken = True
        for connection in self._connections:
            connection.cancel()

    def repair(self) -> None:
        self._broken = False

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._broken:
            self.refused.set()
            writer.close()
            return
        connection = asyncio.create_task(self._pass_on(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_unix_connection(self._target)
        greeting = await reader.read(MOST)
        questions.write(greeting)
        forth = asyncio.create_task(self._forth(reader, questions))
        try:
            await self._back(answers, writer, greeting)
        finally:
            forth.cancel()
            writer.close()
            questions.close()
            await asyncio.gather(forth, writer.wait_closed(), questions.wait_closed(), return_exceptions=True)

    async def _back(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter, greeting: bytes) -> None:
        while answer := await answers.read(MOST):
            if self.cut_next and self.cut_next[0] in greeting and self.cut_next[1] in answer and READY in answer:
                self.cut_next, self.cuts = None, self.cuts + 1
                return
            writer.write(answer)

    @staticmethod
    async def _forth(reader: asyncio.StreamReader, questions: asyncio.StreamWriter) -> None:
        while question := await reader.read(MOST):
            questions.write(question)
        questions.close()


@asynccontextmanager
async def wire_to(conninfo: str, folder: Path) -> AsyncIterator[tuple[Wire, str]]:
    """A wire, and how to connect through it."""
    wire = Wire(Path(str(conninfo_to_dict(conninfo)["host"]), SOCKET), folder)
    async with wire.laid():
        yield wire, make_conninfo(conninfo, host=str(folder))
