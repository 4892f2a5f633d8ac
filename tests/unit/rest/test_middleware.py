"""What holds for every request and answer."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response

from api.rest import errors, middleware
from api.rest.answers import JsonResponse
from api.rest.json_body import read_json
from api.rest.query_params import query_of
from domain.refusals import NotFound


def application() -> FastAPI:
    app = FastAPI(redirect_slashes=False)

    @app.get("/things/{name}")
    async def thing(name: str) -> Response:
        return JsonResponse({"name": name})

    @app.post("/things")
    async def add(request: Request) -> Response:
        return JsonResponse(await read_json(request))

    @app.get("/query")
    async def query(request: Request) -> Response:
        return JsonResponse(query_of(request))

    @app.get("/text")
    async def text() -> Response:
        return Response(b"x", headers={"content-type": "text/plain"})

    @app.get("/crash")
    async def crash() -> Response:
        raise ZeroDivisionError("secret")

    @app.get("/refused")
    async def refused() -> Response:
        raise NotFound("nothing there")

    errors.install(app)
    app.add_middleware(middleware.RestMiddleware, max_body_bytes=1024)
    return app


def send(method: str, path: str, content: bytes | None = None, **headers: str) -> httpx.Response:
    """Send one request to the application in this process."""

    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(app=application())
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://gesta") as client:
            return await client.request(method, path, content=content, headers=named)

    return asyncio.run(exchange())


def test_answers_are_exactly_json_and_not_cached() -> None:
    answer = send("GET", "/things/a")
    assert answer.json() == {"name": "a"}
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/json", "no-cache")


@pytest.mark.parametrize(
    ("path", "name"), [("/things/a/", "a"), ("/things/a;b=c", "a"), ("/things/a%25b", "a%b"), ("/things/%C3%A4;x", "ä")]
)
def test_paths_are_tidied(path: str, name: str) -> None:
    assert send("GET", path).json() == {"name": name}


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/ghost", 404, "NotFoundException"),
        ("GET", "//things/a", 404, "NotFoundException"),
        ("DELETE", "/things/a", 405, "NotAllowedException"),
        ("GET", "/refused", 404, "RestException"),
        ("GET", "/things/%00", 400, "InvalidRequestException"),
        ("GET", "/query?a=%00", 400, "InvalidRequestException"),
    ],
)
def test_errors_have_a_body(method: str, path: str, status: int, kind: str) -> None:
    answer = send(method, path)
    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    assert answer.headers["content-type"] == "application/json"


def test_a_crash_tells_the_log_and_not_the_client(caplog: pytest.LogCaptureFixture) -> None:
    answer = send("GET", "/crash")
    assert (answer.status_code, answer.json()["code"]) == (500, None)
    assert "secret" not in answer.text
    assert "ZeroDivisionError: secret" in caplog.text


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("*/*", 200, "application/json"),
        ("application/*", 200, "application/json"),
        ("text/html, application/json;q=0.5", 200, "application/json"),
        ("application/json; charset=utf-8", 200, "application/json;charset=utf-8"),
        ("text/html", 406, "application/json"),
        ("application/json;q=0", 406, "application/json"),
    ],
)
def test_accept(accept: str, status: int, kind: str) -> None:
    answer = send("GET", "/things/a", accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    if status == 406:
        assert answer.json() == {"type": "NotAcceptableException", "message": "HTTP 406 Not Acceptable", "code": None}


def test_accept_counts_for_texts_too_and_not_for_errors() -> None:
    assert send("GET", "/text", accept="text/plain").text == "x"
    assert send("GET", "/text", accept="application/json").status_code == 406
    assert send("GET", "/ghost", accept="text/html").status_code == 404


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON", "application/json; charset=UTF-8"])
def test_json_bodies(kind: str) -> None:
    assert send("POST", "/things", b'{"a":1}', content_type=kind).json() == {"a": 1}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"", "application/json", 400),
        (b"null", "application/json", 400),
        (b"{", "application/json", 400),
        (b"1" * 1025, "application/json", 413),
    ],
)
def test_refused_bodies(content: bytes, kind: str, status: int) -> None:
    answer = send("POST", "/things", content, content_type=kind)
    assert answer.status_code == status
    assert answer.json()["code"] is None


def test_of_a_repeated_parameter_the_first_counts() -> None:
    assert send("GET", "/query?a=1&a=2&b=&c=%2B+x").json() == {"a": "1", "b": "", "c": "+ x"}
