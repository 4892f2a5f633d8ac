"""What the load driver can be asked to do, and what it answers: the words that its process and a benchmark share."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from tests.benchmarks.timing import Timings


class StartInstances(msgspec.Struct, tag=True, frozen=True):
    """Start instances of the latest version of a process."""

    key: str
    instances: int
    clients: int = 8


class DrainTasks(msgspec.Struct, tag=True, frozen=True):
    """Fetch and complete tasks of the topics until so many are done: each worker fetches some, completes them all, and fetches again."""

    topics: tuple[str, ...]
    tasks: int
    workers: int = 4
    completing: int = 4
    """Completions of one worker at a time."""
    max_tasks: int = 10


class CompleteLocked(msgspec.Struct, tag=True, frozen=True):
    """Fetch so many tasks of a topic first; then complete them, which is what is timed."""

    topic: str
    tasks: int
    workers: int = 4
    completing: int = 4
    """Completions of one worker at a time, if each is a request."""
    in_bulk: int = 0
    """So many tasks by one request; 0: one request each."""


class WakePolls(msgspec.Struct, tag=True, frozen=True):
    """Start instances one by one while workers wait in long polls: from the starter's answer to the worker's."""

    key: str
    topic: str
    rounds: int
    workers: int = 4
    polled_at: str | None = None
    """The address that the workers ask; None: the one where instances are started."""


class HoldPolls(msgspec.Struct, tag=True, frozen=True):
    """Let many workers wait in long polls, evenly on topics `{key}-0`, `{key}-1` …, and wake one of them a round."""

    key: str
    topics: int
    polls: int
    rounds: int
    server: int
    """The server's process: how much memory the polls take is read there."""


class Ask(msgspec.Struct, tag=True, frozen=True):
    """GET the same thing again and again."""

    path: str
    times: int


class Watched(msgspec.Struct, tag=True, frozen=True):
    """Do another job, and ask meanwhile every few ms whether the server lives."""

    job: StartInstances | DrainTasks


Job: TypeAlias = StartInstances | DrainTasks | CompleteLocked | WakePolls | HoldPolls | Ask | Watched


class Outcome(msgspec.Struct):
    """What came of a job."""

    timings: Timings
    """Of its requests; of DrainTasks, the completions."""
    fetches: Timings = msgspec.field(default_factory=Timings)
    fetched_twice: int = 0
    lost: int = 0
    """Wake-ups that nobody got."""
    added_memory: int = 0
    """Bytes that a server has taken while polls wait."""
    longest_silence: float = 0.0
    """Seconds that the watched server needed for its slowest sign of life."""
    errors: list[str] = []
    """Answers that were none of success, in words."""
