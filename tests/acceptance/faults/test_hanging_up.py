"""A client that hangs up while it waits for work gets none."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.acceptance.faults.chain import KEY
from tests.acceptance.shared_server import get, lock, post
from tests.server import RunningServer

POLL = {"workerId": "gone", "maxTasks": 9, "asyncResponseTimeout": 60_000, "topics": [{"topicName": "first", "lockDuration": 60_000}]}
CLIENTS = 5


def polling(base: str) -> socket.socket:
    """A client that waits for work."""
    address, body = urlsplit(base), json.dumps(POLL).encode()
    head = f"POST {address.path}/external-task/fetchAndLock HTTP/1.1\r\nHost: gesta\r\nContent-Type: application/json\r\n"
    connection = socket.create_connection((str(address.hostname), address.port or 80))
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def leave(connection: socket.socket) -> None:
    """Go in order."""
    connection.close()


def vanish(connection: socket.socket) -> None:
    """Go as a process that was killed does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("hang_up", [leave, vanish])
def test_nothing_is_locked_for_a_client_that_hung_up(gesta: RunningServer, hang_up: Callable[[socket.socket], None]) -> None:
    waiting = [polling(gesta.base) for _ in range(CLIENTS)]
    await_reading(gesta.address)

    for client in waiting:
        hang_up(client)
    await_reading(gesta.address)
    instance = post(gesta.base, f"/process-definition/key/{KEY}/start", {})["id"]

    task = next(task for task in lock(gesta.base, "first", worker="here", most=99) if task["processInstanceId"] == instance)
    facts = httpx.get(f"{gesta.address}/gesta/external-task/{task['id']}/facts").json()
    assert [(fact["fact"], fact["data"].get("workerId")) for fact in facts] == [
        ("ExternalTaskCreated", None),
        ("ExternalTaskLocked", "here"),
    ]
    assert get(gesta.base, "/external-task/count", workerId="gone") == {"count": 0}


def await_reading(address: str) -> None:
    """Come back when the server has read whatever was sent to it before: it answers later requests after that."""
    for _ in range(CLIENTS):
        httpx.get(f"{address}/gesta/health").raise_for_status()
