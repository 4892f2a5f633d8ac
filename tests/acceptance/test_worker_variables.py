"""What a worker of the Python client sees of a task, and what it reports: variables of all types, there and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from gesta_client import ExternalTask, Typed
from gesta_client.encoding import encoded_variables
from tests.acceptance.shared_server import deploy, get, post, shared_server
from tests.acceptance.worker_handlers import Seen
from tests.acceptance.workers import one_task, run, started, working
from tests.integration.models import model, scope, task


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        yield server.base


MOMENT = datetime(2015, 10, 6, 16, 34, 42, 123_000, tzinfo=timezone(timedelta(hours=2)))
PLAIN: dict[str, Any] = {
    "flag": True,
    "number": 2**31 - 1,
    "long": -(2**63),
    "double": 1.5,
    "whole_double": 3.0,
    "endless": float("inf"),
    "text": "Grüße, 世界 \U0001f600",
    "empty": "",
    "moment": MOMENT,
    "content": bytes(range(256)),
    "structure": {"items": [1, 2.5, None, {"ü": True}]},
    "list": [1, "two"],
    "nothing": None,
}
TYPED: dict[str, Typed] = {
    "short": Typed(7, "Short"),
    "small_long": Typed(7, "Long"),
    "no_text": Typed(None, "String"),
    "xml": Typed("<a b='c'/>", "Xml"),
    "broken_json": Typed("{", "Json"),
    "object": Typed('{"a":1}', "Object", {"objectTypeName": "org.shop.Order", "serializationDataFormat": "application/json"}),
    "file": Typed(b"hello", "File", {"filename": "hello.txt", "mimeType": "text/plain", "encoding": "UTF-8"}),
}
ON_THE_WIRE = encoded_variables(PLAIN | TYPED)


def test_variables_of_all_types_arrive_as_they_were_sent(base: str) -> None:
    one_task(base, "arriving")
    started(base, "arriving", **PLAIN, **TYPED)
    seen = Seen()

    async def scenario() -> list[ExternalTask]:
        async with working(base, "arriving", seen):
            return await seen.until(1)

    (received,) = run(scenario())

    variables = received.variables
    assert {name: variables[name] for name in PLAIN} == PLAIN
    assert {name: type(variables[name]) for name in PLAIN} == {name: type(value) for name, value in PLAIN.items()}
    kept = {name: Typed(None if typed.type == "File" else typed.value, typed.type, typed.value_info) for name, typed in TYPED.items()}
    assert {name: variables.typed(name) for name in TYPED} == kept
    assert (variables["object"], variables["short"], variables["file"]) == ({"a": 1}, 7, None)


def test_variables_of_all_types_are_reported_as_they_were_meant(base: str) -> None:
    one_task(base, "reported")
    instance = started(base, "reported")
    seen = Seen(**PLAIN, **TYPED)

    async def scenario() -> None:
        async with working(base, "reported", seen):
            await seen.until(1)

    run(scenario())

    found = get(base, f"/process-instance/{instance}/variables", deserializeValues="false")
    moment = found.pop("moment")
    assert (moment["type"], datetime.strptime(moment["value"], "%Y-%m-%dT%H:%M:%S.%f%z")) == ("Date", MOMENT)
    unseen = ON_THE_WIRE["file"] | {"value": None}
    assert found == {name: entry for name, entry in (ON_THE_WIRE | {"file": unseen}).items() if name != "moment"}


def test_a_task_says_where_it_belongs(base: str) -> None:
    deploy(base, "placed.bpmn", model("placed", scope("start > work > end", task("work", topic="placed", priority="7"))).content)
    before = datetime.now(UTC)
    instance = post(base, "/process-definition/key/placed/start", {"businessKey": "bk"})
    seen = Seen()

    async def scenario() -> list[ExternalTask]:
        async with working(base, "placed", seen):
            return await seen.until(1)

    (received,) = run(scenario())

    assert (received.process_instance_id, received.process_definition_id) == (instance["id"], instance["definitionId"])
    assert (received.process_definition_key, received.activity_id, received.topic_name) == ("placed", "work", "placed")
    assert (received.business_key, received.priority, received.retries, received.worker_id) == ("bk", 7, None, "worker")
    assert received.create_time is not None and received.lock_expiration_time is not None
    assert before - timedelta(milliseconds=1) <= received.create_time < received.lock_expiration_time
