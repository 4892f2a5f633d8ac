"""A fixed path beats one with a placeholder."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.rest.verbs import guards


async def endpoint(request: Request) -> Response:
    return Response()


def test_guards_stand_where_a_placeholder_would_take_a_fixed_path() -> None:
    router = APIRouter(prefix="/task")
    router.add_api_route("/{id}", endpoint, methods=["GET", "DELETE"])
    router.add_api_route("/count", endpoint, methods=["GET"])
    router.add_api_route("/{id}/variables", endpoint, methods=["GET"])
    routes = [Route("/task/fetch", endpoint, methods=["POST"]), *router.routes]
    found = {route.path: route.methods for route in guards("/root", routes)}
    assert found == {"/root/task/fetch": {"GET", "HEAD", "DELETE"}, "/root/task/count": {"DELETE"}}
