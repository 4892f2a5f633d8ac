"""What runs on the server while it is fuzzed: one of everything that has an id, named as in the description's examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from tests.integration.models import model, scope, task

KEY, TENANT, TOPIC, WORKER, MESSAGE = "aKey", "aTenant", "aTopic", "aWorker", "aMessage"
MODEL = model(
    KEY,
    scope(
        ";".join(f"fork > {name} > join" for name in ("anActivity", "broken", "ask", "wait", "later")) + ";start > fork;join > end",
        '<parallelGateway id="fork"/><parallelGateway id="join"/><userTask id="ask"/><receiveTask id="wait" messageRef="message"/>',
        task("anActivity", topic=TOPIC),
        task("broken", topic="broken"),
        '<intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>',
        "</intermediateCatchEvent>",
    ),
).content.replace(b"<process ", f'<message id="message" name="{MESSAGE}"/><process '.encode(), 1)
VARIABLES = {
    "amount": {"value": 42, "type": "Integer"},
    "aVarName": {"value": "dGV4dA==", "type": "Bytes"},
}
LISTS = {
    "execution": "/execution",
    "job": "/job",
    "job-definition": "/job-definition",
    "incident": "/incident",
    "task": "/task",
    "variable-instance": "/variable-instance",
    "history/activity-instance": "/history/activity-instance",
    "history/external-task-log": "/history/external-task-log",
    "history/variable-instance": "/history/variable-instance",
}
"""Where the ids of resources are found; the rest is known from making it."""


class World:
    """Makes a new instance of everything whenever it is asked to."""

    def __init__(self, base: str) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.base = base

    def make(self) -> Mapping[str, str]:
        """Make one of everything: ids by resource."""
        self._deploy(**{"tenant-id": TENANT})
        deployed = self._deploy()
        (definition,) = deployed["deployedProcessDefinitions"]
        instance = self._post(f"/process-definition/{definition}/start", json={"variables": VARIABLES, "businessKey": "aBusinessKey"})["id"]
        work, broken = self._lock(TOPIC, instance), self._lock("broken", instance)
        self._post(f"/external-task/{broken}/failure", json={"workerId": WORKER, "retries": 0, "errorDetails": "aTrace"})
        (resource,) = self._get(f"/deployment/{deployed['id']}/resources")
        ids = {"deployment": deployed["id"], "resource": resource["id"], "process-definition": definition}
        ids |= {"process-instance": instance, "history/process-instance": instance, "external-task": work}
        # Never ends, for there is no such task.
        batch = self._post("/external-task/retries-async", json={"retries": 3, "externalTaskIds": ["ghost"]})["id"]
        ids |= {"batch": batch, "history/batch": batch}
        return ids | {name: self._first(path, instance) for name, path in LISTS.items()}

    def _deploy(self, **fields: str) -> Any:
        return self._post("/deployment/create", files={"data": (f"{KEY}.bpmn", MODEL)}, data={"deployment-name": "aName", **fields})

    def _lock(self, topic: str, instance: str) -> str:
        """Lock the instance's task of a topic."""
        (found,) = self._get("/external-task", topicName=topic, processInstanceId=instance)
        self._post(f"/external-task/{found['id']}/lock", json={"workerId": WORKER, "lockDuration": 3_600_000})
        return str(found["id"])

    def _first(self, path: str, instance: str) -> str:
        found = self._get(path, processInstanceId=instance, processInstanceIdIn=instance, processDefinitionKey=KEY, maxResults="1")
        return str(found[0]["id"])

    def _get(self, path: str, **query: str) -> Any:
        return self._read(self.session.get(f"{self.base}{path}", params=query))

    def _post(self, path: str, **content: Any) -> Any:
        return self._read(self.session.post(f"{self.base}{path}", **content))

    def _read(self, answer: requests.Response) -> Any:
        assert answer.ok, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


def known(path: str, ids: Mapping[str, str]) -> dict[str, str]:
    """Values for a path's placeholders that name something."""
    parts = path.removeprefix("/engine-rest/").removeprefix("/gesta/").split("/")
    resource = "/".join(parts[: 2 if parts[0] == "history" else 1])
    named = {"id": ids.get(resource, ""), "resourceId": ids["resource"], "key": KEY, "tenant-id": TENANT}
    named |= {"varName": "aVarName" if parts[-1] == "data" else "amount", "messageName": MESSAGE}
    return {name: named[name] for name in (part[1:-1] for part in parts if part.startswith("{"))}
