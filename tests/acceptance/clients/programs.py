"""The worker programs, one a language: built from its registry into a cache outside of the sources, run as a process of its own.

The cache may be removed at any time. Every edit of a program makes a new folder there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gesta-tests"


class Program(NamedTuple):
    """A worker program: its folder is named after its language."""

    language: str
    tools: tuple[str, ...]
    """Commands that building and running it take."""
    build: Callable[[Path, Path], None]
    """Builds the sources in a folder into another one, which is there and empty."""
    command: Callable[[Path], list[str]]
    """How it is run from the folder that it was built into."""
    path: str = ""
    """What it adds to the address of the REST API."""

    @property
    def sources(self) -> Path:
        return HERE / self.language

    @property
    def missing_tools(self) -> list[str]:
        return [tool for tool in self.tools if shutil.which(tool) is None]


def built(program: Program) -> Path:
    """The folder of the built program. What was built from the same files before is used again."""
    folder = CACHE / f"{program.language}-{fingerprint(program.sources)}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f"{program.language}-", dir=CACHE))
        try:
            program.build(program.sources, scratch)
            take_place(scratch, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return folder


def take_place(scratch: Path, folder: Path) -> None:
    """Move what was built to its place, unless another test run was first."""
    try:
        scratch.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def fingerprint(folder: Path) -> str:
    """What a build depends on: all files, and the Python that virtual environments are made of."""
    seen = hashlib.sha256(f"{sys.version} {sys.base_prefix}".encode())
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        seen.update(f"{file.relative_to(folder)} {file.stat().st_size}\n".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]


def build_java(sources: Path, target: Path) -> None:
    """Compile, and put the libraries beside; Maven takes them from the user's own repository, or downloads them into it."""
    goals = ["compiler:compile", "dependency:copy-dependencies"]
    run("mvn", "--batch-mode", "--quiet", "--strict-checksums", f"--file={sources / 'pom.xml'}", f"-Dbuild.folder={target}", *goals)


def run_java(folder: Path) -> list[str]:
    """Start quickly: nothing runs long enough for the second compiler."""
    return ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{folder / 'classes'}:{folder / 'libraries'}/*", "gesta.clients.Worker"]


def build_javascript(sources: Path, target: Path) -> None:
    """Install what the lock names.

    The lock names no addresses; it is renewed with `npm install --package-lock-only --omit-lockfile-registry-resolved`.
    """
    shutil.copytree(sources, target, dirs_exist_ok=True)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", f"--prefix={target}")


def run_javascript(folder: Path) -> list[str]:
    """Run it where its modules are."""
    return ["node", str(folder / "worker.mjs")]


def build_python(sources: Path, target: Path) -> None:
    """Make a virtual environment: the client's dependencies are not those of gesta."""
    run(sys.executable, "-m", "venv", "--without-pip", str(target))
    pip = [sys.executable, "-m", "pip", f"--python={target / 'bin' / 'python'}", "--disable-pip-version-check", "--no-input"]
    run(*pip, "install", "--quiet", "--require-hashes", f"--requirement={sources / 'requirements.txt'}")
    shutil.copy(sources / "worker.py", target)


def run_python(folder: Path) -> list[str]:
    """Run it with its own environment."""
    return [str(folder / "bin" / "python"), str(folder / "worker.py")]


def run(*command: str) -> None:
    """Run a build step to its end."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")


JAVA = Program("java", ("java", "javac", "mvn"), build_java, run_java, "/engine/default")
JAVASCRIPT = Program("javascript", ("node", "npm"), build_javascript, run_javascript)
PYTHON = Program("python", (), build_python, run_python)
PROGRAMS = (JAVA, JAVASCRIPT, PYTHON)
