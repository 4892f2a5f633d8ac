"""Commands that a client repeats: sent again under the same id, a command that was carried out answers success once more."""

from __future__ import annotations

from starlette.requests import Request

from api.rest.errors import invalid_request
from domain.ids import is_id

HEADER = "gesta-command-id"


def command_id_of(request: Request) -> str | None:
    """The id that the client gave its command: a UUID, new for every command and the same when it is sent again."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    command_id = given.strip().lower()
    if not is_id(command_id):
        raise invalid_request(f"The header Gesta-Command-Id has the value '{given}'; allowed is a UUID")
    return command_id
