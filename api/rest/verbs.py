"""Wrong verbs on fixed paths: `GET /external-task/fetchAndLock` is 405, not a task of that id, for a fixed path beats a placeholder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.rest.errors import http_error

VERBS = frozenset(("GET", "POST", "PUT", "DELETE", "PATCH"))


def guards(prefix: str, routes: Iterable[BaseRoute]) -> list[Route]:
    """Return routes that refuse wrong verbs on fixed paths which a placeholder would take; `routes` are all there are, without `prefix`.

    They have to come before the routes with placeholders.
    """
    known = [route for route in routes if isinstance(route, Route)]
    verbs: dict[str, set[str]] = {}
    for route in known:
        if not route.path.endswith("}"):
            verbs.setdefault(route.path, set()).update(route.methods or ())
    wrong = ((path, _taken(path, known) - right) for path, right in verbs.items())
    return [Route(prefix + path, _refuse, methods=sorted(methods), include_in_schema=False) for path, methods in wrong if methods]


def _taken(path: str, routes: Sequence[Route]) -> set[str]:
    """The verbs of routes that end in a placeholder and would take the path."""
    takers = [route for route in routes if route.path.endswith("}") and route.path_regex.match(path)]
    return {method for route in takers for method in route.methods or () if method in VERBS}


async def _refuse(request: Request) -> Response:
    raise http_error(405)
