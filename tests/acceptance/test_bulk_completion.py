"""POST /gesta/external-task/complete: many completions, each answered for itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from api.rest.bulk_completion import MOST, CompletionResultDto
from tests.acceptance.shared_server import deploy, get, lock, post, shared_server
from tests.integration.models import CHAIN, parallel
from tests.server import RunningServer

FAN = parallel("fan", 5)
WORKER = "anna"
COMMITS = "SELECT count(DISTINCT xmin::text) FROM stored_events WHERE topic LIKE 'ExternalTaskCompleted%'"


@pytest.fixture(scope="module")
def server(postgres: EmbeddedPostgres) -> Iterator[RunningServer]:
    with shared_server(postgres) as running:
        for model in (CHAIN, FAN):
            deploy(running.base, model.name, model.content)
        yield running


def send(server: RunningServer, body: Any, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Gesta-Command-Id": key}
    return httpx.post(f"{server.address}/gesta/external-task/complete", json=body, headers=headers, timeout=60)


def complete(server: RunningServer, *tasks: dict[str, Any], key: str | None = None) -> list[dict[str, Any]]:
    """What became of every task."""
    results: list[dict[str, Any]] = send(server, {"workerId": WORKER, "tasks": tasks}, key).raise_for_status().json()
    for result in results:
        CompletionResultDto.model_validate(result, extra="forbid", by_alias=True, by_name=False)
    return results


def begin(server: RunningServer, key: str, instances: int = 1) -> list[str]:
    return [post(server.base, f"/process-definition/key/{key}/start", {})["id"] for _ in range(instances)]


def done(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id, "status": 204, "error": None} for id in ids]


def test_all_are_completed_in_one_transaction_with_their_variables(server: RunningServer) -> None:
    begin(server, "chain", 20)
    ids = [task["id"] for task in lock(server.base, "first", worker=WORKER, most=20)]
    with psycopg.connect(server.conninfo) as connection:
        before = connection.execute(COMMITS).fetchone()

    results = complete(server, *({"id": id, "variables": {"n": {"value": n}}} for n, id in enumerate(ids)))

    assert results == done(*ids)
    following = lock(server.base, "second", worker=WORKER, most=20)
    assert sorted(task["variables"]["n"]["value"] for task in following) == list(range(20))
    with psycopg.connect(server.conninfo) as connection:
        after = connection.execute(COMMITS).fetchone()
    assert before and after
    assert after[0] - before[0] == 1


def test_one_that_is_refused_is_refused_alone(server: RunningServer) -> None:
    begin(server, "chain", 4)
    mine = [task["id"] for task in lock(server.base, "first", worker=WORKER, most=3)]
    (others,) = [task["id"] for task in lock(server.base, "first", worker="bert")]
    broken = {"id": mine[2], "variables": {"n": {"value": "x", "type": "Integer"}}}

    results = complete(server, {"id": mine[0]}, {"id": others}, {"id": "unknown"}, broken, {"id": mine[1]})

    assert [(result["id"], result["status"]) for result in results] == [
        (mine[0], 204),
        (others, 400),
        ("unknown", 404),
        (mine[2], 400),
        (mine[1], 204),
    ]
    single = {id: httpx.post(f"{server.base}/external-task/{id}/complete", json={"workerId": WORKER}) for id in (others, "unknown")}
    assert {result["id"]: result["error"] for result in results if result["id"] in single} == {
        id: answer.json() for id, answer in single.items()
    }
    assert results[3]["error"]["message"] == "Cannot convert value 'x' of type 'Integer' to java type java.lang.Integer"


def test_all_tasks_of_one_instance_end_it(server: RunningServer) -> None:
    (instance,) = begin(server, "fan")
    ids = [task["id"] for task in lock(server.base, "branch", worker=WORKER, most=9)]

    results = complete(server, *({"id": id} for id in ids))

    assert results == done(*ids)
    assert get(server.base, f"/history/process-instance/{instance}")["state"] == "COMPLETED"


def test_a_list_that_comes_again_under_its_command_id_happens_once(server: RunningServer) -> None:
    (instance,) = begin(server, "fan")
    ids = [task["id"] for task in lock(server.base, "branch", worker=WORKER, most=9)]
    key = str(uuid4())

    answers = [complete(server, *({"id": id} for id in ids), key=key) for _ in range(2)]
    other_key = complete(server, {"id": ids[0]}, key=str(uuid4()))
    other_list = send(server, {"workerId": WORKER, "tasks": [{"id": ids[0]}]}, key)

    assert answers == [done(*ids)] * 2
    assert other_key[0]["status"] == 404
    assert (other_list.status_code, other_list.json()["type"]) == (400, "InvalidRequestException")
    facts = httpx.get(f"{server.address}/gesta/process-instance/{instance}/facts").json()
    assert sum(fact["fact"] == "ExternalTaskCompleted" for fact in facts) == 5


def test_as_many_as_are_allowed_at_once(server: RunningServer) -> None:
    results = complete(server, *({"id": f"unknown-{number}"} for number in range(MOST)))

    assert {result["status"] for result in results} == {404}
    assert len(results) == MOST


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"tasks": []}, 500, "workerId is null"),
        ({"workerId": "w", "tasks": [{}]}, 400, "tasks: every entry needs an id"),
        ({"workerId": "w", "tasks": [{"id": "a"}, {"id": "a"}]}, 400, "tasks: the task a is listed more than once"),
        ({"workerId": "w", "tasks": [{"id": "a"}] * (MOST + 1)}, 400, "tasks: at most 1000 are allowed, not 1001"),
        ({"workerId": "w", "tasks": "a"}, 400, 'tasks: a list is due, not "a"'),
        ([], 400, "the request's body: an object is due"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_as_a_whole(server: RunningServer, body: Any, status: int, message: str) -> None:
    answer = send(server, body)

    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_nothing_is_completed_by_nothing(server: RunningServer) -> None:
    assert complete(server) == []
