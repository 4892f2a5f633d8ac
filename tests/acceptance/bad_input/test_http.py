"""HTTP that proxies and servers may read differently: it is refused, or read in one way only."""

from __future__ import annotations

import pytest

from tests.acceptance.bad_input import wire
from tests.acceptance.bad_input.target import Target, refusal
from tests.acceptance.bad_input.wire import head

POST = ("POST", "/engine-rest/external-task/nope/complete", "Content-Type: application/json")
GET = ("GET", "/engine-rest/version")
CHUNKED = b'14\r\n{"workerId":"owner"}\r\n0\r\n\r\n'
BODY = b'{"workerId":"owner"}'

REFUSED = {
    "length and chunks": head(*POST, "Content-Length: 20", "Transfer-Encoding: chunked") + CHUNKED,
    "chunks and length": head(*POST, "Transfer-Encoding: chunked", "Content-Length: 20") + CHUNKED,
    "two lengths": head(*POST, "Content-Length: 20", "Content-Length: 2") + BODY,
    "the same length twice": head(*POST, "Content-Length: 20", "Content-Length: 20") + BODY,
    "a list of lengths": head(*POST, "Content-Length: 20, 20") + BODY,
    "a negative length": head(*POST, "Content-Length: -20") + BODY,
    "a signed length": head(*POST, "Content-Length: +20") + BODY,
    "no length": head(*POST, "Content-Length: ") + BODY,
    "a length of many digits": head(*POST, f"Content-Length: {'9' * 50}") + BODY,
    "chunked is not the last coding": head(*POST, "Transfer-Encoding: chunked, identity") + CHUNKED,
    "not quite chunked": head(*POST, "Transfer-Encoding: xchunked") + CHUNKED,
    "a coding alone": head(*POST, "Transfer-Encoding: gzip") + CHUNKED,
    "a blank before the colon": head(*POST, "Transfer-Encoding : chunked") + CHUNKED,
    "chunked twice": head(*POST, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + CHUNKED,
    "a negative chunk": head(*POST, "Transfer-Encoding: chunked") + b"-14\r\n" + CHUNKED,
    "a hexadecimal prefix": head(*POST, "Transfer-Encoding: chunked") + b"0x14\r\n" + CHUNKED,
    "a chunk of many digits": head(*POST, "Transfer-Encoding: chunked") + b"F" * 30 + b"\r\n" + CHUNKED,
    "a length behind the chunks": head(*POST, "Transfer-Encoding: chunked") + CHUNKED[:-2] + b"Content-Length: 3\r\n\r\n",
    "line feeds alone": b"GET /engine-rest/version HTTP/1.1\nHost: gesta\n\n",
    "a folded header": head(*GET, "X-A: b\r\n c"),
    "NUL in a header": head(*GET, "X-A: b\0c"),
    "a return in a header": head(*GET, "X-A: b\rc"),
    "a header without a colon": head(*GET, "X-A"),
    "a header without a name": head(*GET, ": b"),
    "NUL in the path": head("GET", "/engine-rest/\0version"),
    "bytes in the path": head("GET", "/engine-rest/\xc3\xa4"),
    "a blank in the path": head("GET", "/engine-rest/a b"),
    "no path": head("GET", ""),
    "a small verb": head("get", "/engine-rest/version"),
    "no verb of HTTP": head("FETCH", "/engine-rest/version"),
    "a tunnel": head("CONNECT", "elsewhere:80"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/3.7": b"GET /engine-rest/version HTTP/3.7\r\nHost: gesta\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "something else": b"\r\n\r\nhello\r\n\r\n",
}


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_what_is_no_http_is_refused(target: Target, sent: bytes) -> None:
    answer = target.send(sent)

    assert (answer.status, answer.body, answer.headers["connection"]) == (400, "Invalid HTTP request received.", "close")


READ = {
    "a tab before the coding": head(*POST, "Transfer-Encoding:\tchunked") + b'14\r\n{"workerId":"owner"}\r\n0\r\n\r\n',
    "an extension of a chunk": head(*POST, "Transfer-Encoding: chunked") + b'14;a="b"\r\n{"workerId":"owner"}\r\n0\r\n\r\n',
    "a trailer that says otherwise": head(*POST, "Transfer-Encoding: chunked")
    + b'14\r\n{"workerId":"owner"}\r\n0\r\nContent-Type: text/plain\r\n\r\n',
    "leading zeros": head(*POST, "Content-Length: 00020") + BODY,
    "an unknown expectation": head(*POST, "Content-Length: 20", "Expect: 200-ok") + BODY,
    "two hosts": head(*POST, "Content-Length: 20", "Host: elsewhere") + BODY,
    "another host's address": head("POST", "http://elsewhere/engine-rest/external-task/nope/complete", *POST[2:], "Content-Length: 20")
    + BODY,
}


@pytest.mark.parametrize("sent", READ.values(), ids=READ)
def test_what_is_odd_is_read_in_one_way(target: Target, sent: bytes) -> None:
    assert refusal(target.send(sent)) == (404, "RestException", "External task with id nope does not exist")


@pytest.mark.parametrize("verb", ["TRACE", "OPTIONS", "PATCH", "PUT", "DELETE", "POST", "PROPFIND", "SUBSCRIBE"])
def test_other_verbs(target: Target, verb: str) -> None:
    answer = target.send(wire.request(verb, "/engine-rest/version"))

    assert refusal(answer) == (405, "NotAllowedException", "HTTP 405 Method Not Allowed")


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "TLS/1.2"])
def test_upgrades_are_passed_over(target: Target, upgrade: str) -> None:
    answer = target.send(head(*GET, "Connection: Upgrade", f"Upgrade: {upgrade}", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"))

    assert (answer.status, answer.body) == (200, {"version": "7.24.0"})


def test_what_follows_a_request_is_the_next_request(target: Target) -> None:
    smuggled = head("GET", "/engine-rest/external-task/smuggled")
    with wire.connected(target.server.address) as connection, connection.makefile("rb") as content:
        connection.sendall(wire.request("POST", POST[1], BODY) + smuggled)
        answers = [wire.received(content) for _ in range(2)]

    assert [refusal(answer)[2] for answer in answers if answer] == [
        "External task with id nope does not exist",
        "External task with id smuggled does not exist",
    ]


@pytest.mark.parametrize("accept", [";;;,,,;q=0", "application/json;q=0", "text/html", '"', "application/xml, text/*;q=1"])
def test_a_client_that_accepts_no_json(target: Target, accept: str) -> None:
    answer = target.send(head(*GET, f"Accept: {accept}"))

    assert refusal(answer) == (406, "NotAcceptableException", "HTTP 406 Not Acceptable")
