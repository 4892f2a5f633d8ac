"""A database that goes away below a running server and comes back: clients are told clearly, and nobody has to restart anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from api.embedded import EmbeddedPostgres
from tests.acceptance.faults.caller import caller
from tests.acceptance.faults.chain import KEY, MODEL, TOPICS
from tests.acceptance.shared_server import deploy, get, lock, post
from tests.databases import TEMPLATE, make_template
from tests.server import RunningServer, replay_everything

UP = {"status": "UP", "checks": {"database": "UP"}}
DOWN = {"status": "DOWN", "checks": {"database": "DOWN"}}
START, FETCH = f"/process-definition/key/{KEY}/start", "/external-task/fetchAndLock"


def health(address: str) -> tuple[int, Any]:
    """What the server says of itself."""
    answer = httpx.get(f"{address}/gesta/health")
    return answer.status_code, answer.json()


def test_a_database_that_goes_away_is_told_and_its_return_heals_everything(reachable_folder: Path) -> None:
    start, complete = str(uuid4()), str(uuid4())
    with EmbeddedPostgres(reachable_folder) as postgres:
        make_template(postgres)
        database = postgres.conninfo(TEMPLATE)
        server = RunningServer(database)
        deploy(server.base, MODEL.name, MODEL.content)
        assert health(server.address) == (200, UP)
        post(server.base, START, {})
        (task,) = lock(server.base, "first")
    requests = [(f"/external-task/{task['id']}/complete", {"workerId": "worker"}, complete), (START, {}, start)]
    fetch = {"workerId": "late", "maxTasks": 9, "topics": [{"topicName": topic, "lockDuration": 60_000} for topic in TOPICS[1:]]}

    with server, caller(server.base) as sender:
        assert health(server.address) == (503, DOWN)
        assert httpx.get(f"{server.address}/gesta/health/live").json()["status"] == "UP"
        for answer in sender.at_once(*requests, (FETCH, fetch), ("/external-task",), ("/process-instance/count",)):
            assert (answer.status_code, answer.json()["type"], answer.json()["code"]) == (500, "ProcessEngineException", 0)
            assert answer.json()["message"].startswith("The database does not answer: ")

        with EmbeddedPostgres(reachable_folder):
            polling = sender.later(FETCH, {**fetch, "asyncResponseTimeout": 60_000})
            completed, started, listed = sender.at_once(*requests, ("/external-task",))
            assert (completed.status_code, started.status_code, listed.status_code) == (204, 200, 200)
            assert {found["activityId"] for found in polling.result().json()} <= {"left", "right"}
            assert get(server.base, "/process-instance/count") == {"count": 2}
            assert health(server.address) == (200, UP)
            assert "Traceback" not in server.complaints
            assert server.terminate() == 0
            replay_everything(database)
