"""Properties of the wrong type: 400 with the property's name, for every property of every request that the API describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.embedded import EmbeddedPostgres
from tests.acceptance.bad_input.target import KEY, UNKNOWN, WORKER, Target, prepared, refusal
from tests.acceptance.shared_server import shared_server

TOPIC = {"topicName": "t", "lockDuration": 1000}
INVALID = "InvalidRequestException"


def variable(entry: Any) -> dict[str, Any]:
    """A completion with one variable."""
    return {"workerId": WORKER, "variables": {"v": entry}}


COMPLETE = [
    ({"workerId": {}}, "workerId: a text is due, not {}"),
    ({"workerId": []}, "workerId: a text is due, not []"),
    ({"workerId": WORKER, "variables": []}, "variables: an object is due"),
    ({"workerId": WORKER, "localVariables": "v"}, "variables: an object is due"),
    (variable(7), "variable 'v': an object is due"),
    (variable(None), "variable 'v': an object is due"),
    (variable({"value": 1, "type": "Integer", "valueInfo": []}), "variable 'v', valueInfo: an object is due"),
    (variable({"value": 1, "valueInfo": {"transient": "no"}}), "Cannot convert value '1' of type 'null' to java type java.lang.Object"),
    (variable({"value": "1abc", "type": "Integer"}), "Cannot convert value '1abc' of type 'Integer' to java type java.lang.Integer"),
    (variable({"value": 2**31, "type": "Integer"}), f"Cannot convert value '{2**31}' of type 'Integer' to java type java.lang.Integer"),
    (variable({"value": "9" * 6000, "type": "Long"}), f"Cannot convert value '{'9' * 6000}' of type 'Long' to java type java.lang.Long"),
    (variable({"value": "x", "type": "Double"}), "Cannot convert value 'x' of type 'Double' to java type java.lang.Double"),
    (variable({"value": "2001-99-99", "type": "Date"}), "Cannot convert value '2001-99-99' of type 'Date' to java type java.util.Date"),
    (variable({"value": "***", "type": "Bytes"}), "Cannot convert value '***' of type 'Bytes' to java type [B"),
    (variable({"value": 7, "type": "Json"}), "Must provide 'null' or String value for value of SerializableValue type 'Json'."),
]
FETCH = [
    ({"maxTasks": "many"}, 'maxTasks: a whole number is due, not "many"'),
    ({"maxTasks": 2**31}, f"maxTasks: a whole number from {-(2**31)} to {2**31 - 1} is due, not {2**31}"),
    ({"usePriority": "perhaps"}, 'usePriority: true or false is due, not "perhaps"'),
    ({"asyncResponseTimeout": []}, "asyncResponseTimeout: a whole number is due, not []"),
    (
        {"asyncResponseTimeout": 1_800_001},
        "The asynchronous response timeout cannot be set to a value greater than 1800000 milliseconds",
    ),
    ({"sorting": {}}, "sorting: a list is due, not {}"),
    ({"sorting": [{"sortBy": "age"}]}, "Cannot set query sortBy parameter to value age"),
    ({"topics": "t"}, 'topics: a list is due, not "t"'),
    ({"topics": [7]}, "topics: an object is due, not 7"),
    ({"topics": [TOPIC] * 501}, "topics: at most 500 are allowed, not 501"),
    *(
        ({"topics": [TOPIC | wrong]}, message)
        for wrong, message in (
            ({"topicName": []}, "topicName: a text is due, not []"),
            ({"lockDuration": "long"}, 'lockDuration: a whole number is due, not "long"'),
            ({"lockDuration": 2**63 - 1}, f"lockDuration: a whole number from {-(2**63)} to {2**62} is due, not {2**63 - 1}"),
            ({"variables": "v"}, 'variables: a list is due, not "v"'),
            ({"processDefinitionIdIn": {}}, "processDefinitionIdIn: a list is due, not {}"),
            ({"processVariables": []}, "processVariables: an object is due, not []"),
            ({"localVariables": 1.5}, "localVariables: true or false is due, not 1.5"),
        )
    ),
]
FAILURE = [
    ({"retries": "some"}, 'retries: a whole number is due, not "some"'),
    ({"retryTimeout": 1e300}, f"retryTimeout: a whole number from {-(2**63)} to {2**62} is due, not 1e+300"),
    ({"errorMessage": {}}, "errorMessage: a text is due, not {}"),
    ({"errorDetails": []}, "errorDetails: a text is due, not []"),
]
START = [
    ({"businessKey": []}, "businessKey: a text is due, not []"),
    ({"withVariablesInReturn": "yes"}, 'withVariablesInReturn: true or false is due, not "yes"'),
    ({"startInstructions": [{}]}, "type: one of cancel, startBeforeActivity, startAfterActivity, startTransition is due, not None"),
    ({"variables": {"v": {"value": "x", "type": "Short"}}}, "Cannot convert value 'x' of type 'Short' to java type java.lang.Short"),
]


@pytest.mark.parametrize(("body", "message"), COMPLETE, ids=str)
def test_completion(target: Target, body: Any, message: str) -> None:
    assert refusal(target.post(f"/external-task/{target.task}/complete", body)) == (400, INVALID, message)


def test_completion_with_a_variable_of_an_unknown_type(target: Target) -> None:
    answer = target.post(f"/external-task/{target.task}/complete", variable({"value": 1, "type": "Quaternion"}))

    assert refusal(answer) == (400, "RestException", "Unsupported value type 'Quaternion'")


@pytest.mark.parametrize(("part", "message"), FETCH, ids=str)
def test_fetch_and_lock(target: Target, part: Any, message: str) -> None:
    answer = target.post("/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 1, "topics": [TOPIC]} | part)

    assert refusal(answer) == (400, INVALID, message)


@pytest.mark.parametrize(("part", "message"), FAILURE, ids=str)
def test_failure(target: Target, part: Any, message: str) -> None:
    assert refusal(target.post(f"/external-task/{target.task}/failure", {"workerId": WORKER} | part)) == (400, INVALID, message)


@pytest.mark.parametrize(("body", "message"), START, ids=str)
def test_start(target: Target, body: Any, message: str) -> None:
    status, kind, said = refusal(target.post(f"/process-definition/key/{KEY}/start", body))

    assert (status, kind) == (400, INVALID)
    assert said.startswith(f"Cannot instantiate process definition {KEY}:")
    assert said.endswith(message)


@pytest.mark.parametrize(("command", "name"), [("lock", "lockDuration"), ("extendLock", "newDuration")])
def test_durations_that_lead_beyond_all_time(target: Target, command: str, name: str) -> None:
    answer = target.post(f"/external-task/{target.task}/{command}", {"workerId": WORKER, name: 2**63 - 1})

    message = f"{name}: a whole number from {-(2**63)} to {2**62} is due, not {2**63 - 1}"
    assert refusal(answer) == (400, INVALID, message)


ODD: tuple[Any, ...] = (None, True, -1, 1.5, 10**30, "", "x", "\U0001f986", [], {}, [None], [[]], [{}], {"a": None}, "x" * 70_000)


def test_no_property_of_any_request_makes_the_server_fail(target: Target) -> None:
    sent = all_sent(target, batches=False)

    assert len(sent) > 1000
    assert [(method, path, body) for method, path, body, answer in sent if not is_sound(answer)] == []


def test_no_property_of_any_batch_makes_the_server_fail(postgres: EmbeddedPostgres) -> None:
    """On a server of its own: a query that says nothing finds everything, and something happens to all of that."""
    with shared_server(postgres) as server:
        sent = all_sent(prepared(server), batches=True)

        assert len(sent) > 500
        assert [(method, path, body) for method, path, body, answer in sent if not is_sound(answer)] == []
        assert "Traceback" not in server.complaints


def all_sent(target: Target, batches: bool) -> list[tuple[str, str, Any, httpx.Response]]:
    """Every request that begins a batch, or every one that does not, and its answer."""
    with httpx.Client(base_url=target.server.address, timeout=60) as client:
        document = client.get("/engine-rest/openapi.json").json()
        return [(method, path, body, client.request(method, path, json=body)) for method, path, body in requests(document, batches)]


SIGNAL = "/engine-rest/signal"
"""A signal is thrown, and recorded, although nobody waits for it."""


def test_no_name_of_a_signal_makes_the_server_fail(changing_target: Target) -> None:
    with httpx.Client(base_url=changing_target.server.address, timeout=60) as client:
        answers = [client.post(SIGNAL, json={"name": value}) for value in ODD]

    assert [answer.text for answer in answers if not is_sound(answer)] == []


def requests(document: dict[str, Any], batches: bool) -> Iterator[tuple[str, str, Any]]:
    """For every property of every described body each odd value, about things that do not exist."""
    paths = {path: operations for path, operations in document["paths"].items() if path != SIGNAL}
    for path, operations in paths.items():
        for method, operation in operations.items():
            if begins_a_batch(operation) != batches:
                continue
            for name in properties(document, operation):
                for value in ODD:
                    yield method.upper(), concrete(path), {"workerId": "nobody"} | {name: value}


def begins_a_batch(operation: dict[str, Any]) -> bool:
    """Tell whether a request is answered with the batch that does what it asks for."""
    answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    body: str = answer.get("schema", {}).get("$ref", "")
    return "requestBody" in operation and body.endswith("/BatchDto")


def properties(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """The names of a JSON body's properties."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for option in (schema, *schema.get("anyOf", ())):
        if "$ref" in option:
            schema = document["components"]["schemas"][option["$ref"].rpartition("/")[2]]
    return list(schema.get("properties", {}))


def concrete(path: str) -> str:
    """A path with something unknown in its placeholders."""
    return "/".join(UNKNOWN if part.startswith("{") else part for part in path.split("/"))


def is_sound(answer: httpx.Response) -> bool:
    """Tell whether an answer is a success or one of the contract's errors."""
    if answer.status_code < 300:
        return True
    return refusal(answer)[0] in (400, 404, 500)
