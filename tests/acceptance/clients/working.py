"""A worker program at work: the lines of JSON that it prints, and its end."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeAlias

ENDS_WITHIN = 60
POLLING: Line = {"saw": "polling"}

Line: TypeAlias = dict[str, Any]


class Worker(NamedTuple):
    """A worker program and the server that it works for."""

    name: str
    command: list[str]
    base: str
    folder: Path
    """Where it may write."""

    def run(self, scenario: str, topic: str) -> list[Line]:
        """Let it play a scenario to its end: what it saw, its polls aside."""
        with self.start(scenario, topic) as work:
            return [line for line in work.rest() if line != POLLING]

    def start(self, scenario: str, topic: str) -> Work:
        """Let it begin a scenario."""
        return Work([*self.command, self.base, scenario, topic], self.folder)


class Work:
    """A running worker program. One that does not end in time is killed."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._files = ExitStack()
        self._stderr = self._files.enter_context(tempfile.TemporaryFile("w+"))  # noqa: SIM115 - the stack closes it
        self._process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=self._stderr, encoding="utf-8")
        assert self._process.stdout
        self._lines = self._files.enter_context(self._process.stdout)
        self._watch = threading.Timer(ENDS_WITHIN, self._process.kill)
        self._watch.start()

    def __enter__(self) -> Work:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._watch.cancel()
        self._process.kill()
        self._process.wait()
        self._watch.join()
        self._files.close()

    def next(self) -> Line:
        """The next line, as soon as it is there."""
        line = self._lines.readline()
        return self._parsed(line) if line else self._fail()

    def rest(self) -> list[Line]:
        """All further lines; the program has ended in order."""
        lines = [self._parsed(line) for line in self._lines]
        if self._process.wait() != 0:
            self._fail()
        return lines

    def _parsed(self, line: str) -> Line:
        parsed: Line = json.loads(line)
        return parsed

    def _fail(self) -> Any:
        self._process.wait()
        self._stderr.seek(0)
        raise AssertionError(f"the worker ended with {self._process.returncode}:\n{self._stderr.read()}")
