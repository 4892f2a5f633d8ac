"""A client that is generated from the server's own description, by a tool that knows nothing else of it."""

from __future__ import annotations

import pytest

from tests.acceptance.clients.conftest import Employ
from tests.acceptance.clients.engine import Engine
from tests.acceptance.clients.programs import GENERATED
from tests.acceptance.clients.working import Worker

NAME = "generated-order"


@pytest.fixture(scope="module")
def generated(employ: Employ) -> Worker:
    return employ(GENERATED)


def test_it_deploys_starts_fetches_and_completes(generated: Worker, engine: Engine) -> None:
    saw = generated.run("order", NAME)

    (instance,) = engine.get("/process-instance", processDefinitionKey=NAME)
    assert saw == [
        {"saw": "generator", "warnings": 0},
        {"saw": "deployed", "name": NAME, "key": NAME, "version": 1},
        {"saw": "started", "id": instance["id"], "businessKey": "order-7", "ended": False},
        {"saw": "locked", "worker": "generated", "businessKey": "order-7", "amount": 3, "type": "Integer"},
        {"saw": "completed", "answer": None},
        {"saw": "refused", "type": "RestException", "code": 0},
        {"saw": "left", "tasks": 0, "total": 4.5},
    ]
    assert engine.waiting_at(instance["id"]) == ["after"]
