"""Texts that are too long, or that no database holds."""

from __future__ import annotations

import string
from random import Random
from urllib.parse import quote

import httpx
import pytest

from tests.acceptance.bad_input.target import KEY, TOPIC, Target, refusal
from tests.acceptance.shared_server import get, post
from tests.integration.models import model, scope, task

NUL = (400, "InvalidRequestException", "the request has a text with the character U+0000, which cannot be stored")
STORED = "The request holds what the database cannot store: index row "


def noise(length: int) -> str:
    """A text that cannot be compressed."""
    return "".join(Random(length).choices(string.ascii_letters, k=length))


@pytest.mark.parametrize("length", [5_000, 1_000_000])
def test_long_values_and_business_keys_are_kept_whole(changing_target: Target, length: int) -> None:
    base, text = changing_target.server.base, noise(length)

    started = post(base, f"/process-definition/key/{KEY}/start", {"businessKey": text, "variables": {"v": {"value": text}}})

    assert started["businessKey"] == text
    assert get(base, f"/process-instance/{started['id']}/variables/v") == {"type": "String", "value": text, "valueInfo": {}}
    topic = {"topicName": TOPIC, "lockDuration": 1, "businessKey": text}
    (locked,) = post(base, "/external-task/fetchAndLock", {"workerId": text, "maxTasks": 1, "topics": [topic]})
    assert (locked["processInstanceId"], locked["workerId"], locked["businessKey"]) == (started["id"], text, text)


def test_a_name_that_no_index_holds_is_refused_alone(target: Target) -> None:
    body = {"variables": {noise(5000): {"value": 1}}}

    status, kind, message = refusal(target.post(f"/process-definition/key/{KEY}/start", body))

    assert (status, kind) == (400, "InvalidRequestException")
    assert message.startswith(STORED)
    assert get(target.server.base, "/process-instance/count", processDefinitionKey=KEY)["count"] >= 1


@pytest.mark.parametrize("fields", [{}, {"tenant-id": noise(5000)}], ids=["key", "tenant"])
def test_a_model_that_no_index_holds_is_refused(target: Target, fields: dict[str, str]) -> None:
    key = "short" if fields else noise(5000)

    status, kind, message = refusal(target.deploy(model(key, scope("start > end")).content, **fields))

    assert (status, kind) == (400, "InvalidRequestException")
    assert message.startswith(STORED)


def test_a_computed_topic_that_no_index_holds_is_refused(changing_target: Target) -> None:
    changing_target.deploy(model("topics", scope("start > work > end", task("work", topic="${topic}"))).content).raise_for_status()

    answer = changing_target.post("/process-definition/key/topics/start", {"variables": {"topic": {"value": noise(5000)}}})

    assert refusal(answer)[0] == 400
    assert get(changing_target.server.base, "/process-instance/count", processDefinitionKey="topics") == {"count": 0}


@pytest.mark.parametrize(
    "path",
    [
        "/external-task/%00",
        "/external-task/a%00b/complete",
        "/process-definition/key/%00/start",
        "/external-task?topicName=a%00",
        "/external-task?%00=a",
        "/deployment/%00/resources/a/data",
    ],
)
def test_nul_in_an_address_is_refused(target: Target, path: str) -> None:
    method = "POST" if path.endswith(("complete", "start")) else "GET"

    assert refusal(target.ask(method, path, b"{}")) == NUL


@pytest.mark.parametrize("part", ["deployment-name", "deployment-source", "tenant-id"])
def test_nul_in_a_form_is_refused(target: Target, part: str) -> None:
    assert refusal(target.deploy(model("nul", scope("start > end")).content, **{part: "a\0b"})) == NUL


@pytest.mark.parametrize(("id", "shown"), [("%FF%FE", "\ufffd\ufffd"), ("%ED%A0%80", "\ufffd\ufffd\ufffd"), ("%C0%AF", "\ufffd\ufffd")])
def test_bytes_that_are_no_text_find_nothing(target: Target, id: str, shown: str) -> None:
    assert refusal(target.ask("GET", f"/external-task/{id}")) == (404, "RestException", f"External task with id {shown} does not exist")


@pytest.mark.parametrize("text", ["'; DROP TABLE external_task; --", "\\", "%", "_", "\U0001f986", "%s", "{}", "$1", "a" * 10_000])
def test_texts_of_other_languages_are_only_texts(target: Target, text: str) -> None:
    lists = [
        f"/external-task?topicName={quote(text)}",
        f"/process-instance?businessKeyLike={quote(text)}",
        f"/deployment?name={quote(text)}",
    ]

    answers = [httpx.get(f"{target.server.base}{path}") for path in lists]

    assert [(answer.status_code, answer.json()) for answer in answers[:1]] == [(200, [])]
    assert {answer.status_code for answer in answers} == {200}
