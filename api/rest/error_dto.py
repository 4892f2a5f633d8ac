"""What every error's body looks like (REST contract §2.1), for the API's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import ConfigDict

from api.rest.json_body import JsonAnswer

Responses: TypeAlias = dict[int | str, dict[str, Any]]


class ExceptionDto(JsonAnswer):
    """`code` is a number only where an engine error is behind it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"type": "RestException", "message": "External task with id 4711 does not exist", "code": 0}]}
    )

    type: str
    message: str | None
    code: int | None


def errors(reasons: Mapping[int | str, str]) -> Responses:
    """Describe error answers: why each status is answered."""
    return {status: {"model": ExceptionDto, "description": reason} for status, reason in reasons.items()}


REFUSED = errors({"default": "The request is refused"})
"""What every route may answer."""
