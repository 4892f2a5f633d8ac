"""The Python worker client against a running server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from gesta_client import ExternalTask, RetryPolicy, WorkerOptions
from tests.acceptance.shared_server import deploy, get, shared_server
from tests.acceptance.worker_handlers import Gate, Hopeless, Invalid, Late, Modest, Patient, Seen, Unsteady
from tests.acceptance.workers import SHORT_POLL, Running, one_task, run, started, working
from tests.integration.models import model, scope, task

FOREVER = 1_800_000
"""ms: a long poll that no test waits for."""


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        yield server.base


def open_tasks(base: str, topic: str, **filters: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(base, "/external-task", topicName=topic, **filters)
    return found


def test_a_long_poll_brings_a_task_that_comes_later(base: str) -> None:
    one_task(base, "later")
    seen = Seen()

    async def scenario() -> None:
        async with working(base, "later", seen, WorkerOptions(long_poll=FOREVER)) as running:
            await running.line.until(1)
            instance = await asyncio.to_thread(started, base, "later")
            (received,) = await seen.until(1)
            await running.line.until(2)
            assert received.process_instance_id == instance
            assert running.line.fetches == 2
            running.ended.cancel()

    run(scenario())


def test_an_exception_is_a_failure_and_the_task_comes_again(base: str) -> None:
    one_task(base, "failing")
    instance = started(base, "failing")
    unsteady = Unsteady()

    async def scenario() -> list[ExternalTask]:
        options = WorkerOptions(worker_id="worker", long_poll=SHORT_POLL, retry=RetryPolicy(attempts=3))
        async with working(base, "failing", unsteady, options):
            return await unsteady.until(3)

    first, second, third = run(scenario())

    assert first.id == second.id == third.id
    assert [(task.retries, task.error_message) for task in (first, second, third)] == [
        (None, None),
        (2, "RuntimeError: the terminal is down"),
        (1, "RuntimeError: the terminal is down"),
    ]
    assert "Traceback (most recent call last)" in (third.error_details or "")
    assert [found["processInstanceId"] for found in open_tasks(base, "failing-after")] == [instance]


def test_a_failure_without_retries_is_an_incident(base: str) -> None:
    one_task(base, "hopeless")
    instance = started(base, "hopeless")
    hopeless = Hopeless()

    async def scenario() -> list[ExternalTask]:
        async with working(base, "hopeless", hopeless):
            return await hopeless.until(1)

    (failed,) = run(scenario())

    (incident,) = get(base, "/incident", processInstanceId=instance)
    assert (incident["configuration"], incident["incidentMessage"]) == (failed.id, "out of stock")
    assert get(base, f"/process-instance/{instance}/variables/tried")["value"] == 1
    assert [(found["retries"], found["errorMessage"]) for found in open_tasks(base, "hopeless")] == [(0, "out of stock")]


def test_a_bpmn_error_goes_on_at_the_event_that_catches_it(base: str) -> None:
    caught = '<boundaryEvent id="caught" attachedToRef="work"><errorEventDefinition errorRef="error"/></boundaryEvent>'
    flows = scope("start > work > end; caught > repair > end", task("work", topic="erring"), task("repair", topic="repair"), caught)
    deploy(base, "erring.bpmn", model("erring", flows).content)
    instance = started(base, "erring")
    invalid, seen = Invalid(), Seen()

    async def scenario() -> list[ExternalTask]:
        async with working(base, "erring", invalid), working(base, "repair", seen):
            await invalid.until(1)
            return await seen.until(1)

    (repaired,) = run(scenario())

    assert (repaired.process_instance_id, dict(repaired.variables)) == (instance, {"reason": "none left"})
    assert get(base, "/process-instance", processInstanceIds=instance) == []


def test_a_lock_is_extended(base: str) -> None:
    one_task(base, "patient")
    started(base, "patient")
    patient = Patient()

    async def scenario() -> list[ExternalTask]:
        async with working(base, "patient", patient, lock_duration=60_000):
            return await patient.until(1)

    (received,) = run(scenario())

    (kept,) = open_tasks(base, "patient", workerId="worker")
    until = datetime.strptime(kept["lockExpirationTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert received.lock_expiration_time is not None
    assert until - received.lock_expiration_time > timedelta(minutes=58)


def test_a_lock_that_is_over_cannot_be_extended_but_the_task_can_be_completed(base: str) -> None:
    one_task(base, "late")
    instance = started(base, "late")
    late = Late()

    async def scenario() -> None:
        async with working(base, "late", late, WorkerOptions(long_poll=0, concurrency=1)):
            await late.until(1)

    run(scenario())

    assert [found["processInstanceId"] for found in open_tasks(base, "late-after")] == [instance]


def test_a_task_that_is_given_back_comes_again_as_it_was(base: str) -> None:
    one_task(base, "modest")
    started(base, "modest")
    modest = Modest()

    async def scenario() -> list[ExternalTask]:
        async with working(base, "modest", modest, WorkerOptions(worker_id="worker", long_poll=SHORT_POLL, concurrency=1)):
            return await modest.until(2)

    first, second = run(scenario())

    assert (first.id, first.retries) == (second.id, second.retries)


def test_no_more_tasks_are_locked_than_are_worked_on(base: str) -> None:
    one_task(base, "crowded")
    for _ in range(5):
        started(base, "crowded")

    async def scenario() -> Gate:
        gate = Gate()
        options = WorkerOptions(worker_id="worker", long_poll=SHORT_POLL, concurrency=2, max_tasks=5)
        async with working(base, "crowded", gate, options):
            await gate.until_inside(2)
            locked = await asyncio.to_thread(open_tasks, base, "crowded", locked="true")
            assert len(locked) == 2
            gate.opened.set()
            await gate.until(5)
        return gate

    gate = run(scenario())

    assert (gate.most, len({task.id for task in gate.tasks})) == (2, 5)
    assert open_tasks(base, "crowded") == []


async def held(base: str, key: str, gate: Gate, running: Running) -> None:
    """Start an instance whose task the worker then holds."""
    await asyncio.to_thread(started, base, key)
    await gate.until_inside(1)


def test_stop_lets_the_task_in_work_be_done_and_begins_no_other(base: str) -> None:
    one_task(base, "stopping")

    async def scenario() -> None:
        gate = Gate()
        async with working(base, "stopping", gate, WorkerOptions(worker_id="worker", long_poll=SHORT_POLL, concurrency=1)) as running:
            await held(base, "stopping", gate, running)
            running.worker.stop()
            await asyncio.to_thread(started, base, "stopping")
            assert not running.ended.done()
            gate.opened.set()
            await running.ended
            assert len(gate.tasks) == 1

    run(scenario())

    assert len(open_tasks(base, "stopping-after")) == 1
    assert [found["workerId"] for found in open_tasks(base, "stopping")] == [None]


def test_a_task_that_the_last_poll_brings_is_done(base: str) -> None:
    one_task(base, "last")
    seen = Seen()

    async def scenario() -> None:
        async with working(base, "last", seen, WorkerOptions(long_poll=FOREVER)) as running:
            await running.line.until(1)
            running.worker.stop()
            await asyncio.to_thread(started, base, "last")
            await running.ended
            assert running.line.fetches == 1

    run(scenario())

    assert len(open_tasks(base, "last-after")) == 1


def test_a_cancelled_worker_gives_its_task_back(base: str) -> None:
    one_task(base, "cancelled")

    async def scenario() -> None:
        gate = Gate()
        async with working(base, "cancelled", gate) as running:
            await held(base, "cancelled", gate, running)
            running.ended.cancel()

    run(scenario())

    assert [(found["workerId"], found["lockExpirationTime"]) for found in open_tasks(base, "cancelled")] == [(None, None)]
