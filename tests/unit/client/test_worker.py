"""The worker: what it fetches, how many tasks it takes, what follows errors, how it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from gesta_client import BackOff, BadRequest, ExternalTask, ExternalTaskService, Worker, WorkerOptions
from tests.unit.client.builders import AT_ONCE, Answer, FakeServer, error_answer, let_others_run, locked_task, run


def worker(server: FakeServer, **options: Any) -> Worker:
    return Worker(server.client(), WorkerOptions(worker_id="worker-1", back_off=AT_ONCE, **options))


async def complete(task: ExternalTask, service: ExternalTaskService) -> None:
    await service.complete(task, {"seen": task.id})


async def fail(task: ExternalTask, service: ExternalTaskService) -> None:
    raise RuntimeError("the terminal is down")


class Gate:
    """A handler that works until it is opened."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.opened = asyncio.Event()

    async def __call__(self, task: ExternalTask, service: ExternalTaskService, /) -> None:
        self.entered.append(task.id)
        await self.opened.wait()
        await service.complete(task)


async def work_until(server: FakeServer, working: Worker, ending: str, number: int = 1) -> None:
    """Run the worker until the server has got so many requests, then let it end in order."""
    async with asyncio.TaskGroup() as group:
        group.create_task(working.run())
        await server.until(ending, number)
        working.stop()
        server.polls_over.set()


def test_a_task_goes_to_the_handler_of_its_topic() -> None:
    server = FakeServer(fetches=[[locked_task("a", "charge-card"), locked_task("b", "ship-order")]])
    working = worker(server)
    working.subscribe("charge-card", complete)
    working.subscribe("ship-order", fail)

    run(work_until(server, working, "/failure"))

    assert [path for path, _ in server.requests if "fetchAndLock" not in path] == ["/external-task/a/complete", "/external-task/b/failure"]
    assert server.bodies("/a/complete")[0]["variables"]["seen"]["value"] == "a"


def test_one_long_poll_serves_all_topics() -> None:
    server = FakeServer()
    working = worker(server, max_tasks=7, concurrency=9, long_poll=1000, use_priority=True)
    working.subscribe("charge-card", complete, lock_duration=5000, variables=["amount"], process_variables={"my_name": 1})
    working.subscribe("ship-order", complete, process_definition_key_in=["order"], without_tenant_id=True)

    run(work_until(server, working, "/fetchAndLock"))

    assert server.bodies("/fetchAndLock") == [
        {
            "workerId": "worker-1",
            "maxTasks": 7,
            "usePriority": True,
            "asyncResponseTimeout": 1000,
            "topics": [
                {"topicName": "charge-card", "lockDuration": 5000, "variables": ["amount"], "processVariables": {"my_name": 1}},
                {"topicName": "ship-order", "lockDuration": 60000, "processDefinitionKeyIn": ["order"], "withoutTenantId": True},
            ],
        }
    ]


def test_an_exception_becomes_a_failure_with_one_retry_less() -> None:
    server = FakeServer(fetches=[[locked_task("new"), locked_task("old", retries=1)]])
    working = worker(server)
    working.subscribe("charge-card", fail)

    run(work_until(server, working, "/failure", 2))

    new, old = server.bodies("/new/failure")[0], server.bodies("/old/failure")[0]
    assert new["errorMessage"] == "RuntimeError: the terminal is down"
    assert new["errorDetails"].startswith("Traceback") and "in fail" in new["errorDetails"]
    assert (new["retries"], old["retries"]) == (2, 0)


def test_a_failure_that_cannot_be_reported_does_not_end_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    gone = error_answer(404, "External task with id a does not exist")
    server = FakeServer(fetches=[[locked_task("a")], [locked_task("b")]], commands=[gone])
    working = worker(server, concurrency=1)
    working.subscribe("charge-card", fail)

    run(work_until(server, working, "/b/failure"))

    assert "the failure of task a (charge-card) cannot be reported" in caplog.text


def test_no_more_tasks_are_fetched_than_slots_are_free() -> None:
    server = FakeServer(fetches=[[locked_task("a"), locked_task("b")], [locked_task("c")]])
    working = worker(server, concurrency=3)

    async def scenario() -> None:
        gate = Gate()
        working.subscribe("charge-card", gate)
        async with asyncio.TaskGroup() as group:
            group.create_task(working.run())
            await server.until("/fetchAndLock", 2)
            await let_others_run()
            assert gate.entered == ["a", "b", "c"]
            assert len(server.bodies("/fetchAndLock")) == 2
            gate.opened.set()
            await server.until("/fetchAndLock", 3)
            working.stop()
            server.polls_over.set()

    run(scenario())

    asked = [body["maxTasks"] for body in server.bodies("/fetchAndLock")]
    assert asked[:2] == [3, 1]
    assert asked[2] >= 1


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("too slow"),
        httpx.Response(503),
        error_answer(500, "Request rejected due to shutdown of application server."),
    ],
)
def test_the_worker_outlives_a_server_that_does_not_answer(trouble: Answer) -> None:
    server = FakeServer(fetches=[trouble, trouble, [locked_task()]])
    working = worker(server)
    working.subscribe("charge-card", complete)

    run(work_until(server, working, "/complete"))

    assert len(server.bodies("/fetchAndLock")) >= 3


def test_a_fetch_that_is_refused_ends_the_worker_after_the_tasks_in_work() -> None:
    refusal = error_answer(400, "The asynchronous response timeout cannot be set to a value greater than 1800000")
    server = FakeServer(fetches=[[locked_task("a")], refusal])
    working = worker(server)
    working.subscribe("charge-card", complete)

    with pytest.raises(BadRequest, match="asynchronous response timeout"):
        run(working.run())

    assert len(server.bodies("/a/complete")) == 1


def test_stop_lets_the_tasks_in_work_be_done() -> None:
    server = FakeServer(fetches=[[locked_task("a")]])
    working = worker(server)

    async def scenario() -> None:
        gate = Gate()
        working.subscribe("charge-card", gate)
        running = asyncio.create_task(working.run())
        await server.until("/fetchAndLock", 2)
        await let_others_run()
        working.stop()
        server.polls_over.set()
        await let_others_run()
        assert not running.done()
        gate.opened.set()
        await running

    run(scenario())

    assert [path for path, _ in server.requests] == [
        "/external-task/fetchAndLock",
        "/external-task/fetchAndLock",
        "/external-task/a/complete",
    ]


def test_stop_awaits_the_long_poll_and_its_tasks() -> None:
    server = FakeServer()
    working = worker(server)
    working.subscribe("charge-card", complete)

    async def scenario() -> None:
        running = asyncio.create_task(working.run())
        await server.until("/fetchAndLock")
        working.stop()
        server.fetches.append([locked_task("late")])
        server.polls_over.set()
        await running

    run(scenario())

    assert [path for path, _ in server.requests] == ["/external-task/fetchAndLock", "/external-task/late/complete"]


def test_stop_ends_a_pause_after_an_error() -> None:
    server = FakeServer(fetches=[httpx.ConnectError("refused")])
    working = Worker(server.client(), WorkerOptions(back_off=BackOff(first=3600, most=3600)))
    working.subscribe("charge-card", complete)

    async def scenario() -> None:
        running = asyncio.create_task(working.run())
        await server.until("/fetchAndLock")
        await let_others_run()
        working.stop()
        await running

    run(scenario())

    assert len(server.requests) == 1


def test_a_cancelled_worker_gives_its_tasks_back() -> None:
    server = FakeServer(fetches=[[locked_task("a")]])
    working = worker(server)

    async def scenario() -> None:
        gate = Gate()
        working.subscribe("charge-card", gate)
        running = asyncio.create_task(working.run())
        await server.until("/fetchAndLock", 2)
        await let_others_run()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    run(scenario())

    assert server.requests[-1] == ("/external-task/a/unlock", {})


def test_a_topic_has_one_handler() -> None:
    working = worker(FakeServer())
    working.subscribe("charge-card", complete)

    with pytest.raises(ValueError, match="'charge-card' is subscribed already"):
        working.subscribe("charge-card", fail)


def test_a_worker_without_topics_does_not_run() -> None:
    with pytest.raises(ValueError, match="call subscribe first"):
        run(worker(FakeServer()).run())


def test_a_lock_needs_a_duration() -> None:
    with pytest.raises(ValueError, match="lock_duration=0 must be above 0 ms"):
        worker(FakeServer()).subscribe("charge-card", complete, lock_duration=0)
