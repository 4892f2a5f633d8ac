"""Requests that are too large, or that stop before they are whole."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.settings import MEBIBYTE, Settings
from tests.acceptance.bad_input import wire
from tests.acceptance.bad_input.target import WORKER, Target, refusal
from tests.integration.models import model, scope

LIMIT = Settings().max_body_bytes
TOO_LARGE = (413, "ClientErrorException", f"HTTP 413 Request Entity Too Large: at most {LIMIT} bytes are taken")
PATHS = {"complete": "/engine-rest/external-task/nope/complete", "deployment": "/engine-rest/deployment/create"}
TYPES = {"complete": "application/json", "deployment": "multipart/form-data; boundary=X"}
BEGINNINGS = {
    "complete": b'{"workerId": "owner", "variables": {"v": {"value": "',
    "deployment": b'--X\r\nContent-Disposition: form-data; name="data"; filename="m.bpmn"\r\n\r\n<definitions>',
}


@pytest.mark.parametrize("length", [LIMIT + 1, 100 * MEBIBYTE, 10**18])
@pytest.mark.parametrize("what", PATHS)
def test_a_body_that_says_to_be_too_large_is_refused_before_it_comes(target: Target, what: str, length: int) -> None:
    answer = target.send(wire.head("POST", PATHS[what], f"Content-Type: {TYPES[what]}", f"Content-Length: {length}"))

    assert refusal(answer) == TOO_LARGE


@pytest.mark.parametrize("what", PATHS)
def test_a_body_that_does_not_say_how_large_it_is_is_refused_when_it_is_too_large(target: Target, what: str) -> None:
    head = wire.head("POST", PATHS[what], f"Content-Type: {TYPES[what]}", "Transfer-Encoding: chunked")

    answer = target.send(head, chunked(BEGINNINGS[what]), chunks(100 * MEBIBYTE))

    assert refusal(answer) == TOO_LARGE


def chunked(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def chunks(length: int) -> Iterator[bytes]:
    """A text of that length, made as it is sent."""
    part = chunked(b" " * wire.CHUNK)
    for _ in range(length // wire.CHUNK):
        yield part
    yield chunked(b"")


def test_a_model_that_is_too_large_is_refused_by_name(target: Target) -> None:
    limit = Settings().max_model_bytes

    answer = target.deploy(model("large", scope("start > end")).content + b" " * limit, "large.bpmn")

    status, kind, message = refusal(answer)
    assert (status, kind) == (413, "ClientErrorException")
    assert message.startswith("HTTP 413 Request Entity Too Large: the model 'large.bpmn' has ")
    assert message.endswith(f" bytes, at most {limit} are taken")


@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("what", PATHS)
def test_a_body_that_stops_in_the_middle_does_nothing(target: Target, what: str, framing: str) -> None:
    begun = BEGINNINGS[what] if framing.startswith("Content") else chunked(BEGINNINGS[what])

    connection = wire.connected(target.server.address)
    connection.sendall(wire.head("POST", PATHS[what], f"Content-Type: {TYPES[what]}", framing) + begun)
    connection.close()

    assert httpx.get(f"{target.server.address}/gesta/health").status_code == 200
    assert "Traceback" not in target.server.complaints


@pytest.mark.parametrize("cut", [1, 40, 100])
def test_a_request_that_stops_in_its_head_does_nothing(target: Target, cut: int) -> None:
    whole = wire.request("POST", f"/engine-rest/external-task/{target.task}/complete", b'{"workerId": "%b"}' % WORKER.encode())

    connection = wire.connected(target.server.address)
    connection.sendall(whole[:cut])
    connection.close()

    assert httpx.get(f"{target.server.address}/gesta/health").status_code == 200


@pytest.mark.parametrize(
    "headers", [["X-Long: " + "a" * 70_000], [f"X-{n}: a" for n in range(20_000)], ["Accept: " + "text/html," * 10_000]]
)
def test_headers_that_are_too_long(target: Target, headers: list[str]) -> None:
    answer = target.send(wire.head("GET", "/engine-rest/external-task", *headers))

    assert refusal(answer) == (431, "ClientErrorException", "HTTP 431 Request Header Fields Too Large: at most 65536 bytes are taken")


@pytest.mark.parametrize("path", ["/external-task/" + "a" * 60_000, "/" + "a/" * 25_000, "/external-task;" + "a;" * 25_000 + "/x"])
def test_paths_that_are_long_lead_nowhere(target: Target, path: str) -> None:
    assert refusal(target.ask("GET", path))[0] == 404


def test_a_path_beyond_what_http_is_read_for(target: Target) -> None:
    answer = target.send(wire.head("GET", "/engine-rest/external-task/" + "a" * 1_000_000))

    assert (answer.status, answer.body) == (400, "Invalid HTTP request received.")
