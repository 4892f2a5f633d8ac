"""Finds scenarios and plays them."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from tests.acceptance.oracle.api import Api
from tests.acceptance.oracle.normalise import normalise
from tests.acceptance.oracle.trace import Trace

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
PREFIX = "scenario_"


class Scenario(NamedTuple):
    """A scenario: `name` is that of its file and its own, joined by a dot; `models` are the folders of its model files."""

    name: str
    play: Callable[[Api], Any]
    models: list[Path]


def scenarios(paths: Iterable[str | Path] = (), pick: str = "") -> Iterator[Scenario]:
    """The scenarios of some files and folders (by default: the corpus) whose name contains the pattern `pick`."""
    for file in sorted(file for path in (list(paths) or [SCENARIOS]) for file in python_files(Path(path))):
        for name, function in vars(loaded(file)).items():
            if name.startswith(PREFIX) and callable(function) and re.search(pick, name):
                models = [file.parent, file.parent / "models", SCENARIOS / "models"]
                yield Scenario(f"{file.stem}.{name.removeprefix(PREFIX)}", function, models)


def python_files(path: Path) -> list[Path]:
    """A file itself, or the files of a folder."""
    return [path] if path.suffix == ".py" else list(path.glob("*.py"))


def loaded(file: Path) -> ModuleType:
    """Load a file of scenarios; they import the two kits by bare name."""
    if str(SCENARIOS) not in sys.path:
        sys.path.append(str(SCENARIOS))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def play(base: str, scenario: Scenario) -> Trace:
    """Play a scenario on the server at `base`; where it stops with an error, the trace up to there ends with a step that says so."""
    api = Api(base, scenario.models)
    try:
        scenario.play(api)
    except Exception as error:
        api.trace.append(
            {
                "call": f"stopped at line {line_of(error)}: {described(error)}",
                "request": None,
                "status": 0,
                "headers": {},
                "unordered": False,
                "body": None,
            }
        )
    api.tidy()
    return normalise(api.trace, api.run, api.base)


def line_of(error: Exception) -> int | str | None:
    """The line of the scenario that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    return frames[1].lineno if len(frames) > 1 else "?"


def described(error: Exception) -> str:
    """An error in words."""
    return f"{type(error).__name__}: {error}"


def stopped(trace: Trace) -> str | None:
    """Why a trace ends before its scenario did; None if it does not."""
    return trace[-1]["call"] if trace and trace[-1]["status"] == 0 else None
