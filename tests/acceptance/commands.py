"""Commands of `gesta`, run against a server, and what they print."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.acceptance.shared_server import deploy, post
from tests.integration.models import model, scope, task
from tests.server import command_line

NO_ID = "0193f000-0000-7abc-8abc-def000000000"


def one_task(key: str) -> bytes:
    """A process whose one task has the topic `{key}`."""
    return model(key, scope("start > work > end", task("work", topic=key))).content


def gesta(base: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the settings of the server at `base`."""
    return command_line(*arguments, PORT=str(urlsplit(base).port))


def done(base: str, *arguments: str) -> str:
    """Run a command that succeeds and has nothing to complain about; what it prints."""
    ran = gesta(base, *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def refused(ran: subprocess.CompletedProcess[str]) -> str:
    """The one line that a refused command leaves."""
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("gesta: ") and ran.stderr.count("\n") == 1
    return ran.stderr.removeprefix("gesta: ").removesuffix("\n")


def table(printed: str) -> list[list[str]]:
    """The cells of a printed table, without its heading."""
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in printed.splitlines() if line.startswith("│")]


def written(folder: Path, **files: bytes) -> list[str]:
    """Write models; their paths."""
    for name, content in files.items():
        (folder / f"{name}.bpmn").write_bytes(content)
    return [str(folder / f"{name}.bpmn") for name in files]


def started(base: str, key: str, **body: Any) -> str:
    """Deploy a process of one task and start an instance; its id."""
    deploy(base, f"{key}.bpmn", one_task(key))
    instance: str = post(base, f"/process-definition/key/{key}/start", body)["id"]
    return instance
