"""GET /gesta/topic, as somebody sees it who looks after workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.embedded import EmbeddedPostgres
from api.rest.dates import parse_date
from api.rest.topics import TopicDto
from tests.acceptance.shared_server import deploy, lock, post, shared_server
from tests.integration.models import model, scope

MODEL = model("order", scope("start > pack > end"))
NOTHING = {"open": 0, "locked": 0, "expired": 0, "suspended": 0, "withoutRetries": 0, "oldest": None}


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        deploy(server.base, MODEL.name, MODEL.content)
        for _ in range(3):
            post(server.base, "/process-definition/key/order/start", {})
        yield server.base


def topics(base: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{base.removesuffix('/engine-rest')}/gesta/topic", params=query).raise_for_status().json()
    return found


def test_a_topic_tells_of_its_tasks_and_workers(base: str) -> None:
    (task,) = lock(base, "pack", worker="anna")
    lock(base, "pack", worker="bert", duration=1)
    while not (again := lock(base, "pack", worker="carl", most=2)) or len(again) < 2:
        post(base, f"/external-task/{again[0]['id']}/unlock", None)

    (told,) = topics(base, topicNameIn="pack")

    TopicDto.model_validate(told, extra="forbid", by_alias=True, by_name=False)
    assert told["oldest"] == min(found["createTime"] for found in httpx.get(f"{base}/external-task").json())
    assert {name: told[name] for name in ("open", "locked", "expired", "suspended", "withoutRetries")} == {
        **{"open": 3, "locked": 3},
        **{"expired": 0, "suspended": 0, "withoutRetries": 0},
    }
    assert sorted(worker["workerId"] for worker in told["workers"]) == ["anna", "bert", "carl"]
    assert told["workers"][0] == {"workerId": "carl", "lastPoll": told["lastPoll"]}
    assert parse_date(told["lastPoll"]) >= parse_date(task["createTime"])
    assert (told["workersSeen"], told["lockExpiries"], told["waitingPolls"]) == (3, 1, 0)
    assert parse_date(told["lastLockExpiry"]) >= parse_date(told["oldest"])


def test_a_topic_that_is_only_asked_for_is_told_of_too(base: str) -> None:
    lock(base, "nobody's", worker="anna")

    told = {topic["topicName"]: topic for topic in topics(base)}

    assert list(told) == sorted(told)
    assert {name: told["nobody's"][name] for name in NOTHING} == NOTHING
    assert [worker["workerId"] for worker in told["nobody's"]["workers"]] == ["anna"]


def test_a_topic_of_which_nothing_is_known_is_left_out(base: str) -> None:
    assert topics(base, topicNameIn="unknown,neither") == []
