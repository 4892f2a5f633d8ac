"""A reader that follows the log of everything while others write it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from projections.event_store import EventStore

SECTION = 50


class Tail:
    """The places in the log that were seen, each section read from behind the last place of the one before."""

    def __init__(self, conninfo: str) -> None:
        self.seen: list[int] = []
        self.written = threading.Event()
        self._conninfo = conninfo

    def follow(self) -> None:
        """Read until all is written and read."""
        with EventStore(self._conninfo) as store:
            while True:
                complete = self.written.is_set()
                last = self.seen[-1] if self.seen else 0
                section = store.recorder.select_notifications(last, SECTION, inclusive_of_start=False)
                self.seen += [notification.id for notification in section]
                if complete and not section:
                    return


@contextmanager
def following(conninfo: str) -> Iterator[Tail]:
    """Follow the log of a database until the end of the context; then all of it has been read."""
    tail = Tail(conninfo)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(tail.follow)
        try:
            yield tail
        finally:
            tail.written.set()
        reading.result()
