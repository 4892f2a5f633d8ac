"""The benchmarks' side of the load driver, and of the servers that it drives."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType

import httpx
import msgspec

from tests.benchmarks.jobs import Job, Outcome
from tests.benchmarks.models import Model
from tests.server import ROOT, RunningServer


class Driver:
    """A process that does jobs on one server, for as long as its context lasts."""

    def __init__(self, server: RunningServer) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.driver", server.address], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Driver:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.communicate()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def do(self, job: Job) -> Outcome:
        """Have a job done. What the server refused, or gave to two workers, is an error of the benchmark."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(msgspec.json.encode(job) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the load driver ended at {job}"
        outcome = msgspec.json.decode(line, type=Outcome)
        assert not outcome.errors, f"{len(outcome.errors)} errors, the first: {outcome.errors[0]}"
        assert (outcome.fetched_twice, outcome.lost) == (0, 0), "tasks fetched twice, wake-ups lost"
        return outcome


def deploy(server: RunningServer, model: Model) -> None:
    """Deploy a model; a large one takes its time."""
    files = {"data": (f"{model.key}.bpmn", model.xml, "application/xml")}
    httpx.post(f"{server.base}/deployment/create", files=files, timeout=120).raise_for_status()
