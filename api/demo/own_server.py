"""A gesta server of the demonstration's own: `gesta serve` as another process, on a free port and a data folder that is removed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from api.demo.refusal import DemoFailed
from api.embedded import temporary_folder
from api.settings import PREFIX

READY = re.compile(r"gesta is ready at (\S+)")
# Seconds.
STARTS_WITHIN = 120
ENDS_WITHIN = 60
COMPLAINT_LINES = 3


@contextmanager
def own_server() -> Iterator[str]:
    """Run a server; the address of its REST API. Raise DemoFailed when it does not start, with the last lines that it wrote."""
    with temporary_folder() as folder, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve"], env=environment(folder), stdout=subprocess.PIPE, stderr=complaints, text=True
        )
        try:
            yield ready_address(process, complaints)
        finally:
            end(process)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore further requests to end while the server stops."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, reaction in before.items():
            signal.signal(number, reaction)


def environment(folder: Path) -> dict[str, str]:
    """The server's environment: this one's without gesta's settings, which are not meant for the demonstration."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    return kept | {"GESTA_HOST": "127.0.0.1", "GESTA_PORT": "0", "GESTA_DATA_DIR": str(folder), "GESTA_LOG_LEVEL": "warning"}


def ready_address(process: subprocess.Popen[str], complaints: IO[str]) -> str:
    """Wait for the line that tells where the server is."""
    assert process.stdout
    impatience = threading.Timer(STARTS_WITHIN, process.terminate)
    impatience.start()
    try:
        found = next(filter(None, map(READY.match, process.stdout)), None)
    finally:
        impatience.cancel()
    if found is None:
        raise DemoFailed(f"the server did not start: {last_lines(complaints)}")
    return found[1]


def last_lines(complaints: IO[str]) -> str:
    """The end of what the server wrote to stderr, in one line."""
    complaints.seek(0)
    return " | ".join(complaints.read().split("\n")[-COMPLAINT_LINES - 1 :]).strip(" |") or "it wrote nothing"


def end(process: subprocess.Popen[str]) -> None:
    """Stop the server in order, so that its database stops too, and wait for that. Raise DemoFailed when it had to be killed."""
    try:
        with undisturbed():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=ENDS_WITHIN)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise DemoFailed(f"the server (process {process.pid}) did not stop within {ENDS_WITHIN} s and was killed") from error
