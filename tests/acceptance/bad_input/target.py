"""A server that is sent what nobody should send, and what runs on it: one instance whose one task is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.acceptance.bad_input import wire
from tests.acceptance.bad_input.wire import Answer
from tests.acceptance.shared_server import deploy, lock, post
from tests.integration.models import model, scope
from tests.server import RunningServer

KEY, TOPIC, WORKER = "target", "work", "owner"
UNKNOWN = "0193f000-0000-7abc-8abc-def00000000a"
MODEL = model(KEY, scope(f"start > {TOPIC} > end"))
CRASH = "The request failed inside gesta"


@dataclass(frozen=True)
class Target:
    """The server, the instance and its task."""

    server: RunningServer
    instance: str
    task: str

    def send(self, *pieces: Any) -> Answer:
        """Send bytes; the answer that there has to be."""
        answer = wire.send(self.server.address, *pieces)
        assert answer is not None, "the server hung up without an answer"
        return answer

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json", *headers: str) -> Answer:
        """Send one request below the REST API's path."""
        return self.send(wire.request(method, f"/engine-rest{path}", body, content_type, *headers))

    def complete(self, body: bytes, content_type: str = "application/json") -> Answer:
        """Ask for the completion of the task."""
        return self.ask("POST", f"/external-task/{self.task}/complete", body, content_type)

    def post(self, path: str, body: Any) -> httpx.Response:
        """Send well-formed JSON."""
        return httpx.post(f"{self.server.base}{path}", json=body, timeout=wire.PATIENCE)

    def deploy(self, content: bytes, name: str = "model.bpmn", **fields: str) -> httpx.Response:
        """Deploy a file."""
        return httpx.post(f"{self.server.base}/deployment/create", data=fields, files={"data": (name, content)}, timeout=wire.PATIENCE)


def prepared(server: RunningServer) -> Target:
    """Let something run on a server."""
    deploy(server.base, MODEL.name, MODEL.content)
    instance = post(server.base, f"/process-definition/key/{KEY}/start", {"businessKey": "stays"})["id"]
    (task,) = lock(server.base, TOPIC, worker=WORKER, duration=3_600_000)
    return Target(server, instance, task["id"])


def refusal(answer: Answer | httpx.Response) -> tuple[int, str, str]:
    """Status, type and message of an error; every one has the contract's body, and none tells a crash."""
    if isinstance(answer, httpx.Response):
        answer = Answer(answer.status_code, dict(answer.headers), answer.json())
    assert answer.headers["content-type"] == "application/json"
    assert {"type", "message", "code"} <= answer.body.keys()
    assert "Traceback" not in str(answer.body)
    assert not answer.body["message"].startswith(CRASH)
    return answer.status, answer.body["type"], answer.body["message"]
