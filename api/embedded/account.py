"""The system account that PostgreSQL runs under: it refuses to run as root, so root lends it an account of its own."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import NamedTuple

from api.embedded.refusal import EmbeddedRefused

NAME = "gesta"
# Made by a PostgreSQL installed on the machine; good enough where no account can be made.
SECOND_CHOICE = "postgres"


class Account(NamedTuple):
    """A user other than the one that gesta runs as."""

    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """The account for a data folder: its owner if that is not root, else gesta's own; None when gesta does not run as root."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(f"user {owner.st_uid}", owner.st_uid, owner.st_gid)
    return named(NAME) or made(NAME)


def named(name: str) -> Account | None:
    """The account of that name, if the machine has it."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def made(name: str) -> Account:
    """Make a system account without a home or a shell; another process may make it at the same moment."""
    reason = ""
    try:
        done = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name], capture_output=True, text=True, check=False
        )
        reason = done.stderr.strip()
    except OSError as error:
        reason = str(error)
    account = named(name) or named(SECOND_CHOICE)
    if account is None:
        raise EmbeddedRefused(
            f"PostgreSQL refuses to run as root, and the system user {name} could not be made ({reason}). "
            "Make it, run gesta as an ordinary user, or set GESTA_DATABASE_URL."
        )
    return account


def run_as(account: Account | None, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end under the account (None: as we are), away from the caller's folder and environment."""
    return subprocess.run(
        [str(part) for part in command],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def environment() -> dict[str, str]:
    """What PostgreSQL is told of the environment: nothing that would change its language, zone or data folder."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def reaches(account: Account | None, path: Path) -> bool:
    """Tell whether the account may enter or run `path`."""
    return account is None or run_as(account, "/bin/sh", "-c", '[ -x "$0" ]', path).returncode == 0
