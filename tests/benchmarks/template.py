"""One real instance, made by the engine and read back from its facts: what the raw-SQL floor and seeded backlogs are cut from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.facts import Recorded
from domain.ids import ordinal_of
from projections.fact_mapper import FactMapper

PREFIX = 29
"""Characters that all ids of one instance begin with (see `domain.ids`)."""


class StoredFact(NamedTuple):
    """A row of the event store without the instance's own id: `ordinal` is its stream's number in the instance."""

    ordinal: int
    version: int
    topic: str
    state: bytes


def stored(records: Sequence[Recorded]) -> list[StoredFact]:
    """Facts as they are stored."""
    mapper = FactMapper()
    rows = [mapper.to_stored_event(record) for record in records]
    return [StoredFact(ordinal_of(str(row.originator_id)), row.originator_version, row.topic, row.state) for row in rows]


def by_command(records: Sequence[Recorded]) -> list[list[StoredFact]]:
    """Cut the log before every cause: what each command has left."""
    groups: list[list[Recorded]] = []
    for record in records:
        if record.fact.is_cause:
            groups.append([])
        groups[-1].append(record)
    return [stored(group) for group in groups]
