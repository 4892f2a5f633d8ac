"""The database's folder: made by initdb, checked for its version, configured by gesta, and asked who runs on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil

from api.embedded.account import Account, environment, run_as
from api.embedded.folders import own
from api.embedded.installation import MAJOR, Installation
from api.embedded.refusal import EmbeddedRefused

USER = "gesta"
DATABASE = "gesta"
# Text has the same order on every machine, whatever locales that machine has: by code point.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")

CONFIGURATION = """\
# Written by gesta at every start. Your own settings go to local.conf beside this file: they win.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = {compression}
autovacuum_naptime = 10s
# An answer that was given survives any crash.
fsync = on
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
include = 'local.conf'
"""


def create(folder: Path, installation: Installation, account: Account | None) -> None:
    """Make the cluster and the database `gesta` in it, at once or not at all: a crash on the way leaves nothing half-made."""
    for unfinished in folder.parent.glob(f"{folder.name}.new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    own(new, account)
    done = run_as(
        account, installation.program("initdb"), "--pgdata", new, "--username", USER, "--auth=trust", "--no-instructions", *LOCALE
    )
    if done.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise EmbeddedRefused(f"the database could not be made in {folder}: {last_line(done.stderr)}")
    create_database(new, installation, account)
    new.rename(folder)


def create_database(folder: Path, installation: Installation, account: Account | None) -> None:
    """Make the database `gesta` in a cluster that no server runs on yet."""
    done = subprocess.run(
        [installation.program("postgres"), "--single", "-D", folder, "postgres"],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        env=environment(),
        input=f"CREATE DATABASE {DATABASE}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EmbeddedRefused(f"the database could not be made in {folder}: {last_line(done.stderr)}")


def refuse_other_major(folder: Path) -> None:
    """Refuse a folder that another major version of PostgreSQL made."""
    found = " ".join((folder / "PG_VERSION").read_bytes()[:20].decode(errors="replace").split())
    if found != str(MAJOR):
        raise EmbeddedRefused(
            f"{folder} was made by PostgreSQL {found}, and this gesta brings PostgreSQL {MAJOR}. "
            "Use the gesta that made it, another GESTA_DATA_DIR, or dump and restore it with PostgreSQL's own tools."
        )


def refuse_other_owner(folder: Path) -> None:
    """Refuse a folder of somebody else: PostgreSQL would, in words that do not name gesta's setting."""
    if os.geteuid() not in (0, folder.stat().st_uid):
        raise EmbeddedRefused(f"{folder} belongs to another user. Run gesta as that user, or choose another GESTA_DATA_DIR.")


def configure(folder: Path, installation: Installation, account: Account | None, sockets: Path) -> None:
    """Write the configuration, and only if it changed."""
    text = CONFIGURATION.format(sockets=sockets, compression="lz4" if installation.has_lz4 else "off")
    if not (folder / "local.conf").exists():
        write(folder / "local.conf", "# Your own settings of the embedded PostgreSQL.\n", account)
    if (folder / "postgresql.conf").read_text() != text:
        write(folder / "postgresql.conf", text, account)


def write(file: Path, text: str, account: Account | None) -> None:
    """Write a file of the account's, whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(text)
    part.chmod(0o600)
    own(part, account)
    part.replace(file)


def recorded(folder: Path) -> list[str]:
    """The lines of the file in which a server says who it is: process id first, state (`ready`) eighth."""
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def is_ready(folder: Path, process_id: int) -> bool:
    """Tell whether the server with that process id takes connections."""
    lines = recorded(folder)
    return len(lines) >= 8 and lines[0] == str(process_id) and lines[7].strip() == "ready"


def running_on(folder: Path) -> psutil.Process | None:
    """The server that runs on this folder. A process that only has got the recorded number since is not it."""
    lines = recorded(folder)
    try:
        process = psutil.Process(int(lines[0]))
        found = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder
    except (IndexError, ValueError, psutil.Error):
        return None
    return process if found else None


def forget_reused_number(folder: Path) -> None:
    """Keep a process that happens to have the recorded number from blocking the start.

    PostgreSQL passes over its parent's number, so ours is put in place; the rest of the file stays, because PostgreSQL
    reads there which shared memory orphans of the last server may still use.
    """
    lines = recorded(folder)
    if lines and lines[0].isdigit() and psutil.pid_exists(int(lines[0])):
        (folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:], ""]))


def last_line(text: str) -> str:
    """The last line of a program's complaint that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error:"))]
    return (told or lines or ["it gave no reason"])[-1]
