"""Answers: JSON exactly as `application/json`, and nothing."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

_encode = msgspec.json.Encoder().encode


class JsonResponse(Response):
    """JSON. Not-a-number and the infinities have to be texts already."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return _encode(content)


def no_content() -> Response:
    """A command that has no result succeeded."""
    return Response(status_code=204)


def count(rows: int) -> JsonResponse:
    """How many rows a query finds."""
    return JsonResponse({"count": rows})
