"""What the hot routes answer is exactly what the API's description says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from api.embedded import EmbeddedPostgres
from api.rest.error_dto import ExceptionDto
from api.rest.hot_dtos import LockedExternalTaskDto, ProcessInstanceWithVariablesDto
from api.rest.operation_names import shape
from tests.acceptance.shared_server import deploy, lock, post, shared_server
from tests.integration.models import model, scope, task

PROPERTIES = (
    '<extensionElements><camunda:properties><camunda:property name="color" value="red"/><camunda:property name="bare"/>'
    "</camunda:properties></extensionElements>"
)
VARIABLES: dict[str, dict[str, Any]] = {
    "number": {"value": 5, "type": "Integer"},
    "double": {"value": 1.5, "type": "Double"},
    "flag": {"value": True, "type": "Boolean"},
    "text": {"value": "ä", "type": "String"},
    "nothing": {"value": None, "type": "Null"},
    "date": {"value": "2015-10-06T16:34:42.000+0200", "type": "Date"},
    "bytes": {"value": "YWI=", "type": "Bytes"},
    "json": {"value": '{"a": [1]}', "type": "Json"},
    "structure": {"value": {"a": [1]}},
    "file": {"value": "YWI=", "type": "File", "valueInfo": {"filename": "a.txt"}},
}


def model_of(key: str) -> bytes:
    """A process whose one task has the topic `{key}`, and extension properties."""
    return model(key, scope("start > work > end", task("work", PROPERTIES, topic=key))).content


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        yield server.base


@pytest.fixture(scope="module")
def document(base: str) -> dict[str, Any]:
    described: dict[str, Any] = httpx.get(f"{base}/openapi.json").raise_for_status().json()
    return described


def described_at(document: dict[str, Any], path: str) -> dict[str, Any]:
    """What is said of a path; its placeholders may be called otherwise there."""
    (found,) = [item for described, item in document["paths"].items() if shape(described) == shape(f"/engine-rest{path}")]
    return dict(found)


def exactly(model: type[BaseModel], answer: Any) -> None:
    """Raise ValidationError unless an answer has the model's properties and no others, of the model's types without conversion."""
    TypeAdapter(model).validate_json(httpx.Response(200, json=answer).content, strict=True, extra="forbid", by_alias=True, by_name=False)


@pytest.mark.parametrize("variables", [{}, VARIABLES], ids=["none", "all types"])
@pytest.mark.parametrize("with_variables", [False, True])
def test_started_instances_are_as_described(base: str, variables: dict[str, Any], with_variables: bool) -> None:
    definition = deploy(base, "started.bpmn", model_of("started"))
    deploy(base, "started.bpmn", model_of("started"), tenant="red")
    body = {"businessKey": "bk", "variables": variables, "withVariablesInReturn": with_variables}

    started = [
        post(base, f"/process-definition/{address}/start", body) for address in (definition, "key/started", "key/started/tenant-id/red")
    ]

    for answer in started:
        exactly(ProcessInstanceWithVariablesDto, answer)
        assert answer.get("variables", {}).keys() == (variables.keys() if with_variables else set())
    assert [answer["tenantId"] for answer in started] == [None, None, "red"]


@pytest.mark.parametrize("options", [{}, {"deserializeValues": True, "includeExtensionProperties": True}], ids=["plain", "with more"])
def test_locked_tasks_are_as_described(base: str, options: dict[str, bool]) -> None:
    key = f"locked-{len(options)}"
    deploy(base, "locked.bpmn", model_of(key))
    post(base, f"/process-definition/key/{key}/start", {"variables": VARIABLES})
    topic = {"topicName": key, "lockDuration": 60_000, **options}

    (locked,) = post(base, "/external-task/fetchAndLock", {"workerId": "anna", "maxTasks": 5, "topics": [topic]})

    exactly(LockedExternalTaskDto, locked)
    assert locked["variables"].keys() == VARIABLES.keys()
    assert locked["extensionProperties"] == ({"color": "red", "bare": None} if options else {})


def test_a_task_that_failed_is_locked_again_as_described(base: str) -> None:
    deploy(base, "failed.bpmn", model_of("failed"))
    post(base, "/process-definition/key/failed/start", {})
    (first,) = lock(base, "failed")
    report = {"workerId": "worker", "errorMessage": "boom", "errorDetails": "trace", "retries": 2, "retryTimeout": 0}

    reported = httpx.post(f"{base}/external-task/{first['id']}/failure", json=report)
    (again,) = lock(base, "failed", worker="anna")
    completed = httpx.post(f"{base}/external-task/{first['id']}/complete", json={"workerId": "anna"})

    exactly(LockedExternalTaskDto, again)
    assert (again["errorMessage"], again["errorDetails"], again["retries"]) == ("boom", "trace", 2)
    assert [(answer.status_code, answer.content) for answer in (reported, completed)] == [(204, b""), (204, b"")]


FETCH, COMPLETE, FAILURE = "/external-task/fetchAndLock", "/external-task/{id}/complete", "/external-task/{id}/failure"
BY_ID, BY_KEY = "/process-definition/{id}/start", "/process-definition/key/{key}/start"
BY_TENANT = "/process-definition/key/{key}/tenant-id/{tenant}/start"
UNKNOWN = {"id": "0193f000-0000-7abc-8abc-def00000000a", "key": "nope", "tenant": "nobody"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (FETCH, {"workerId": "w", "asyncResponseTimeout": 1_800_001}, 400),
        (FETCH, {"maxTasks": 1}, 500),
        (COMPLETE, {"workerId": {}}, 400),
        (COMPLETE, {"workerId": "w"}, 404),
        (COMPLETE, {}, 500),
        (FAILURE, {"workerId": "w", "retries": []}, 400),
        (FAILURE, {"workerId": "w"}, 404),
        (FAILURE, {"workerId": "w", "retries": -1}, 500),
        (BY_ID, {"variables": []}, 400),
        (BY_ID, {}, 500),
        (BY_KEY, {}, 404),
        (BY_TENANT, {}, 404),
    ],
)
def test_errors_are_as_described(base: str, document: dict[str, Any], path: str, body: dict[str, Any], status: int) -> None:
    answer = httpx.post(base + path.format(**UNKNOWN), json=body)

    assert answer.status_code == status
    exactly(ExceptionDto, answer.json())
    assert answer.headers["content-type"] == "application/json"
    described = described_at(document, path)["post"]["responses"][str(status)]
    assert described["content"]["application/json"]["schema"]["$ref"].endswith("/ExceptionDto")


def test_another_workers_task_is_refused_as_described(base: str) -> None:
    deploy(base, "owned.bpmn", model_of("owned"))
    post(base, "/process-definition/key/owned/start", {})
    (task,) = lock(base, "owned", worker="anna")

    for command in ("complete", "failure"):
        answer = httpx.post(f"{base}/external-task/{task['id']}/{command}", json={"workerId": "bert"})
        assert answer.status_code == 400
        exactly(ExceptionDto, answer.json())
