"""The embedded PostgreSQL as a running process: one gesta per data folder, started, watched and stopped by its own number."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

import psutil
from psycopg.conninfo import make_conninfo

from api.embedded import cluster
from api.embedded.account import Account, account_for, environment
from api.embedded.folders import make_data_folder, refuse_unreachable, socket_folder
from api.embedded.installation import Installation, installation_for
from api.embedded.refusal import EmbeddedRefused

LOOK_EVERY = 0.01
# The processes of a server that was killed notice it within moments; until then their memory must not be used.
ORPHANS_END_WITHIN = 30.0
STOP_WITHIN = 60.0
LARGEST_LOG = 16 * 1024 * 1024

log = logging.getLogger("gesta.embedded")


class EmbeddedPostgres:
    """PostgreSQL on a data folder, as a context: ready inside it, stopped behind it, started again if it dies in between."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self.folder = self.data_dir.resolve() / "postgres"
        self.log_file = self.data_dir / "postgres.log"
        self._stopping = threading.Event()
        self._changing = threading.Lock()

    def __enter__(self) -> EmbeddedPostgres:
        with ExitStack() as undo:
            undo.enter_context(refusing_unusable(self.data_dir))
            self._lock = locked(self.data_dir)
            undo.callback(os.close, self._lock)
            self._start()
            undo.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._changing:
            self._stopping.set()
            stop(self._process)
        self._watch.join()
        os.close(self._lock)

    @property
    def process_id(self) -> int:
        """The process id of the server that runs now."""
        return self._process.pid

    def running_elsewhere(self) -> str | None:
        """How to connect to the server that another process runs on this data folder; None when none runs."""
        if not self.folder.exists() or cluster.running_on(self.folder) is None:
            return None
        self._sockets = socket_folder(self.folder, account_for(self.folder))
        return self.conninfo()

    def conninfo(self, database: str = cluster.DATABASE) -> str:
        """How to connect; the Unix socket lets in the user who runs gesta, and nobody else."""
        return make_conninfo(host=str(self._sockets), user=cluster.USER, dbname=database)

    def _start(self) -> None:
        account = account_for(self.folder)
        refuse_unreachable(self.data_dir, account)
        installation = installation_for(account, self.data_dir)
        if not self.folder.exists():
            cluster.create(self.folder, installation, account)
        cluster.refuse_other_owner(self.folder)
        cluster.refuse_other_major(self.folder)
        end(cluster.running_on(self.folder))
        self._sockets = socket_folder(self.folder, account)
        cluster.configure(self.folder, installation, account, self._sockets)
        self._process = self._ready(installation, account)
        self._watch = threading.Thread(target=self._start_again, args=(installation, account), name="embedded PostgreSQL", daemon=True)
        self._watch.start()

    def _ready(self, installation: Installation, account: Account | None) -> subprocess.Popen[bytes]:
        """Start the server and wait until it takes connections, however long its recovery takes."""
        give_up = time.monotonic() + ORPHANS_END_WITHIN
        while True:
            cluster.forget_reused_number(self.folder)
            process, written = self._launched(installation, account), self.log_file.stat().st_size
            if is_ready(process, self.folder):
                return process
            reason = self.log_file.read_bytes()[written:].decode(errors="replace")
            if "shared memory block" not in reason or time.monotonic() > give_up:
                raise EmbeddedRefused(f"PostgreSQL does not start on {self.folder}: {cluster.last_line(reason)} (see {self.log_file})")

    def _launched(self, installation: Installation, account: Account | None) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own: Ctrl-C is for gesta, which then stops it in order."""
        if self.log_file.exists() and self.log_file.stat().st_size > LARGEST_LOG:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        with self.log_file.open("ab") as output:
            return subprocess.Popen(
                [installation.program("postgres"), "-D", self.folder],
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                cwd="/",
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _start_again(self, installation: Installation, account: Account | None) -> None:
        """Start the server again whenever it dies without having been asked to."""
        pause = 0.0
        while not self._died(pause):
            log.error("PostgreSQL ended unexpectedly; starting it again (its own words are in %s)", self.log_file)
            with self._changing:
                pause = 0.0 if self._stopping.is_set() or self._started_again(installation, account) else min(5.0, pause + 0.5)

    def _started_again(self, installation: Installation, account: Account | None) -> bool:
        try:
            self._process = self._ready(installation, account)
        except (EmbeddedRefused, OSError) as error:
            log.error("%s; gesta keeps trying", error)
            return False
        log.info("PostgreSQL is ready again")
        return True

    def _died(self, pause: float) -> bool:
        """Wait until the server has ended and the pause is over; True if that was asked for."""
        self._process.wait()
        return self._stopping.wait(pause)


def locked(data_dir: Path) -> int:
    """Take the data folder for this process, for as long as it lives; the open file that is returned holds it."""
    make_data_folder(data_dir)
    file = os.open(data_dir / "gesta.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(file, 20).decode(errors="replace").strip()
        os.close(file)
        raise EmbeddedRefused(
            f"GESTA_DATA_DIR={data_dir} is in use by another gesta (process {holder}). Stop it, or choose another folder; "
            "several gestas share a database through GESTA_DATABASE_URL."
        ) from None
    os.truncate(file, 0)
    os.write(file, f"{os.getpid()}\n".encode())
    return file


@contextmanager
def refusing_unusable(data_dir: Path) -> Iterator[None]:
    """Say which setting is meant when the folder cannot be made, read or written."""
    try:
        yield
    except OSError as error:
        raise EmbeddedRefused(f"GESTA_DATA_DIR={data_dir} cannot be used: {error.strerror} ({error.filename})") from error


def is_ready(process: subprocess.Popen[bytes], folder: Path) -> bool:
    """Wait until the server takes connections, or False when it ended; a wait that is broken off stops it."""
    try:
        while process.poll() is None:
            if cluster.is_ready(folder, process.pid):
                return True
            time.sleep(LOOK_EVERY)
    except BaseException:
        stop(process)
        raise
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the server that was started here, if it still runs."""
    if process.poll() is None:
        end(psutil.Process(process.pid))


def end(server: psutil.Process | None) -> None:
    """Stop a server in order, with its data written; at once where that takes too long (it then recovers at the next start)."""
    if server is None:
        return
    for request in (signal.SIGINT, signal.SIGQUIT):
        try:
            server.send_signal(request)
            server.wait(STOP_WITHIN)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            log.warning("PostgreSQL (process %s) did not stop within %s s", server.pid, STOP_WITHIN)
    raise EmbeddedRefused(f"the PostgreSQL that runs as process {server.pid} on this data folder does not stop")
