"""Workers of two servers on one database, side by side: they share topics, and each touches instances of the other."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.acceptance.faults.chain import KEY, TOPICS
from tests.acceptance.faults.outlet import PATIENCE

LONG, SHORT = 120_000, 30
"""Locks, in ms: that of a worker who works, and that of one who takes tasks and is not heard of again."""
AT_ONCE = 5


class Worker:
    """Fetches from one server and reports to the other one."""

    def __init__(self, name: str, own: str, other: str, answers: Counter[str]) -> None:
        self._name, self._answers = name, answers
        self._own, self._other = (httpx.Client(base_url=base, timeout=PATIENCE) for base in (own, other))

    def start(self, instances: int) -> None:
        """Start instances, on either server in turn."""
        for number in range(instances):
            self._post((self._own, self._other)[number % 2], f"/process-definition/key/{KEY}/start", {})

    def work(self) -> None:
        """Complete whatever there is until every instance has ended; every seventh task fails first."""
        while self._own.get("/process-instance/count").json()["count"]:
            for task in self._fetch(LONG):
                fails = int(task["id"][-9:], 16) % 7 == 0 and task["retries"] is None
                report = {"workerId": self._name, **({"retries": 1, "errorMessage": "once"} if fails else {})}
                self._post(self._other, f"/external-task/{task['id']}/{'failure' if fails else 'complete'}", report)
            self._fetch(SHORT)
        self._own.close()
        self._other.close()

    def _fetch(self, duration: int) -> list[dict[str, Any]]:
        topics = [{"topicName": topic, "lockDuration": duration} for topic in TOPICS]
        request = {"workerId": self._name, "maxTasks": AT_ONCE, "asyncResponseTimeout": 2 * SHORT, "topics": topics}
        found: list[dict[str, Any]] = self._post(self._own, "/external-task/fetchAndLock", request).json()
        return found

    def _post(self, server: httpx.Client, path: str, body: object) -> httpx.Response:
        answer = server.post(path, json=body)
        self._answers[f"{path.rpartition('/')[2]}: {answer.status_code} {answer.text if answer.status_code >= 300 else ''}".strip()] += 1
        return answer


def worked_off(bases: tuple[str, str], workers: int, instances: int) -> Counter[str]:
    """Start instances and carry them to their end with workers on both servers; how often each answer was given."""
    answers: Counter[str] = Counter()
    crew = [Worker(f"worker {n}", bases[n % 2], bases[1 - n % 2], answers) for n in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(worker.start, instances) for worker in crew] + [pool.submit(worker.work) for worker in crew]:
            done.result()
    return answers
