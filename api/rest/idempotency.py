"""Commands that a client repeats: sent again under the same id, a command that was carried out answers success once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from api.rest.errors import invalid_request
from domain.ids import is_id

HEADER = "gesta-command-id"
HEADER_PARAMETER: Mapping[str, Any] = {
    "name": "Gesta-Command-Id",
    "in": "header",
    "required": False,
    "description": "A UUID: the command is carried out once, however often it is sent under it. Under another command's id it is refused",
    "schema": {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"},
    "example": "0192e1c2-5b7a-7c3e-8f00-1a2b4c5d6e7f",
}
"""In the API's description."""


def command_id_of(request: Request) -> str | None:
    """The id that the client gave its command: a UUID, new for every command and the same when it is sent again."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    command_id = given.strip().lower()
    if not is_id(command_id):
        raise invalid_request(f"The header Gesta-Command-Id has the value '{given}'; allowed is a UUID")
    return command_id
