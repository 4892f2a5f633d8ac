"""Facts of an external task: each task is an aggregate with a stream of its own, so that parallel tasks of an instance never collide."""

from __future__ import annotations

from domain.facts.fact import Fact, cause, fact
from domain.values import Value


@fact
class ExternalTaskCreated(Fact, frozen=True, array_like=True):
    """A task waits for a worker. `scopes` are the keys of the scopes whose variables it sees, its own first, the instance (0) last."""

    key: int
    element_id: str
    definition_id: str
    topic: str | None
    priority: int = 0
    scopes: tuple[int, ...] = (0,)
    business_key: str | None = None
    tenant_id: str | None = None


@cause
class ExternalTaskLocked(Fact, frozen=True, array_like=True):
    """`lock_duration` in ms as asked for; `lock_until` in epoch ms."""

    worker_id: str
    lock_duration: int
    lock_until: int


@cause
class ExternalTaskLockExtended(Fact, frozen=True, array_like=True):
    worker_id: str
    new_duration: int
    lock_until: int


@cause
class ExternalTaskUnlocked(Fact, frozen=True, array_like=True):
    pass


@fact
class ExternalTaskLockExpired(Fact, frozen=True, array_like=True):
    """The lock had run out when the task was next taken: the fact just before that taking. Whose it was, the facts before say."""


@cause
class ExternalTaskCompleted(Fact, frozen=True, array_like=True):
    """A worker reported the work as done."""

    worker_id: str
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


@cause
class ExternalTaskFailed(Fact, frozen=True, array_like=True):
    """A worker reported a failure. `retry_timeout` in ms; the task is free again `retry_timeout` after the fact."""

    worker_id: str
    error_message: str | None = None
    error_details: str | None = None
    retries: int = 0
    retry_timeout: int = 0
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}


@cause
class ExternalTaskBpmnErrorRaised(Fact, frozen=True, array_like=True):
    worker_id: str
    error_code: str
    error_message: str | None = None
    variables: dict[str, Value] = {}


@cause
class ExternalTaskRetriesSet(Fact, frozen=True, array_like=True):
    retries: int


@cause
class ExternalTaskPrioritySet(Fact, frozen=True, array_like=True):
    priority: int


@fact
class ExternalTaskCancelled(Fact, frozen=True, array_like=True):
    """The task ended without being completed: its activity was left by an error or interrupted, or its instance deleted."""
