"""Links in answers: absolute, from the address that the client used."""

from __future__ import annotations

from starlette.requests import Request

from api.rest.engine_path import ROOT


def link(request: Request, path: str) -> dict[str, str]:
    """A link to a resource of the REST API, under the prefix that the request came by."""
    return {"method": "GET", "href": f"{base_of(request)}{path}", "rel": "self"}


def base_of(request: Request) -> str:
    """The address of the REST API as the client sees it, without a slash at the end."""
    scope = request.scope
    host = request.headers.get("host") or "{}:{}".format(*scope.get("server", ("localhost", 80)))
    return f"{scope['scheme']}://{host}{scope.get('rest_base', ROOT)}"
