"""Clients that send one byte after another, and never hurry: others are served as ever, and they too when they are done."""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing

import httpx

from tests.acceptance.bad_input import wire
from tests.acceptance.faults.chain import KEY
from tests.acceptance.shared_server import lock, post
from tests.server import RunningServer

SLOW = 200


def test_others_are_served_between_any_two_bytes(gesta: RunningServer) -> None:
    """As slowly as bytes may come: whole requests of others lie between them."""
    request = wire.request("POST", f"/engine-rest/process-definition/key/{KEY}/start", b'{"businessKey":"slow"}')

    with closing(wire.connected(gesta.address)) as slow:
        for position in range(len(request)):
            slow.sendall(request[position : position + 1])
            served_between(gesta, position)
        answer = wire.received(slow.makefile("rb"))

    assert answer is not None
    assert (answer.status, answer.body["businessKey"]) == (200, "slow")


def served_between(gesta: RunningServer, position: int) -> None:
    """Another worker's day: start, fetch, complete."""
    if position % 10:
        httpx.get(f"{gesta.address}/gesta/health/live").raise_for_status()
        return
    post(gesta.base, f"/process-definition/key/{KEY}/start", {})
    (task,) = lock(gesta.base, "first", worker="quick")
    post(gesta.base, f"/external-task/{task['id']}/complete", {"workerId": "quick"})


def test_many_requests_that_are_not_finished_hold_nobody_up(gesta: RunningServer) -> None:
    """In the middle of their heads, and in the middle of their bodies."""
    request = wire.request("POST", f"/engine-rest/process-definition/key/{KEY}/start", b'{"businessKey":"many"}')

    with ExitStack() as stack:
        slow = [stack.enter_context(closing(wire.connected(gesta.address))) for _ in range(SLOW)]
        cuts = [1 + number * (len(request) - 2) // SLOW for number in range(SLOW)]
        for connection, cut in zip(slow, cuts, strict=True):
            connection.sendall(request[:cut])
        served_between(gesta, 0)
        for connection, cut in zip(slow, cuts, strict=True):
            connection.sendall(request[cut:])
        answers = [status_of(connection) for connection in slow]

    assert answers == [200] * SLOW


def status_of(connection: socket.socket) -> int | None:
    answer = wire.received(connection.makefile("rb"))
    return None if answer is None else answer.status
