"""Rows of a read as JSON objects: a read model's columns stand in the order of the answer's fields, dates among them in epoch ms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from api.rest.answers import JsonResponse
from api.rest.dates import format_optional_date
from api.rest.json_body import JsonAnswer

RowWriter: TypeAlias = Callable[[Sequence[Any]], dict[str, Any]]


_AT_ONCE = 500
"""So many rows are written before anybody else waits long."""


def row_writer(model: type[JsonAnswer], *dates: str) -> RowWriter:
    """Return what writes a row as `model` has it; `dates` are the names, on the wire, of the fields that are dates."""
    names = tuple(field.alias or name for name, field in model.model_fields.items())

    def write(row: Sequence[Any]) -> dict[str, Any]:
        written = dict(zip(names, row, strict=True))
        for date in dates:
            written[date] = format_optional_date(written[date])
        return written

    return write


async def list_answer(rows: Sequence[Sequence[Any]], write: RowWriter) -> JsonResponse:
    """A list of rows; a long one is written in a thread, so that others are served meanwhile."""
    if len(rows) <= _AT_ONCE:
        return _list(rows, write)
    return await asyncio.to_thread(_list, rows, write)


def _list(rows: Sequence[Sequence[Any]], write: RowWriter) -> JsonResponse:
    return JsonResponse([write(row) for row in rows])
