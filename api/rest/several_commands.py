"""Requests that become several commands: the client's id is the request's, each command has one that is made from it."""

from __future__ import annotations

from starlette.requests import Request

from api.rest.hot import engine_of
from api.rest.idempotency import command_id_of
from domain.ids import derived_id


async def claimed_id_of(request: Request, kind: str, asked: object) -> str | None:
    """The id that the client gave the request, for what it asks. Raises CommandIdTaken when another request or command has it."""
    command_id = command_id_of(request)
    if command_id is not None:
        await engine_of(request).claim(command_id, kind, asked)
    return command_id


def id_of_one(claimed_id: str | None, about: str) -> str | None:
    """The id of one of the commands, by what it is about."""
    return None if claimed_id is None else derived_id(claimed_id, about)
