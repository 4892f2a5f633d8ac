"""What the load driver says over REST, and how it reads the answers."""

from __future__ import annotations

import msgspec

from tests.benchmarks.connection import Answer
from tests.benchmarks.jobs import Outcome

REST = "/engine-rest"
FETCH = f"{REST}/external-task/fetchAndLock"
SIGN_OF_LIFE = "/gesta/health/live"
TOPICS = "/gesta/topic"
LOCK_DURATION = 600_000
"""ms."""


class Task(msgspec.Struct):
    """What the driver reads of a locked task."""

    id: str


_decode = msgspec.json.Decoder(list[Task]).decode


def start_path(key: str) -> str:
    return f"{REST}/process-definition/key/{key}/start"


def complete_path(task: str) -> str:
    return f"{REST}/external-task/{task}/complete"


BULK = "/gesta/external-task/complete"


def succeeded(outcome: Outcome, what: str, answer: Answer) -> bool:
    """Tell whether an answer is a success, and note it if not."""
    if answer.status < 300:
        return True
    outcome.errors.append(f"{what}: {answer.status} {answer.body[:300].decode(errors='replace')}")
    return False


class Completed(msgspec.Struct):
    """What the driver reads of a completion among many."""

    status: int


_decode_completed = msgspec.json.Decoder(list[Completed]).decode


def completed(outcome: Outcome, answer: Answer) -> None:
    """Note what was not completed of many."""
    if succeeded(outcome, "complete", answer):
        outcome.errors += [f"complete: {result.status}" for result in _decode_completed(answer.body) if result.status != 204]


def locked(outcome: Outcome, answer: Answer) -> list[str]:
    """The ids of the tasks that a fetch has locked."""
    return [task.id for task in _decode(answer.body)] if succeeded(outcome, "fetchAndLock", answer) else []
