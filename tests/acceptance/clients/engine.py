"""The server as the tests see it: models, instances and variables through its REST API, and the facts behind."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

MODEL = Path(__file__).resolve().parent / "work.bpmn"
LOOK_EVERY = 0.02
POLLS_WITHIN = 10


class Engine:
    """One server for all tests of the clients: what belongs to a test has the test's own name as process key and topic."""

    def __init__(self, base: str, conninfo: str) -> None:
        self.base = base
        self._conninfo = conninfo
        self._http = httpx.Client(base_url=base, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: str) -> Any:
        return self._answer(self._http.get(path, params=query)).json()

    def post(self, path: str, body: Any) -> Any:
        return self._answer(self._http.post(path, json=body)).json()

    def _answer(self, answer: httpx.Response) -> httpx.Response:
        assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
        return answer

    def deploy(self, name: str) -> None:
        """Deploy the model of all these tests under a name, which is its topic too."""
        file = (f"{name}.bpmn", MODEL.read_text().replace("NAME", name))
        self._answer(self._http.post("/deployment/create", files={"data": file}))

    def start(self, name: str, variables: dict[str, Any] | None = None, business_key: str | None = None) -> str:
        """Start an instance: its id."""
        body = {"variables": variables or {}, "businessKey": business_key}
        return str(self.post(f"/process-definition/key/{name}/start", body)["id"])

    def begin(self, name: str, variables: dict[str, Any] | None = None) -> str:
        """Deploy, and start an instance: its id."""
        self.deploy(name)
        return self.start(name, variables)

    def task(self, instance: str) -> str:
        """The id of the external task that an instance made, open or not."""
        (made,) = [fact["stream"] for fact in self._facts(f"process-instance/{instance}") if fact["fact"] == "ExternalTaskCreated"]
        return str(made)

    def variables(self, instance: str) -> dict[str, Any]:
        """The variables of an instance."""
        return dict(self.get(f"/process-instance/{instance}/variables", deserializeValues="false"))

    def execution(self, instance: str) -> str:
        """The id of the execution of an instance's open external task."""
        (task,) = self.get("/external-task", processInstanceId=instance)
        return str(task["executionId"])

    def download(self, instance: str, name: str) -> tuple[str, bytes]:
        """The content of a variable, after its media type."""
        answer = self._answer(self._http.get(f"/process-instance/{instance}/variables/{name}/data"))
        return answer.headers["content-type"], answer.content

    def upload(self, path: str, filename: str, content: bytes, media_type: str) -> None:
        """Set a file variable."""
        self._answer(self._http.post(path, files={"data": (filename, content, media_type)}, data={"valueType": "File"}))

    def waiting_at(self, instance: str) -> list[str]:
        """The user tasks that an instance waits at."""
        return [task["taskDefinitionKey"] for task in self.get("/task", processInstanceId=instance)]

    def incidents(self, instance: str) -> list[dict[str, Any]]:
        """What the open incidents of an instance say."""
        found = self.get("/incident", processInstanceId=instance)
        return [{key: incident[key] for key in ("incidentType", "configuration", "incidentMessage", "activityId")} for incident in found]

    def work_on(self, task: str) -> list[tuple[str, dict[str, Any]]]:
        """What was recorded of a task after it was created, in order: the facts' names and content.

        `lockedFor` (ms) stands for the end of a lock: how long after the fact it is.
        """
        facts = self._facts(f"external-task/{task}")
        assert facts[0]["fact"] == "ExternalTaskCreated"
        return [(fact["fact"], recorded(fact)) for fact in facts[1:]]

    def _facts(self, of: str) -> list[dict[str, Any]]:
        return list(self.get(f"{self.base.removesuffix('/engine-rest')}/gesta/{of}/facts"))

    def moment(self) -> datetime:
        """The database's clock."""
        now: datetime = self._row("SELECT clock_timestamp()")
        return now

    def await_poll(self, since: datetime) -> None:
        """Wait until the server has looked for tasks after a moment."""
        sql = "SELECT max(query_start) > %s FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%%fetch%%'"
        deadline = time.monotonic() + POLLS_WITHIN
        while not self._row(sql, since):
            assert time.monotonic() < deadline, "the server has not looked for tasks"
            time.sleep(LOOK_EVERY)

    def _row(self, sql: str, *parameters: object) -> Any:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            row = connection.execute(sql, parameters).fetchone()
        assert row
        return row[0]


def recorded(fact: dict[str, Any]) -> dict[str, Any]:
    """The content of a fact, with `lockedFor` in the place of `lockUntil`."""
    data = dict(fact["data"])
    if "lockUntil" in data:
        data["lockedFor"] = milliseconds(data.pop("lockUntil")) - milliseconds(fact["time"])
    return data


def milliseconds(date: str) -> int:
    """A date on the wire as epoch ms."""
    return round(datetime.strptime(date, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() * 1000)
