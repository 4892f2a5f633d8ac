"""Statements sent together: each prepared once, all of them one flight to PostgreSQL and back, one transaction where none has begun before.

psycopg's own pipeline waits for the socket after every statement, and each of its cursors learns its parameters' types anew: a third
of the hot path's time. Types, conversions, errors and waiting stay psycopg's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import count
from typing import Any, NamedTuple, TypeAlias

from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

from api.engine.sending import HEAVY, sent_at_once_if

Row: TypeAlias = tuple[Any, ...]
Parameters: TypeAlias = Sequence[object] | Mapping[str, object]
Command: TypeAlias = Callable[[], None]
Prepared: TypeAlias = tuple[bytes, Sequence[int]]
"""A statement's text and the types of its parameters."""


class Written(NamedTuple):
    """A statement and its parameters, ready for PostgreSQL."""

    prepared: Prepared
    """What has to be prepared."""
    send: Callable[[bytes], Command]
    """What sends it under the name that it is prepared under."""
    size: int
    """Bytes of the parameters."""


_PLACEHOLDER = re.compile(r"%(?:%|(?:\((\w+)\))?([sb]))")


class EngineConnection(AsyncConnection[Row]):
    """A connection of the engine's own, which can send statements together beside what psycopg's connections do."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.prepare_threshold = None  # After a rollback psycopg deallocates all that is prepared, not only what it has prepared itself.
        self._names: dict[Prepared, bytes] = {}
        """Of statements that the server has prepared."""
        self._numbers = count(1)
        self._given, self._taken = Transformer(self), Transformer(self)

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run one statement and return its rows."""
        flight = Flight(self)
        flight.add(sql, parameters)
        [rows] = await flight.rows()
        return rows

    def written(self, sql: str, parameters: Parameters) -> Written:
        """Write a statement's parameters out."""
        statement = translated(sql)
        values = self._given.dump_sequence(statement.ordered(parameters), statement.formats)
        formats, send = self._given.formats, self.pgconn.send_query_prepared
        prepared = statement.text, tuple(self._given.types or ())
        size = sum(len(value) for value in values if value is not None)
        return Written(prepared, lambda name: partial(send, name, values, formats, Format.BINARY), size)

    def name_of(self, prepared: Prepared) -> bytes | None:
        """The name under which the server has prepared a statement."""
        return self._names.get(prepared)

    def new_name(self) -> bytes:
        return b"gesta_%d" % next(self._numbers)

    def knows(self, prepared: Prepared, name: bytes) -> None:
        """The server has prepared a statement."""
        self._names[prepared] = name

    def read(self, result: PGresult) -> list[Row]:
        """Read a result's rows."""
        self._taken.set_pgresult(result)
        return self._taken.load_rows(0, result.ntuples, tuple)


class Flight:
    """Statements that are sent together."""

    def __init__(self, connection: EngineConnection) -> None:
        self._connection = connection
        self._commands: list[Command] = []
        self._reads: list[int] = []
        """Which commands' results are wanted."""
        self._new: dict[Prepared, tuple[bytes, int]] = {}
        """What is prepared on the way: under which name, and by which command."""
        self._size = 0

    def add(self, sql: str, parameters: Parameters) -> None:
        """Add a statement; its parameters are written out at once."""
        prepared, send, size = self._connection.written(sql, parameters)
        self._size += size
        name = self._connection.name_of(prepared) or self._prepare(prepared)
        self._reads.append(len(self._commands))
        self._commands.append(send(name))

    def _prepare(self, prepared: Prepared) -> bytes:
        """The name of a statement that is prepared on the way, once."""
        if prepared not in self._new:
            name = self._connection.new_name()
            self._new[prepared] = name, len(self._commands)
            self._commands.append(partial(self._connection.pgconn.send_prepare, name, *prepared))
        return self._new[prepared][0]

    async def rows(self) -> list[list[Row]]:
        """Send them and return the rows of each. Raises what psycopg raises; all or none of them stand then, none if PostgreSQL refused."""
        results = await self._results()
        for prepared, (name, place) in self._new.items():
            if results[place].status == ExecStatus.COMMAND_OK:
                self._connection.knows(prepared, name)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result)
        return [self._connection.read(results[place]) for place in self._reads]

    async def _results(self) -> list[PGresult]:
        """Send them. A connection whose answers were not waited for is closed."""
        pgconn = self._connection.pgconn
        try:
            pgconn.enter_pipeline_mode()
            with sent_at_once_if(self._size > HEAVY, self._connection):
                results = await self._connection.wait(_exchanged(pgconn, self._commands))
            pgconn.exit_pipeline_mode()
        except BaseException:
            pgconn.finish()
            raise
        return results


def _exchanged(pgconn: PGconn, commands: Sequence[Command]) -> PQGen[list[PGresult]]:
    """Send commands, and take one result for each. Raises psycopg.OperationalError when the connection breaks."""
    for command in commands:
        command()
    pgconn.pipeline_sync()
    results: list[PGresult] = []
    while True:
        unsent = pgconn.flush()
        ready = yield Wait.RW if unsent else Wait.R
        if ready & Ready.R:
            pgconn.consume_input()
            if _taken(pgconn, results):
                return results


def _taken(pgconn: PGconn, results: list[PGresult]) -> bool:
    """Take the results that have come; true when there are no more to come."""
    ended = False
    while not pgconn.is_busy():
        result = pgconn.get_result()
        if result is None and ended:
            return False
        ended = result is None
        if result is not None:
            if result.status == ExecStatus.PIPELINE_SYNC:
                return True
            results.append(result)
    return False


class Translated(NamedTuple):
    """A statement as PostgreSQL itself takes it."""

    text: bytes
    formats: Sequence[PyFormat]
    """That its parameters are wanted in."""
    names: Sequence[str]
    """Of its parameters, if they have any."""

    def ordered(self, parameters: Parameters) -> Sequence[object]:
        return [parameters[name] for name in self.names] if isinstance(parameters, Mapping) else parameters


@lru_cache(maxsize=1000)
def translated(sql: str) -> Translated:
    """Turn psycopg's placeholders into PostgreSQL's."""
    formats: list[PyFormat] = []
    names: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        name, form = found.groups()
        if form is None:
            return "%"
        if name in names:
            return f"${names.index(name) + 1}"
        if name is not None:
            names.append(name)
        formats.append(PyFormat.BINARY if form == "b" else PyFormat.AUTO)
        return f"${len(formats)}"

    return Translated(_PLACEHOLDER.sub(numbered, sql).encode(), formats, names)
