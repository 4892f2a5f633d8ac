"""fetchAndLock by comparisons with process variables, which Camunda's clients never ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.embedded import EmbeddedPostgres
from api.rest.fetch_conditions import MOST
from tests.acceptance.shared_server import deploy, post, shared_server
from tests.integration.models import model, scope

MODEL = model("order", scope("start > pack > end"))
AMOUNTS = (10, 50, 99.5, 250)


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        deploy(server.base, MODEL.name, MODEL.content)
        for amount in AMOUNTS:
            variables = {"amount": {"value": amount}, "city": {"value": f"city {amount}"}}
            post(server.base, "/process-definition/key/order/start", {"businessKey": str(amount), "variables": variables})
        yield server.base


def fetch(base: str, *conditions: Any) -> httpx.Response:
    topic = {"topicName": "pack", "lockDuration": 60_000, "processVariableConditions": conditions}
    return httpx.post(f"{base}/external-task/fetchAndLock", json={"workerId": "w", "maxTasks": 9, "topics": [topic]})


def condition(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([condition("amount", "gteq", 50)], {"50", "99.5", "250"}),
        ([condition("amount", "gt", 50), condition("amount", "lt", "200")], set()),
        ([condition("amount", "gt", 50), condition("amount", "lt", 200)], {"99.5"}),
        ([condition("city", "like", "city %0")], {"10", "50", "250"}),
        ([condition("city", "in", ["city 10", "city 99.5", "nowhere"])], {"10", "99.5"}),
        ([condition("city", "neq", "city 10"), condition("amount", "lteq", 100)], {"50", "99.5"}),
        ([condition("amount", "in", [])], set()),
        ([], {"10", "50", "99.5", "250"}),
    ],
)
def test_tasks_are_given_whose_variables_compare_so(base: str, conditions: list[Any], expected: set[str]) -> None:
    tasks = fetch(base, *conditions).raise_for_status().json()

    assert {task["businessKey"] for task in tasks} == expected
    for task in tasks:
        post(base, f"/external-task/{task['id']}/unlock", None)


REFUSED = {
    "processVariableConditions: the operator is one of eq, neq, gt, gteq, lt, lteq, like, in, not notLike": condition("n", "notLike", "a"),
    "processVariableConditions: the operator is one of eq, neq, gt, gteq, lt, lteq, like, in, not null": {"name": "n"},
    "processVariableConditions: the name is null": {"operator": "eq", "value": 1},
    "value: a list is due, not 5": condition("n", "in", 5),
    f"processVariableConditions: at most {MOST} values are allowed in a request, not {MOST + 1}": condition("n", "in", [1] * (MOST + 1)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_conditions_that_cannot_be_read_are_refused(base: str, message: str) -> None:
    answer = fetch(base, REFUSED[message])

    assert (answer.status_code, answer.json()) == (400, {"type": "InvalidRequestException", "message": message, "code": None})


def test_a_comparison_that_makes_no_sense_is_refused_as_in_lists(base: str) -> None:
    answer = fetch(base, condition("n", "gt", True))

    assert (answer.status_code, answer.json()["message"]) == (500, "Booleans and null cannot be used in 'greater than' condition")
