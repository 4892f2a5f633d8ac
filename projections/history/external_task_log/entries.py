"""Ids of log entries: an entry tells of one fact, so that its id is the fact's position in the log, laid out as a UUID (version 8).

The database writes them (`log_entry_id`); here they are read.
"""

from __future__ import annotations

from domain.ids import is_id
from projections.querying import Where

_HEAD = "00000000-0000-8000-8"


def position_of(entry_id: str) -> int | None:
    """Return the position that an id was made of; None when it is no entry's."""
    if not is_id(entry_id) or not entry_id.startswith(_HEAD):
        return None
    return int(entry_id.removeprefix(_HEAD).replace("-", ""), 16)


def entry_is(column: str, where: Where, id: str) -> None:
    """Demand that a column has the position of an entry."""
    where.add(f"{column} = {{}}", position_of(id))
