"""Everything that was recorded, read straight from the event store, to be held against what clients were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeVar

import psycopg

from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCancelled,
    ExternalTaskCompleted,
    Fact,
    ProcessInstanceEnded,
    ProcessInstanceStarted,
    Recorded,
)
from domain.values import Variables
from projections.fact_mapper import FactMapper

ENDINGS = (ExternalTaskCompleted, ExternalTaskBpmnErrorRaised, ExternalTaskCancelled)
F = TypeVar("F", bound=Fact)

# Purpose: the log of everything.
ALL = "SELECT originator_id::text, originator_version, topic, state, notification_id FROM stored_events ORDER BY notification_id"


class Log:
    """The facts of a database, by stream and in order."""

    def __init__(self, conninfo: str) -> None:
        self.streams: dict[str, list[Recorded]] = defaultdict(list)
        mapper = FactMapper()
        with psycopg.connect(conninfo) as connection:
            for row in connection.execute(ALL):
                record = mapper.record(*row)
                self.streams[record.originator_id].append(record)

    def broken_streams(self) -> list[str]:
        """Streams whose versions are not 1, 2, 3 … in the order of the log."""
        return [name for name, records in self.streams.items() if [r.originator_version for r in records] != [*range(1, len(records) + 1)]]

    def streams_after_their_end(self) -> list[str]:
        """Tasks that ended and then went on, or ended again."""
        return [name for name, records in self.streams.items() if any(isinstance(r.fact, ENDINGS) for r in records[:-1])]

    def started(self) -> list[tuple[str, str]]:
        """Commands that started instances, with those."""
        return [(said(fact.variables), stream) for stream, fact in self._all(ProcessInstanceStarted)]

    def starts(self) -> list[ProcessInstanceStarted]:
        """What instances were started with."""
        return [fact for _, fact in self._all(ProcessInstanceStarted)]

    def completed(self) -> list[tuple[str, str]]:
        """Tasks that were completed, with the commands that did it."""
        return [(stream, said(fact.variables)) for stream, fact in self._all(ExternalTaskCompleted)]

    def ended(self) -> list[str]:
        """Instances that ended."""
        return [stream for stream, _ in self._all(ProcessInstanceEnded)]

    def _all(self, kind: type[F]) -> Iterator[tuple[str, F]]:
        for stream, records in self.streams.items():
            for record in records:
                if isinstance(record.fact, kind):
                    yield stream, record.fact


def said(variables: Variables) -> str:
    """The command that a client wrote into the one variable that it sent."""
    (value,) = variables.values()
    return str(value.content)
