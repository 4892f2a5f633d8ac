"""While the server is busy with what is hostile, others are answered: whoever asks in between is answered in between."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.bad_input.attempts import LABORIOUS, RESTLESS, VARIABLES, model_with
from tests.acceptance.bad_input.target import Target, refusal
from tests.acceptance.bad_input.wire import PATIENCE
from tests.integration.models import model, task

FEWEST = 3
"""Answers in between: one could have been on its way already."""
TOO_MUCH = "it takes too many steps"
Prepare: TypeAlias = Callable[[Target], Callable[[], httpx.Response]]
"""Makes the server ready for a hostile request; returns that request."""


def a_start(expression: str) -> Prepare:
    """The start of a process that computes an expression."""

    def prepare(target: Target) -> Callable[[], httpx.Response]:
        key = f"key-{uuid4()}"
        target.deploy(model_with(key, expression, "input")).raise_for_status()
        return lambda: target.post(f"/process-definition/key/{key}/start", {"variables": VARIABLES})

    return prepare


def a_deployment(key: str, content: str) -> Prepare:
    """The deployment of a large model."""
    return lambda target: lambda: target.deploy(model(key, f'<startEvent id="start"/>{content}').content)


def a_restless_start(target: Target) -> Callable[[], httpx.Response]:
    """The start of a process that never comes to rest."""
    target.deploy(RESTLESS.content).raise_for_status()
    return lambda: target.post("/process-definition/key/restless/start", {})


TASKS = "".join(task(f"task{number}") for number in range(20_000))
HOSTILE = {
    **{name: (a_start(expression), TOO_MUCH) for name, expression in LABORIOUS.items()},
    "a process that never rests": (a_restless_start, "a loop that waits for nobody."),
    "a model of 20,000 tasks": (a_deployment("p", TASKS), None),
    "50,000 elements that are wrong": (a_deployment("q", "<serviceTask/>" * 50_000), "more"),
}


@pytest.mark.parametrize(("prepare", "end_of_refusal"), HOSTILE.values(), ids=HOSTILE)
def test_health_is_told_in_between(changing_target: Target, prepare: Prepare, end_of_refusal: str | None) -> None:
    hostile = prepare(changing_target)

    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=changing_target.server.address, timeout=PATIENCE) as client:
        client.get("/gesta/health").raise_for_status()
        busy, answered = pool.submit(hostile), 0
        while not busy.done():
            client.get("/gesta/health").raise_for_status()
            answered += not busy.done()

    assert answered >= FEWEST
    if end_of_refusal is None:
        assert busy.result().status_code == 200
    else:
        assert refusal(busy.result())[2].endswith(end_of_refusal)
