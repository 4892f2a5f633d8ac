"""`gesta demo`, as a new user sees it: it runs to its end, shows what it promises, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil

from tests.server import ROOT, environment

INSTANCES = 20
SHOWN = (
    "Starting a gesta server on an empty database ...",
    "Deployed: order.bpmn as ",
    "Process instances started",
    "External tasks completed",
    "What is left",
    "All facts of external task ",
    "ExternalTaskCreated",
    "ExternalTaskLocked",
    "Reached: ",
)


def test_the_demo_runs_to_its_end_and_leaves_nothing_behind(reachable_folder: Path) -> None:
    demo = [sys.executable, "-m", "api.cli", "demo", "--instances", str(INSTANCES)]

    done = subprocess.run(demo, cwd=ROOT, env=inside(reachable_folder), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert [text for text in SHOWN if text not in done.stdout] == []
    assert f"{INSTANCES}/{INSTANCES}" in done.stdout
    assert list(reachable_folder.iterdir()) == []
    assert processes_of(reachable_folder) == []


def inside(folder: Path) -> dict[str, str]:
    """The environment of a process whose temporary files are in a folder; wide enough for its tables."""
    return environment() | {"TMPDIR": str(folder), "COLUMNS": "200"}


def processes_of(folder: Path) -> list[str]:
    """Processes that have the folder in their command or their environment."""
    return [command for command, environ in map(described, psutil.process_iter()) if str(folder) in f"{command} {environ}"]


def described(process: psutil.Process) -> tuple[str, str]:
    """A process's command and environment; nothing of one that has ended or is somebody else's."""
    try:
        return " ".join(process.cmdline()), " ".join(process.environ().values())
    except psutil.Error:
        return "", ""
