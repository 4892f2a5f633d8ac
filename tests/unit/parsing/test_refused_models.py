"""The models of the acceptance scenarios `bpmn_refused` are refused with the errors and warnings that Camunda 7.24 answered."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import pytest

from domain.parsing import ModelRefused, Problem, is_model_name, parse_model
from domain.refusals import ExecutionFailed
from tests.acceptance.oracle import golden
from tests.acceptance.oracle.api import Api
from tests.acceptance.oracle.play import Scenario, scenarios

# As long as the token of a recorded run, or columns would differ.
RUN = "r0123456789"
SCENARIOS = {
    scenario.name: scenario
    for scenario in scenarios(pick="^scenario_(?!two_definitions_claim)")
    if scenario.name.startswith("bpmn_refused.")
}


class Deployments(Api):
    """Reads what a scenario deploys instead of sending it, up to the first file that is refused."""

    def __init__(self) -> None:
        super().__init__("", [])
        self.answer: Any = None

    def deploy(self, *files: str | tuple[str, str], hidden: bool = True, name: str = "", omit: Collection[str] = (), **fields: str) -> Any:
        for file, text in (file for file in files if isinstance(file, tuple)):
            if self.answer is None and is_model_name(file):
                self.answer = answer(file, text.replace("__RUN__", RUN).encode())
        if isinstance(self.answer, dict):
            self.answer = {key: value for key, value in self.answer.items() if key not in omit}
        return {"id": ""}

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        return {}


def answer(file: str, content: bytes) -> Any:
    """What a client would be told about a file; None if it is accepted."""
    try:
        parse_model(file, content, enforce_history_time_to_live=True)
    except ModelRefused as refused:
        details = {"errors": list(map(shown, refused.errors)), "warnings": list(map(shown, refused.warnings))}
        return {"type": "ParseException", "code": 0, "message": refused.message, "details": {refused.resource: details}}
    except ExecutionFailed as failed:
        return {"type": failed.kind, "code": 0, "message": failed.message}
    return None


def shown(problem: Problem) -> dict[str, Any]:
    return {
        "message": problem.message,
        "line": problem.line,
        "column": problem.column,
        "mainElementId": problem.main_element_id,
        "\u0435lementIds": list(problem.element_ids),
    }


def camundas(name: str) -> Any:
    """What Camunda answered to the deployment; None if it accepted it."""
    trace = golden.read(golden.CAMUNDA, name)
    assert trace is not None
    first = trace[0]
    return first["body"] if first["call"].startswith("POST /deployment") and first["status"] >= 400 else None


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_model_is_refused_as_by_camunda(scenario: Scenario) -> None:
    deployments = Deployments()
    wanted = camundas(scenario.name)

    scenario.play(deployments)

    got = json.loads(json.dumps(deployments.answer).replace(RUN, "<run>"))
    if wanted is None and got is not None:
        assert "gesta does not run" in got["message"]
    else:
        assert got == wanted
