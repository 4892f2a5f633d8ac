"""A server that is asked to stop (SIGTERM) ends in order, whatever it is doing: exit code 0, and every answer is a whole one."""

from __future__ import annotations

from concurrent.futures import Future
from random import Random
from uuid import uuid4

import httpx

from tests.acceptance.faults.caller import AT_ONCE, Caller, caller
from tests.acceptance.faults.chain import KEY, MODEL
from tests.acceptance.faults.forked_server import ForkedServer
from tests.acceptance.faults.log import Log
from tests.acceptance.shared_server import deploy
from tests.conftest import StartServer

ROUNDS = 5
REJECTED = {"type": "RestException", "message": "Request rejected due to shutdown of application server.", "code": None}
POLL = {"workerId": "w", "maxTasks": 1, "asyncResponseTimeout": 60_000, "topics": [{"topicName": "nothing", "lockDuration": 1000}]}


def test_waiting_polls_are_sent_away(server: StartServer) -> None:
    gesta = server()

    with caller(gesta.base) as client:
        polls = [client.later("/external-task/fetchAndLock", POLL) for _ in range(AT_ONCE // 2)]
        connected(client)
        exit_code = gesta.terminate()

    answers = [poll.result() for poll in polls]
    assert exit_code == 0
    assert [(answer.status_code, answer.json()) for answer in answers] == [(500, REJECTED)] * len(polls)
    assert gesta.complaints == ""


def test_requests_under_way_are_answered_or_not_begun(database: str) -> None:
    draw = Random(7)
    with ForkedServer(database) as server:
        deploy(server.base, MODEL.name, MODEL.content)

    for _ in range(ROUNDS):
        before, commands = instances(database), {str(uuid4()) for _ in range(AT_ONCE)}
        with ForkedServer(database) as server:
            with caller(server.base) as client:
                sent = {command: client.later(f"/process-definition/key/{KEY}/start", {"businessKey": command}) for command in commands}
                sent[draw.choice(sorted(sent))].result()
                server.ask_to_stop()
            answered = {command for command, answer in sent.items() if acknowledged(answer)}

            assert server.stopped() == 0
            assert answered <= instances(database) - before <= commands
            assert server.complaints == ""


def connected(client: Caller) -> None:
    """Come back when the server has read what was sent to it before."""
    for _ in range(AT_ONCE):
        client.get("/version").raise_for_status()


def acknowledged(answer: Future[httpx.Response]) -> bool:
    """Tell whether an instance was started as far as the client knows; an answer that is there is a whole one."""
    if isinstance(answer.exception(), httpx.TransportError):
        return False
    assert answer.result().status_code == 200, answer.result().text
    return True


def instances(database: str) -> set[str]:
    """The business keys of all instances."""
    return {str(fact.business_key) for fact in Log(database).starts()}
