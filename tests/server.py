"""A gesta server as a process of its own, for tests that talk to it over HTTP, kill it, or run two on one database."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
ENDS_WITHIN = 60
READY = re.compile(r"gesta is ready at (\S+)")


class RunningServer:
    """`gesta serve` on a free port: ready after construction, stopped at the end of the context.

    `base` is the address of the REST API (it ends in /engine-rest), `process` the server's process.
    """

    def __init__(self, conninfo: str, **settings: str) -> None:
        """`settings` by their names without the prefix: ENFORCE_HISTORY_TIME_TO_LIVE="true"."""
        self.conninfo = conninfo
        self._files = ExitStack()
        self._stderr = self._files.enter_context(tempfile.TemporaryFile("w+"))  # noqa: SIM115 - the stack closes it
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve"],
            cwd=ROOT,
            env=environment(DATABASE_URL=conninfo, PORT="0", **settings),
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )
        self.base = self._ready()

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.terminate()
        self._files.close()

    @property
    def address(self) -> str:
        """The server's address without the path of the REST API."""
        return self.base.removesuffix("/engine-rest")

    @property
    def complaints(self) -> str:
        """What the server has written to stderr."""
        self._stderr.seek(0)
        return self._stderr.read()

    def kill(self) -> None:
        """End the server as a crash would (kill -9)."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask the server to stop and wait for it; its exit code."""
        self._end(signal.SIGTERM)
        return self.process.returncode

    def _end(self, request: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(request)
        self.process.wait(ENDS_WITHIN)
        if self.process.stdout:
            self.process.stdout.close()

    def _ready(self) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            if found := READY.match(line):
                return found[1]
        self._end(signal.SIGKILL)
        raise RuntimeError(f"the server did not start:\n{self.complaints}")


def environment(**settings: str) -> dict[str, str]:
    """The environment of a gesta process: this one's without its settings, and the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GESTA_")}
    return kept | {f"GESTA_{name}": value for name, value in settings.items()}


def command_line(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a `gesta` command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments], cwd=ROOT, env=environment(**settings), capture_output=True, text=True, check=False
    )


def replay_everything(conninfo: str) -> None:
    """Decide again all that was recorded in a database: determinism is tested wherever anything else is."""
    if not (ROOT / "api" / "cli" / "replay.py").exists():
        return
    done = command_line("replay", "--all", DATABASE_URL=conninfo)
    assert done.returncode == 0, f"the recorded causes do not give the recorded consequences:\n{done.stdout}{done.stderr}"
