"""Clients at work: each starts instances and completes whatever tasks it gets, and notes what it is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx

from domain.ids import make_id
from tests.acceptance.faults.chain import KEY, TOPICS
from tests.acceptance.faults.ledger import Ledger
from tests.acceptance.faults.outlet import Line, Outlet

LOCK = 1500
"""In ms: a task whose worker never heard of it is soon another's."""
AT_ONCE = 4
AWAY = "The database does not answer"
REFUSALS = (
    (404, "External task with id {task} does not exist"),
    (400, "External Task {task} cannot be completed by worker '{worker}'. It"),
)
"""What a worker may be told that comes late: the task is done, or another's."""


class Client:
    """Does one thing after another. One that is `careful` gives its completions an id too, and sends them again under the same one."""

    def __init__(self, name: str, outlet: Outlet, ledger: Ledger, draw: Random, careful: bool = True) -> None:
        self._name = name
        self._line = Line(outlet)
        self._ledger = ledger
        self._draw = draw
        self._careful = careful

    def run(self) -> None:
        """Work until the ledger is closed."""
        while not self._ledger.closed.is_set():
            self._start()
            for task in self._fetch(wait=0):
                self._complete(task)
        self._line.close()

    def finish(self) -> None:
        """Carry all instances to their end."""
        while self._running():
            tasks = self._fetch(wait=3 * LOCK)
            assert tasks, f"{self._running()} instances do not go on"
            for task in tasks:
                self._complete(task)
        self._line.close()

    def _start(self) -> None:
        command = self._command()
        answer, _ = self._ask(f"/process-definition/key/{KEY}/start", variables(started=command), command)
        if answer.status_code == 200:
            self._ledger.start(command, answer.json()["id"])
        else:
            self._strange("start", answer)

    def _fetch(self, wait: int) -> list[dict[str, Any]]:
        topics = [{"topicName": topic, "lockDuration": LOCK} for topic in TOPICS]
        request = {"workerId": self._name, "maxTasks": 5, "asyncResponseTimeout": wait, "topics": topics}
        answer, _ = self._ask("/external-task/fetchAndLock", request, None)
        if answer.status_code == 200:
            locked: list[dict[str, Any]] = answer.json()
            return locked
        self._strange("fetchAndLock", answer)
        return []

    def _complete(self, task: dict[str, Any]) -> None:
        command, name = self._command(), task["id"]
        body = {"workerId": self._name, **variables(**{task["activityId"]: command})}
        answer, once = self._ask(f"/external-task/{name}/complete", body, command if self._careful else None)
        if answer.status_code == 204:
            self._ledger.complete(command, name)
        elif not any(says(answer, status, text.format(task=name, worker=self._name)) for status, text in REFUSALS):
            self._strange("complete", answer)
        elif once or self._careful:
            self._ledger.refused.add(command)

    def _ask(self, path: str, body: object, command: str | None) -> tuple[httpx.Response, bool]:
        """Send until the database answers too; and whether it was sent once only."""
        once = True
        while True:
            answer, sent_once = self._line.post(path, body, command)
            once = once and sent_once
            if not says(answer, 500, AWAY):
                return answer, once
            once = False

    def _running(self) -> int:
        answer, _ = self._line.post("/process-instance/count", {})
        return int(answer.json()["count"])

    def _command(self) -> str:
        return make_id(time.time_ns() // 1_000_000, self._draw.getrandbits(74))

    def _strange(self, what: str, answer: httpx.Response) -> None:
        self._ledger.strange.append(f"{what}: {answer.status_code} {answer.text[:300]}")


def variables(**values: str) -> dict[str, Any]:
    """The part of a request that sets variables."""
    return {"variables": {name: {"value": value, "type": "String"} for name, value in values.items()}}


def says(answer: httpx.Response, status: int, text: str) -> bool:
    """Tell whether an answer is an error whose message begins so."""
    return answer.status_code == status and str(answer.json()["message"]).startswith(text)


@contextmanager
def crew(outlet: Outlet, ledger: Ledger, draw: Random) -> Iterator[None]:
    """Several clients at work, every second one careful, until the end of the context."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        clients = [Client(f"client {n}", outlet, ledger, Random(draw.random()), careful=n % 2 == 0) for n in range(AT_ONCE)]
        working = [pool.submit(client.run) for client in clients]
        try:
            yield
        finally:
            ledger.closed.set()
        for work in working:
            work.result()
