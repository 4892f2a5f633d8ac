"""A server that all tests of a module share, and what they deploy on it: each test under names of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from api.embedded import EmbeddedPostgres
from tests.databases import fresh_database
from tests.server import RunningServer, replay_everything


@contextmanager
def shared_server(postgres: EmbeddedPostgres) -> Iterator[RunningServer]:
    """A server on a fresh database; at the end everything that it recorded is replayed."""
    with fresh_database(postgres) as conninfo:
        with RunningServer(conninfo) as server:
            yield server
        replay_everything(conninfo)


def deploy(base: str, name: str, content: bytes, tenant: str | None = None) -> str:
    """Deploy a file; the id of its process definition."""
    form = {} if tenant is None else {"tenant-id": tenant}
    answer = httpx.post(f"{base}/deployment/create", data=form, files={"data": (name, content)}).raise_for_status()
    definition: str
    (definition,) = answer.json()["deployedProcessDefinitions"]
    return definition


def get(base: str, path: str, **params: str) -> Any:
    """Read from the REST API."""
    return httpx.get(f"{base}{path}", params=params).raise_for_status().json()


def post(base: str, path: str, body: Any) -> Any:
    """Send to the REST API; None where the answer has no content."""
    response = httpx.post(f"{base}{path}", json=body).raise_for_status()
    return response.json() if response.content else None


def lock(base: str, topic: str, *, worker: str = "worker", duration: int = 60_000, most: int = 1) -> list[dict[str, Any]]:
    """Lock tasks of a topic."""
    request = {"workerId": worker, "maxTasks": most, "topics": [{"topicName": topic, "lockDuration": duration}]}
    locked: list[dict[str, Any]] = post(base, "/external-task/fetchAndLock", request)
    return locked
