"""The folders of the embedded PostgreSQL: made so that its account can reach them, and refused in plain words where it cannot."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.embedded.account import NAME, Account, reaches
from api.embedded.refusal import EmbeddedRefused

# A Unix socket's path has at most 107 bytes (103 on macOS), `/.s.PGSQL.5432` included.
LONGEST_SOCKET_FOLDER = 85
HARD_TO_QUOTE = set(",'\"\\\n")


def enterable() -> int:
    """The mode of a new folder: root's must be entered by PostgreSQL's account, a user's is the user's own."""
    return 0o711 if os.geteuid() == 0 else 0o700


def make_data_folder(folder: Path) -> None:
    """Make the data folder where it is missing."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(enterable())


def own(path: Path, account: Account | None) -> None:
    """Give a file or folder to the account."""
    if account:
        os.chown(path, account.uid, account.gid)


def refuse_unreachable(folder: Path, account: Account | None) -> None:
    """Refuse a folder that the account cannot enter, naming the folder that is in the way."""
    if account is None or reaches(account, folder):
        return
    closed = next((parent for parent in (*reversed(folder.parents), folder) if not reaches(account, parent)), folder)
    raise EmbeddedRefused(
        f"PostgreSQL refuses to run as root, so gesta runs it as {account.name}, who may not enter {closed}. "
        "Set GESTA_DATA_DIR to a folder that others may enter, such as /var/lib/gesta, or run gesta as an ordinary user."
    )


def socket_folder(data: Path, account: Account | None) -> Path:
    """Where the Unix socket goes: the database's own folder, or a private one with a short name where that path is too long."""
    if len(os.fsencode(data)) <= LONGEST_SOCKET_FOLDER and not HARD_TO_QUOTE & set(str(data)):
        return data
    short = Path("/tmp", f"{NAME}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}")
    owner = account.uid if account else os.geteuid()
    if not short.exists():
        short.mkdir(mode=0o700)
        own(short, account)
    if short.is_symlink() or not short.is_dir() or short.stat().st_uid != owner:
        raise EmbeddedRefused(
            f"the path {data} is too long for a Unix socket, and {short} belongs to somebody else. Choose a shorter GESTA_DATA_DIR."
        )
    return short


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder that PostgreSQL's account can reach even where the usual one for temporary files is root's alone; removed at the end."""
    account = Account("nobody", 65534, 65534) if os.geteuid() == 0 else None
    parent = next((path for path in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")) if reaches(account, path)), None)
    folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=parent))
    folder.chmod(enterable())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
