"""Facts on the wire: what was recorded, as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from pydantic.alias_generators import to_camel

from api.rest.dates import format_date, format_optional_date
from api.rest.json_body import JsonAnswer
from api.rest.variables import write_variable
from domain.facts import (
    ExternalTaskBpmnErrorRaised,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskLocked,
    ExternalTaskLockExtended,
    Recorded,
)
from domain.values import Value

_BY_WORKERS = (
    ExternalTaskLocked,
    ExternalTaskLockExtended,
    ExternalTaskCompleted,
    ExternalTaskFailed,
    ExternalTaskBpmnErrorRaised,
)
_INSTANTS = frozenset(("lock_until", "due", "follow_up"))


class FactDto(JsonAnswer):
    """Something that happened. `position` is its place in the log of everything, `version` the one in its own stream."""

    position: int
    stream: str
    version: int
    fact: str
    time: str
    actor: str | None
    """Who sent the command; where nobody said so, the worker that the command's cause names; null: not known."""
    command: str
    cause: bool
    """It holds the whole input of a command; the facts after it, until the next cause, are its consequences."""
    data: dict[str, Any]


def workers_of(records: Sequence[Recorded]) -> dict[str, str]:
    """The workers behind commands, by the command's id: a cause that a worker left names it."""
    return {record.envelope.command_id: record.fact.worker_id for record in records if isinstance(record.fact, _BY_WORKERS)}


def write_fact(record: Recorded, workers: Mapping[str, str]) -> dict[str, Any]:
    """A recorded fact as FactDto has it; `workers` as `workers_of` gives them."""
    return {
        "position": record.notification_id,
        "stream": record.originator_id,
        "version": record.originator_version,
        "fact": type(record.fact).__name__,
        "time": format_date(record.envelope.at),
        "actor": record.envelope.actor or workers.get(record.envelope.command_id),
        "command": record.envelope.command_id,
        "cause": record.fact.is_cause,
        "data": _data(record.fact),
    }


def _written(name: str, value: Any) -> Any:
    if name in _INSTANTS:
        return format_optional_date(value)
    if isinstance(value, Value):
        return write_variable(value, deserialize=False)
    if isinstance(value, dict):
        return {key: _written("", item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_written("", item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    return _data(value) if isinstance(value, msgspec.Struct) else value


def _data(struct: msgspec.Struct) -> dict[str, Any]:
    return {to_camel(name): _written(name, getattr(struct, name)) for name in struct.__struct_fields__}
