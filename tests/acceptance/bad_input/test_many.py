"""10,000 ids or names in one request: found, passed over or refused, and nothing of it is expensive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.ids import part_id
from tests.acceptance.bad_input import wire
from tests.acceptance.bad_input.target import UNKNOWN, WORKER, Target, refusal

MANY = 10_000
IDS = [part_id(UNKNOWN, 1000 + number) for number in range(MANY)]

LISTS = {
    "external tasks": ("/external-task", "externalTaskIdIn", "task"),
    "external tasks of instances": ("/external-task", "processInstanceIdIn", "instance"),
    "instances": ("/process-instance", "processInstanceIds", "instance"),
    "variables of instances": ("/variable-instance", "processInstanceIdIn", "instance"),
    "past instances": ("/history/process-instance", "processInstanceIds", "instance"),
}


@pytest.mark.parametrize(("path", "name", "about"), LISTS.values(), ids=LISTS)
def test_what_is_there_is_found_among_many_ids(target: Target, path: str, name: str, about: str) -> None:
    wanted = [*IDS, getattr(target, about)]

    found = target.post(path, {name: wanted})
    counted = target.post(f"{path}/count", {name: wanted})

    assert (found.status_code, counted.json()) == (200, {"count": len(found.json())})
    assert (len(found.json()) == 0) == (path == "/variable-instance")


@pytest.mark.parametrize("path", ["/external-task/retries", "/external-task/retries?x=y"])
def test_retries_of_many_unknown_tasks_change_none(target: Target, path: str) -> None:
    answer = target.ask("PUT", path, as_json({"retries": 5, "externalTaskIds": [target.task, *IDS]}))

    assert refusal(answer) == (404, "InvalidRequestException", f"Cannot find external task with id {IDS[0]}: externalTask is null")


def test_many_unknown_instances_are_no_error_to_suspend(target: Target) -> None:
    answer = target.ask("PUT", "/process-instance/suspended", as_json({"suspended": True, "processInstanceIds": IDS}))

    assert answer.status == 204


def test_many_variables_that_are_not_there_can_be_deleted(changing_target: Target) -> None:
    path = f"/process-instance/{changing_target.instance}/variables"

    answer = changing_target.post(path, {"deletions": [f"name {number}" for number in range(MANY)]})

    assert answer.status_code == 204


REFUSED: dict[str, tuple[str, Any, str]] = {
    "topics": (
        "/engine-rest/external-task/fetchAndLock",
        {"workerId": WORKER, "maxTasks": 1, "topics": [{"topicName": id, "lockDuration": 1000} for id in IDS]},
        f"topics: at most 500 are allowed, not {MANY}",
    ),
    "completions": (
        "/gesta/external-task/complete",
        {"workerId": WORKER, "tasks": [{"id": id} for id in IDS]},
        f"tasks: at most 1000 are allowed, not {MANY}",
    ),
    "conditions": (
        "/engine-rest/external-task",
        {"processVariables": [{"name": id, "operator": "eq", "value": 1} for id in IDS]},
        f"processVariables: at most 100 conditions are allowed, not {MANY}",
    ),
}


@pytest.mark.parametrize(("path", "body", "message"), REFUSED.values(), ids=REFUSED)
def test_what_the_database_would_plan_for_long_is_refused(target: Target, path: str, body: Any, message: str) -> None:
    answer = target.send(wire.request("POST", path, as_json(body)))

    assert refusal(answer) == (400, "InvalidRequestException", message)


def test_many_ids_do_not_fit_into_an_address(target: Target) -> None:
    answer = target.ask("GET", f"/external-task?externalTaskIdIn={','.join(IDS)}")

    assert (answer.status, answer.body) == (400, "Invalid HTTP request received.")


def as_json(body: Any) -> bytes:
    return json.dumps(body).encode()
