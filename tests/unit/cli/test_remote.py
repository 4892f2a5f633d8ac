"""A server as commands talk to it: its address, and what its answers mean."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.cli.refusal import CommandRefused
from api.cli.remote import ServerRefused, default_url, read_answer, valid

BASE = "http://gesta.test/engine-rest"


def answer(status: int, **content: Any) -> httpx.Response:
    return httpx.Response(status, request=httpx.Request("GET", f"{BASE}/version"), **content)


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", "8080", "http://127.0.0.1:8080/engine-rest"),
        ("localhost", "9", "http://localhost:9/engine-rest"),
        ("::1", "8080", "http://[::1]:8080/engine-rest"),
        ("0.0.0.0", "8080", "http://127.0.0.1:8080/engine-rest"),
        ("::", "8080", "http://[::1]:8080/engine-rest"),
    ],
)
def test_the_server_is_where_the_settings_let_it_listen(monkeypatch: pytest.MonkeyPatch, host: str, port: str, url: str) -> None:
    monkeypatch.setenv("GESTA_HOST", host)
    monkeypatch.setenv("GESTA_PORT", port)
    monkeypatch.setenv("GESTA_ALLOW_REMOTE", "true")

    assert default_url() == url


def test_any_free_port_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GESTA_PORT", "0")

    with pytest.raises(CommandRefused, match="GESTA_PORT=0 does not tell where the server is"):
        default_url()


@pytest.mark.parametrize(
    "url", ["", "gesta", "127.0.0.1:8080", "ftp://gesta.test", "http://", "http://[::1", "http://gesta.test:x/", "http://:8"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(CommandRefused) as refused:
        valid(url)

    assert str(refused.value) == f"--url '{url}' is no address of a REST API; one is http://127.0.0.1:8080/engine-rest"


def test_an_answer_is_its_json() -> None:
    assert read_answer(answer(200, json=[{"a": 1}]), BASE) == [{"a": 1}]
    assert read_answer(answer(200, json=[]), BASE) == []


def test_a_refusal_is_the_servers_own_words_in_one_line() -> None:
    body = {"type": "ParseException", "message": "Could not parse. Errors: \n* a\n* b", "code": 0, "details": {}}

    with pytest.raises(ServerRefused) as refused:
        read_answer(answer(400, json=body), BASE)

    error = refused.value
    assert (str(error), error.status, error.body) == ("the server refuses: Could not parse. Errors: * a * b", 400, body)


def test_a_refusal_without_words_is_told_by_its_type() -> None:
    with pytest.raises(ServerRefused, match="the server refuses: NullPointerException"):
        read_answer(answer(500, json={"type": "NullPointerException", "message": None, "code": None}), BASE)


@pytest.mark.parametrize(
    "other",
    [
        answer(404, json={"type": "NotFoundException", "message": "HTTP 404 Not Found", "code": None}),
        answer(404, json={"detail": "Not Found"}),
        answer(404, text="<html>"),
        answer(200, text="<html>"),
        answer(302, headers={"location": "http://elsewhere.test/"}),
        answer(500, json=["a"]),
    ],
)
def test_what_no_rest_api_answers_is_told_with_the_address(other: httpx.Response) -> None:
    with pytest.raises(CommandRefused) as refused:
        read_answer(other, BASE)

    told = f"no engine's REST API answers at {BASE}/version ({other.status_code}); the address of one, {BASE} here, ends in /engine-rest"
    assert str(refused.value) == told
