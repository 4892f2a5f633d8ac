"""What every client can do: wait for work, fail, raise a BPMN error."""

from __future__ import annotations

from typing import Any

from tests.acceptance.clients.engine import Engine
from tests.acceptance.clients.values import integer, text
from tests.acceptance.clients.working import POLLING, Worker


def locked(worker: Worker) -> tuple[str, dict[str, Any]]:
    return "ExternalTaskLocked", {"workerId": worker.name, "lockDuration": 40_000, "lockedFor": 40_000}


def failed(worker: Worker, left: int) -> tuple[str, dict[str, Any]]:
    """A failure as it is recorded; the Python client sends no variables with it."""
    error = {"errorMessage": "no paper", "errorDetails": f"tray {left}", "retries": left, "retryTimeout": 0}
    variables = {} if worker.name == "python" else {"left": integer(left)}
    return "ExternalTaskFailed", {"workerId": worker.name, **error, "variables": variables, "localVariables": {}}


def test_long_poll_brings_the_task_that_appears_while_it_waits_and_no_other(worker: Worker, engine: Engine) -> None:
    name = f"{worker.name}-waits"
    engine.deploy(name)
    before = engine.moment()

    with worker.start("waits", name) as work:
        polls = work.next()
        engine.await_poll(before)
        other = engine.start(name, {"amount": {"value": 2}, "ready": {"value": False}})
        wanted = engine.start(name, {"amount": {"value": 3}, "ready": {"value": True}}, business_key="order-7")
        saw = work.rest()

    task, others_task = engine.task(wanted), engine.task(other)
    shown = {"activity": "work", "businessKey": "order-7", "priority": 7, "properties": {"unit": "EUR"}, "variables": {"amount": 3}}
    assert [polls, *saw] == [POLLING, {"saw": "task", "id": task, **shown}]
    assert engine.work_on(task) == [
        locked(worker),
        ("ExternalTaskCompleted", {"workerId": worker.name, "variables": {}, "localVariables": {}}),
    ]
    assert engine.work_on(others_task) == []


def test_failures_count_down_to_an_incident(worker: Worker, engine: Engine) -> None:
    instance = engine.begin(f"{worker.name}-failure")

    saw = worker.run("failure", f"{worker.name}-failure")

    task = engine.task(instance)
    assert saw == [
        {"saw": "attempt", "retries": None, "message": None, "details": None},
        {"saw": "attempt", "retries": 2, "message": "no paper", "details": "tray 2"},
        {"saw": "attempt", "retries": 1, "message": "no paper", "details": "tray 1"},
    ]
    assert engine.work_on(task) == [fact for left in (2, 1, 0) for fact in (locked(worker), failed(worker, left))]
    message = {"incidentMessage": "no paper", "activityId": "work"}
    assert engine.incidents(instance) == [{"incidentType": "failedExternalTask", "configuration": task, **message}]


def test_bpmn_error_is_caught_by_the_boundary_event(worker: Worker, engine: Engine) -> None:
    instance = engine.begin(f"{worker.name}-error")

    saw = worker.run("error", f"{worker.name}-error")

    assert saw == []
    raised = {"errorCode": "trouble", "errorMessage": "out of stock", "variables": {"missing": integer(3)}}
    assert engine.work_on(engine.task(instance)) == [
        locked(worker),
        ("ExternalTaskBpmnErrorRaised", {"workerId": worker.name, **raised}),
    ]
    assert engine.waiting_at(instance) == ["repair"]
    assert engine.variables(instance) == {
        "code": text("trouble"),
        "reason": text("out of stock"),
        "missing": integer(3),
        "kept": text("the model"),
    }
