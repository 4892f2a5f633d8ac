"""Commands on external tasks: what is sent, which errors come back, what is repeated."""

from __future__ import annotations

import httpx
import pytest

from gesta_client import (
    BadRequest,
    Client,
    ClientError,
    Conflict,
    ExternalTask,
    ExternalTaskService,
    LockExpired,
    NotFound,
    NotOwner,
    Refused,
    ServerFailure,
    ServerUnavailable,
    Suspended,
)
from tests.unit.client.builders import FakeServer, error_answer, locked_task, run

TASK = ExternalTask.received(locked_task())
WRONG_WORKER = "External Task task-1 cannot be completed by worker 'a'. It is locked by worker 'b'."
CONFLICT = error_answer(500, "ENGINE-03005 Execution of 'UPDATE' failed", "OptimisticLockingException", 1)


def service(server: FakeServer) -> ExternalTaskService:
    return ExternalTaskService(server.client(), "worker-1")


def test_each_command_is_sent_in_the_name_of_the_worker() -> None:
    server = FakeServer()

    async def all_commands() -> None:
        commands = service(server)
        await commands.complete(TASK, {"paid": True}, {"local": None})
        await commands.failure(TASK, "down", details="trace", retries=2, retry_timeout=500)
        await commands.bpmn_error(TASK, "LIMIT", "too much", {"amount": 1})
        await commands.extend_lock("task-2", 1000)
        await commands.unlock("task-2")

    run(all_commands())

    paid = {"value": True, "type": "Boolean", "valueInfo": {}}
    nothing: dict[str, object] = {"value": None, "type": "Null", "valueInfo": {}}
    one = {"value": 1, "type": "Integer", "valueInfo": {}}
    assert server.requests == [
        ("/external-task/task-1/complete", {"workerId": "worker-1", "variables": {"paid": paid}, "localVariables": {"local": nothing}}),
        (
            "/external-task/task-1/failure",
            {
                "workerId": "worker-1",
                "errorMessage": "down",
                "errorDetails": "trace",
                "retries": 2,
                "retryTimeout": 500,
                "variables": {},
            },
        ),
        (
            "/external-task/task-1/bpmnError",
            {"workerId": "worker-1", "errorCode": "LIMIT", "errorMessage": "too much", "variables": {"amount": one}},
        ),
        ("/external-task/task-2/extendLock", {"workerId": "worker-1", "newDuration": 1000}),
        ("/external-task/task-2/unlock", {}),
    ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (error_answer(404, "External task with id task-1 does not exist"), NotFound),
        (error_answer(400, WRONG_WORKER), NotOwner),
        (error_answer(400, "Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to 5"), LockExpired),
        (error_answer(400, "ENGINE-03043 ExternalTask with id 'task-1' is suspended."), Suspended),
        (error_answer(400, "Unsupported value type 'X'"), BadRequest),
        (error_answer(500, "Unknown property used in expression: ${x}", "ProcessEngineException"), ServerFailure),
        (httpx.Response(502, text="<html>bad gateway</html>"), ServerUnavailable),
        (httpx.Response(301, headers={"location": "http://elsewhere.test/"}), BadRequest),
        (httpx.Response(200, text="<html>welcome</html>"), ServerFailure),
        (httpx.ReadTimeout("too slow"), ServerUnavailable),
    ],
)
def test_every_wrong_answer_has_its_error_and_is_not_repeated(answer: httpx.Response | Exception, error: type[ClientError]) -> None:
    server = FakeServer(commands=[answer])

    with pytest.raises(error) as raised:
        run(service(server).complete(TASK))

    assert type(raised.value) is error
    assert len(server.requests) == 1


def test_an_error_tells_what_the_server_said() -> None:
    server = FakeServer(commands=[error_answer(400, WRONG_WORKER)])

    with pytest.raises(Refused) as raised:
        run(service(server).complete(TASK))

    error = raised.value
    assert (str(error), error.status, error.type, error.code) == (WRONG_WORKER, 400, "RestException", 0)


@pytest.mark.parametrize("answer", [httpx.ConnectError("refused"), httpx.Response(503), CONFLICT])
def test_a_command_without_effect_is_repeated(answer: httpx.Response | Exception) -> None:
    server = FakeServer(commands=[answer, answer])

    run(service(server).complete(TASK))

    assert len(server.bodies("/complete")) == 3


@pytest.mark.parametrize("address", ["", "engine-rest", "ftp://engine.test", "http://", "http://[::1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is no address of a server"):
        Client(address)


def test_a_repetition_has_an_end() -> None:
    server = FakeServer(commands=[CONFLICT, CONFLICT, CONFLICT])

    with pytest.raises(Conflict):
        run(service(server).complete(TASK))

    assert len(server.bodies("/complete")) == 3
