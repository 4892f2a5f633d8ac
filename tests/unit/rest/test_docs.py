"""The description's pages: whatever a browser loads for them comes from the server itself."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from tests.unit.rest.hot_routes import application

LOADED = re.compile(r'(?:src|href)="([^"]*)"')


@pytest.fixture(scope="module")
def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(application()), base_url="http://gesta.test")


def get(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return asyncio.run(client.get(path))


def test_the_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = get(client, "/docs").text

    assert set(LOADED.findall(page)) == {"/docs/swagger-ui.css", "/docs/favicon.png", "/docs/swagger-ui-bundle.js"}
    assert "://" not in page
    assert "url: '/engine-rest/openapi.json'" in page


@pytest.mark.parametrize(
    ("name", "media_type", "beginning"),
    [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8", b"/*! For license"),
        ("swagger-ui.css", "text/css; charset=utf-8", b".swagger-ui"),
        ("favicon.png", "image/png", b"\x89PNG"),
    ],
)
def test_the_files_of_the_page_are_served(client: httpx.AsyncClient, name: str, media_type: str, beginning: bytes) -> None:
    answer = get(client, f"/docs/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.startswith(beginning)


@pytest.mark.parametrize("name", ["redoc.standalone.js", "..%2F__init__.py", "nothing"])
def test_other_files_are_not_served(client: httpx.AsyncClient, name: str) -> None:
    assert get(client, f"/docs/{name}").status_code == 404


def test_the_document_is_served(client: httpx.AsyncClient) -> None:
    answer = get(client, "/engine-rest/openapi.json")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["info"] == {
        "title": "gesta",
        "version": "7.24.0",
        "description": "BPMN processes for external workers: Camunda 7.24's REST API under `/engine-rest`, "
        "and what Camunda does not have under `/gesta`.",
    }
