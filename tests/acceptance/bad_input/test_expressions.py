"""Expressions that try to break out, or to keep the engine busy for ever: refused by name, and no instance is left."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.acceptance.bad_input.attempts import AT_DEPLOYMENT, AT_START, RESTLESS, VARIABLES, model_with
from tests.acceptance.bad_input.target import Target, refusal
from tests.acceptance.shared_server import get


@pytest.mark.parametrize("expression", AT_DEPLOYMENT.values(), ids=AT_DEPLOYMENT)
@pytest.mark.parametrize("place", ["topic", "input"])
def test_what_is_no_expression_is_refused_at_deployment(target: Target, place: str, expression: str) -> None:
    status, kind, message = refusal(target.deploy(model_with(f"key-{uuid4()}", expression, place)))

    assert (status, kind) == (500, "ProcessEngineException")
    assert message.startswith("ENGINE-01009 Error while parsing process. ")


@pytest.mark.parametrize(("expression", "message"), AT_START.values(), ids=AT_START)
def test_what_cannot_be_computed_is_refused_at_the_start(changing_target: Target, expression: str, message: str) -> None:
    key = f"key-{uuid4()}"
    changing_target.deploy(model_with(key, expression, "input")).raise_for_status()

    answer = changing_target.post(f"/process-definition/key/{key}/start", {"variables": VARIABLES})

    status, kind, said = refusal(answer)
    assert (status, kind) == (500, "RestException")
    assert said.startswith("Cannot instantiate process definition ")
    assert said.partition(": ")[2].startswith(message)
    assert get(changing_target.server.base, "/process-instance/count", processDefinitionKey=key) == {"count": 0}


def test_a_process_that_never_rests_is_refused(changing_target: Target) -> None:
    changing_target.deploy(RESTLESS.content).raise_for_status()

    status, kind, message = refusal(changing_target.post("/process-definition/key/restless/start", {}))

    assert (status, kind) == (500, "RestException")
    assert message.endswith("its model has a loop that waits for nobody.")
    assert get(changing_target.server.base, "/process-instance/count", processDefinitionKey="restless") == {"count": 0}
