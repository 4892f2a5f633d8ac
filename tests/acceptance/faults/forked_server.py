"""A gesta server that is there at once: `gesta serve` in a process forked from one that has imported all of it already."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from api.cli.serve import serve
from tests.server import ENDS_WITHIN, READY, environment

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["api.app", "api.server", __name__])


class ForkedServer:
    """As `RunningServer`, for tests that need many of them: ready after construction, killed at the end of the context."""

    def __init__(self, conninfo: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._stderr = Path(self._folder.name, "stderr")
        self._output, writing = PROCESSES.Pipe(duplex=False)
        settings = environment(DATABASE_URL=conninfo, PORT="0")
        self._process = PROCESSES.Process(target=serve_into, args=(settings, writing, str(self._stderr)), daemon=True)
        self._process.start()
        writing.close()
        self.base = self._ready()

    def __enter__(self) -> ForkedServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        self._process.close()
        self._output.close()
        self._folder.cleanup()

    @property
    def complaints(self) -> str:
        """What the server has written to stderr."""
        return self._stderr.read_text()

    def kill(self) -> None:
        """End the server as a crash would (kill -9)."""
        self._process.kill()
        self._process.join(ENDS_WITHIN)

    def ask_to_stop(self) -> None:
        """Send SIGTERM, and do not wait."""
        self._process.terminate()

    def stopped(self) -> int | None:
        """Wait until the server has ended; its exit code."""
        self._process.join(ENDS_WITHIN)
        return self._process.exitcode

    def _ready(self) -> str:
        with open(self._output.fileno(), closefd=False) as lines:
            found = next(filter(None, map(READY.match, lines)), None)
        assert found, f"the server did not start:\n{self.complaints}"
        return found[1]


def serve_into(settings: dict[str, str], output: Connection, complaints: str) -> None:
    """Run `gesta serve` in this process."""
    os.environ.clear()
    os.environ.update(settings)
    os.dup2(output.fileno(), 1)
    os.dup2(os.open(complaints, os.O_WRONLY | os.O_CREAT), 2)
    serve()
