"""Well-formed commands about what is not there, or not theirs, or under an id that is taken."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.ids import aggregate_id
from tests.acceptance.bad_input.target import KEY, MODEL, TOPIC, UNKNOWN, WORKER, Target, refusal
from tests.acceptance.shared_server import post

IDS = ("nope", UNKNOWN, UNKNOWN.upper(), "0", "a b", "null", "undefined", "{id}", "%s", "\U0001f986", "x" * 5000)
REPORTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("complete", {}, "completed"),
    ("failure", {"retries": 1}, "failed"),
    ("bpmnError", {"errorCode": "code"}, "bpmn_error"),
    ("extendLock", {"newDuration": 1000}, "extended"),
)


@pytest.mark.parametrize("id", IDS)
def test_unknown_tasks(target: Target, id: str) -> None:
    for command, body, _ in REPORTS:
        answer = target.post(f"/external-task/{id}/{command}", {"workerId": WORKER} | body)
        assert refusal(answer) == (404, "RestException", f"External task with id {id} does not exist")
    assert refusal(httpx.get(f"{target.server.base}/external-task/{id}")) == (
        404,
        "RestException",
        f"External task with id {id} does not exist",
    )


@pytest.mark.parametrize("id", IDS)
def test_unknown_processes_and_instances(target: Target, id: str) -> None:
    base = target.server.base

    by_key = refusal(target.post(f"/process-definition/key/{id}/start", {}))
    by_id = refusal(target.post(f"/process-definition/{id}/start", {}))
    instance = refusal(httpx.get(f"{base}/process-instance/{id}"))
    deletion = refusal(httpx.delete(f"{base}/process-instance/{id}"))
    state = refusal(httpx.get(f"{target.server.address}/gesta/process-instance/{id}"))
    facts = refusal(httpx.get(f"{target.server.address}/gesta/external-task/{id}/facts"))

    assert by_key == (404, "RestException", f"No matching process definition with key: {id} and no tenant-id")
    assert by_id[:2] == (500, "RestException")
    assert by_id[2].endswith(f"no deployed process definition found with id '{id}': processDefinition is null")
    assert instance == (404, "InvalidRequestException", f"Process instance with id {id} does not exist")
    assert deletion == (404, "InvalidRequestException", f"No process instance found for id '{id}': processInstance is null")
    assert state == (404, "InvalidRequestException", f"No facts of a process instance with id {id} are recorded")
    assert facts == (404, "InvalidRequestException", f"No facts of an external task with id {id} are recorded")


@pytest.mark.parametrize("worker", ["another", "", "OWNER", "owner ", "x" * 5000])
def test_another_worker(target: Target, worker: str) -> None:
    for command, body, _ in REPORTS:
        status, kind, message = refusal(target.post(f"/external-task/{target.task}/{command}", {"workerId": worker} | body))
        assert (status, kind) == (400, "RestException")
        assert worker in message and target.task in message


@pytest.mark.parametrize(("command", "body", "_"), REPORTS)
def test_a_report_of_nobody(target: Target, command: str, body: dict[str, Any], _: str) -> None:
    status, kind, message = refusal(target.post(f"/external-task/{target.task}/{command}", body))

    assert (status, kind, message) in [
        (500, "NullValueException", "workerId is null"),
        (400, "BadUserRequestException", "workerId is null"),
    ]


def test_a_worker_whose_lock_ran_out_is_refused_once_the_task_is_anothers(changing_target: Target) -> None:
    business_key = str(uuid4())
    post(changing_target.server.base, f"/process-definition/key/{KEY}/start", {"businessKey": business_key})
    topic = {"topicName": TOPIC, "businessKey": business_key, "lockDuration": 1}
    (task,) = post(changing_target.server.base, "/external-task/fetchAndLock", {"workerId": "slow", "maxTasks": 1, "topics": [topic]})
    fetch = {"workerId": "quick", "maxTasks": 1, "asyncResponseTimeout": 60_000, "topics": [topic | {"lockDuration": 60_000}]}
    assert post(changing_target.server.base, "/external-task/fetchAndLock", fetch)[0]["id"] == task["id"]

    late = refusal(changing_target.post(f"/external-task/{task['id']}/complete", {"workerId": "slow"}))

    message = f"External Task {task['id']} cannot be completed by worker 'slow'. It is locked by worker 'quick'."
    assert late == (400, "RestException", message)


@pytest.mark.parametrize("id", ["", "x", "0" * 36, "0193f000-0000-7abc-8abc", "0193f000-0000-7abc-8abc-def00000000g", "\xff" * 36])
def test_command_ids_that_are_none(target: Target, id: str) -> None:
    answer = target.ask("POST", f"/process-definition/key/{KEY}/start", b"{}", "application/json", f"Gesta-Command-Id: {id}")

    assert refusal(answer) == (400, "InvalidRequestException", f"The header Gesta-Command-Id has the value '{id}'; allowed is a UUID")


def test_a_command_id_about_something_unknown(target: Target) -> None:
    answer = target.ask("POST", "/external-task/nope/complete", b'{"workerId": "w"}', "application/json", f"Gesta-Command-Id: {uuid4()}")

    assert refusal(answer) == (404, "RestException", "External task with id nope does not exist")


@pytest.mark.parametrize("named", ["instance", "deployment"])
@pytest.mark.parametrize("same", [True, False], ids=["the same", "one that names the same"])
def test_a_command_id_that_is_taken(changing_target: Target, named: str, same: bool) -> None:
    first = aggregate_id(str(uuid4()))[:-1] + "1"
    begin, other = (start, create) if named == "instance" else (create, start)
    begin(changing_target, first).raise_for_status()
    again = first if same else first[:-1] + "2"

    answers = [request(changing_target, again) for request in ((other,) if same else (begin, other))]

    message = f"The command id {again} is taken: every command needs a new one, unless it is sent again"
    assert [refusal(answer) for answer in answers] == [(400, "InvalidRequestException", message)] * len(answers)


def start(target: Target, command: str) -> httpx.Response:
    return httpx.post(f"{target.server.base}/process-definition/key/{KEY}/start", json={}, headers={"Gesta-Command-Id": command})


def create(target: Target, command: str) -> httpx.Response:
    files = {"data": (MODEL.name, MODEL.content)}
    return httpx.post(f"{target.server.base}/deployment/create", files=files, headers={"Gesta-Command-Id": command})
