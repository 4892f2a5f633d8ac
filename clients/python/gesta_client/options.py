"""What can be set about a worker and about each of its topics; durations are in milliseconds, as on the wire."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from gesta_client.back_off import BackOff

LONGEST_POLL = 1_800_000


class TopicOptions(TypedDict, total=False):
    """What is fetched of a topic, and how; what is left out is the server's default.

    `lock_duration` is in ms (one minute unless said otherwise). `variables` names the variables to fetch: None is all, [] none.
    `process_variables` maps names to plain values of which one must match. The others are filters, all of which must match.
    """

    lock_duration: int
    variables: Sequence[str] | None
    local_variables: bool
    deserialize_values: bool
    include_extension_properties: bool
    business_key: str
    process_definition_id: str
    process_definition_id_in: Sequence[str]
    process_definition_key: str
    process_definition_key_in: Sequence[str]
    process_definition_version_tag: str
    process_variables: Mapping[str, Any]
    without_tenant_id: bool
    tenant_id_in: Sequence[str]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """What follows a handler's exception: `attempts` in all, the next one `timeout` ms later; after the last there is an incident."""

    attempts: int = 3
    timeout: int = 0

    def left(self, retries: int | None) -> int:
        """Retries left after one more failure; `retries` is what the task says, None before its first failure."""
        return max((self.attempts if retries is None else retries) - 1, 0)


def own_name() -> str:
    """A worker id that no other worker has: host, process and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """A worker's settings. Raise ValueError for limits that nothing could be fetched with.

    `max_tasks` is the most tasks of one fetch, `concurrency` the most in work at a time; `long_poll` is how long (ms) the server
    may wait for tasks before it answers that there are none.
    """

    worker_id: str = field(default_factory=own_name)
    max_tasks: int = 10
    concurrency: int = 10
    long_poll: int = 20_000
    use_priority: bool = False
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    back_off: BackOff = field(default_factory=BackOff)

    def __post_init__(self) -> None:
        if self.max_tasks < 1 or self.concurrency < 1:
            raise ValueError(f"max_tasks={self.max_tasks}, concurrency={self.concurrency}: both must be at least 1")
        if not 0 <= self.long_poll <= LONGEST_POLL:
            raise ValueError(f"long_poll={self.long_poll} must be between 0 and {LONGEST_POLL} ms")
