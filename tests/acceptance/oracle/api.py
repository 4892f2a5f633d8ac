"""The server as a scenario sees it. Every call returns the parsed body and is recorded."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Collection
from email.message import Message
from pathlib import Path
from typing import Any

from tests.acceptance.oracle.trace import Json, RecordedStep, Unordered

HEADERS = ("content-type", "content-disposition")
ANSWER_WITHIN = 60
LONGEST_RAW_BODY = 2000
LOOK_EVERY = 0.2


class Api:
    """One run of one scenario: its token, its calls and what they answered."""

    def __init__(self, base: str, models: list[Path]) -> None:
        self.base, self.models, self.run = base.rstrip("/"), models, "r" + uuid.uuid4().hex[:10]
        self.trace: list[RecordedStep] = []
        self.status = 0
        self._deployments: list[str] = []

    def get(self, path: str, **options: Any) -> Json:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Json = None, **options: Any) -> Json:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Json = None, **options: Any) -> Json:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, body: Json = None, **options: Any) -> Json:
        return self.call("DELETE", path, body, **options)

    def call(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        raw: bytes | None = None,
        content_type: str | None = None,
        accept: str | None = "application/json",
        unordered: Unordered = False,
        hidden: bool = False,
        omit: Collection[str] = (),
        status_only: bool = False,
        keep: Callable[[Json], bool] | None = None,
    ) -> Json:
        """Send one request and record its answer.

        `unordered`: the order of a returned list does not count ("deep": nor that of lists inside). `hidden`: not recorded.
        `omit`: names of properties left out of the record wherever they occur. `raw`: bytes to send as they are.
        `status_only`: neither headers nor body count (for answers that quote Camunda's JSON library). `keep`: which items of
        a returned list count (for lists that show what other runs left).
        """
        path, data = path.replace("__RUN__", self.run), raw
        if body is not None:
            data = json.dumps(body).replace("__RUN__", self.run).encode()
            content_type = content_type or "application/json"
        headers = {name: value for name, value in (("Accept", accept), ("Content-Type", content_type)) if value}
        self.status, got, parsed = self._send(method, path, data, headers)
        if self.status == 200 and path == "/deployment/create":
            self._deployments.append(parsed["id"])
        if keep and isinstance(parsed, list):
            parsed = [item for item in parsed if keep(item)]
        if not hidden:
            shown = None if status_only else without(parsed, set(omit))
            sent = body if raw is None else readable(raw, content_type)
            seen = {} if status_only else {name: got[name].replace("; ", ";") for name in HEADERS if name in got}
            self._record(f"{method} {path}", sent, seen, unordered, shown)
        return parsed

    def _send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> tuple[int, Message, Json]:
        address = self.base + urllib.parse.quote(path, safe="/?&=%:+,;@!$'()*~")
        request = urllib.request.Request(address, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_WITHIN) as answer:
                status, got, content = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, got, content = error.code, error.headers, error.read()
        return status, got, parsed_body(got, content)

    def _record(self, call: str, request: Json, headers: dict[str, str], unordered: Unordered, body: Json) -> None:
        step: RecordedStep = {
            "call": call,
            "request": request,
            "status": self.status,
            "headers": headers,
            "unordered": unordered,
            "body": body,
        }
        self.trace.append(step)

    def deploy(
        self, *files: str | tuple[str, str], hidden: bool = True, name: str = "scenario", omit: Collection[str] = (), **fields: str
    ) -> Json:
        """Deploy model files (looked up beside the scenario, then in models/) or (name, text) pairs."""
        boundary = uuid.uuid4().hex
        named = {"deployment-name": name, **{key.replace("_", "-"): value for key, value in fields.items()}}
        parts = [form_field(key, value) for key, value in named.items()]
        parts += [form_file(*(file if isinstance(file, tuple) else (file, self.model(file)))) for file in files]
        text = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts).replace("__RUN__", self.run)
        raw = f"{text}--{boundary}--\r\n".encode()
        content_type = f"multipart/form-data; boundary={boundary}"
        body = self.call("POST", "/deployment/create", raw=raw, content_type=content_type, hidden=hidden, omit=omit)
        if hidden and self.status != 200:
            raise RuntimeError(f"deployment refused: {body}")
        return body

    def tidy(self) -> None:
        """Delete what was deployed, with all its instances: no task is left for another scenario to find. Nothing is recorded."""
        for deployment_id in self._deployments:
            self._send("DELETE", f"/deployment/{deployment_id}?cascade=true&skipIoMappings=true", None, {})

    def model(self, name: str) -> str:
        """The text of a model file."""
        for folder in self.models:
            if (folder / name).exists():
                return (folder / name).read_text()
        raise FileNotFoundError(f"model {name} in {', '.join(map(str, self.models))}")

    def fetch(
        self,
        topic: str,
        worker: str = "w1",
        max_tasks: int = 10,
        duration: int = 60_000,
        hidden: bool = False,
        unordered: Unordered = True,
        **more: Any,
    ) -> Json:
        """Fetch and lock; several tasks may share a creation time, so their order does not count by default."""
        body = {"workerId": worker, "maxTasks": max_tasks, "topics": [{"topicName": topic, "lockDuration": duration, **more}]}
        return self.post("/external-task/fetchAndLock", body, hidden=hidden, unordered=unordered)

    def until(self, path: str, accept: Callable[[Json], bool], seconds: float = 20) -> Json:
        """Poll a GET, unrecorded, until `accept(body)` holds; then it is asked once more and recorded."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if accept(self.get(path, hidden=True)):
                return self.get(path)
            time.sleep(LOOK_EVERY)
        raise TimeoutError(f"{path} never became as awaited")


def form_field(name: str, value: str) -> str:
    """A text field of a multipart form."""
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'


def form_file(name: str, text: str) -> str:
    """A file of a multipart form."""
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
    return f"{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n{text}"


def parsed_body(headers: Message, content: bytes) -> Json:
    """An answer's body: JSON where it says so and is not a download, else text, else None."""
    if content and "json" in (headers.get("content-type") or "") and "content-disposition" not in headers:
        return json.loads(content)
    return content.decode("utf-8", "replace") if content else None


def readable(raw: bytes, content_type: str | None) -> str | None:
    """What a record shows of bytes that were sent as they are."""
    return raw.decode("utf-8", "replace")[:LONGEST_RAW_BODY] if content_type == "application/json" else None


def without(value: Json, names: Collection[str]) -> Json:
    """The value without the named properties, wherever they occur."""
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items() if key not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value
