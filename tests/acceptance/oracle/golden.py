"""Golden files: the trace that Camunda left, or gesta's own where it deliberately answers otherwise."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.oracle.trace import Trace

ACCEPTANCE = Path(__file__).resolve().parent.parent
CAMUNDA = ACCEPTANCE / "golden"
GESTA = ACCEPTANCE / "golden_gesta"


def file_of(folder: Path, name: str) -> Path:
    """The golden file of a scenario."""
    return folder / f"{name}.json"


def read(folder: Path, name: str) -> Trace | None:
    """The recorded trace of a scenario; None if there is none."""
    file = file_of(folder, name)
    trace: Trace | None = json.loads(file.read_text()) if file.exists() else None
    return trace


def write(folder: Path, name: str, trace: Trace) -> None:
    """Record a trace."""
    folder.mkdir(parents=True, exist_ok=True)
    file_of(folder, name).write_text(json.dumps(trace, indent=1, ensure_ascii=False) + "\n")


def wanted(name: str) -> Trace | None:
    """What gesta has to answer: its own golden file, if it deliberately differs, else Camunda's."""
    return read(GESTA, name) or read(CAMUNDA, name)
