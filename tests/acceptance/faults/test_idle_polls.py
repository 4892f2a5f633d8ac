"""2,000 workers that wait for nothing: one more is told so, others are served as ever, and at the end all are sent away."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import httpx
import psutil
import pytest

from api.settings import MEBIBYTE
from tests.acceptance.bad_input import wire
from tests.acceptance.faults.chain import KEY, MODEL
from tests.acceptance.faults.test_stopping import REJECTED
from tests.acceptance.shared_server import deploy, lock, post
from tests.conftest import StartServer
from tests.server import RunningServer

POLLS, TOPICS = 2000, 500
MOST_MEMORY = 120 * MEBIBYTE
FULL = {
    "type": "InvalidRequestException",
    "message": "At the moment the server has to handle too many requests at the same time. Please try again later.",
    "code": None,
}


@pytest.fixture(autouse=True)
def many_connections() -> Iterator[None]:
    """As many file descriptors as the system grants this process."""
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))


def poll(number: int) -> bytes:
    topic = b'{"topicName":"idle-%d","lockDuration":1000}' % (number % TOPICS)
    body = b'{"workerId":"w","maxTasks":1,"asyncResponseTimeout":600000,"topics":[%b]}' % topic
    return wire.request("POST", "/engine-rest/external-task/fetchAndLock", body)


def waiting(gesta: RunningServer) -> int:
    """How many polls wait."""
    return sum(topic["waitingPolls"] for topic in httpx.get(f"{gesta.address}/gesta/topic", timeout=wire.PATIENCE).json())


def test_many_idle_polls(server: StartServer) -> None:
    gesta = server(FETCH_QUEUE_CAPACITY=str(POLLS))
    deploy(gesta.base, MODEL.name, MODEL.content)
    process = psutil.Process(gesta.process.pid)
    before = process.memory_info().rss

    with ExitStack() as stack:
        idle = [polling(stack, gesta, number) for number in range(POLLS)]
        while waiting(gesta) < POLLS:
            pass
        added = process.memory_info().rss - before
        one_more = wire.send(gesta.address, poll(0))
        for _ in range(20):
            work(gesta)
        exit_code = gesta.terminate()
        answers = [wire.received(connection.makefile("rb")) for connection in idle]

    assert one_more is not None
    assert (one_more.status, one_more.body) == (500, FULL)
    assert added < MOST_MEMORY
    assert exit_code == 0
    assert [(answer.status, answer.body) for answer in answers if answer is not None] == [(500, REJECTED)] * POLLS


def polling(stack: ExitStack, gesta: RunningServer, number: int) -> socket.socket:
    connection = stack.enter_context(closing(wire.connected(gesta.address)))
    connection.sendall(poll(number))
    return connection


def work(gesta: RunningServer) -> None:
    """What another worker does meanwhile."""
    post(gesta.base, f"/process-definition/key/{KEY}/start", {})
    (task,) = lock(gesta.base, "first", worker="quick")
    post(gesta.base, f"/external-task/{task['id']}/complete", {"workerId": "quick"})
