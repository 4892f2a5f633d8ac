"""Facts of batches. A batch has a stream of its own, and so has each of its jobs, so that jobs that are executed at once never collide."""

from __future__ import annotations

from domain.facts.fact import Fact, cause, fact
from domain.operations import Operation


@cause
class BatchCreated(Fact, frozen=True, array_like=True):
    """Something is to be done to each of some items, given by their ids."""

    operation: Operation
    items: tuple[str, ...]
    jobs_per_seed: int = 100
    """How many jobs one seed job creates."""
    tenant_id: str | None = None


@fact
class BatchSeeded(Fact, frozen=True, array_like=True):
    """A seed job has created jobs, each for the next item."""

    jobs: int


@fact
class BatchStarted(Fact, frozen=True, array_like=True):
    """The first item was worked on."""


@cause
class BatchSuspended(Fact, frozen=True, array_like=True):
    """The job executor leaves the batch's jobs alone, those to come too."""


@cause
class BatchResumed(Fact, frozen=True, array_like=True):
    pass


@fact
class BatchCompleted(Fact, frozen=True, array_like=True):
    """No job of the batch is left."""


@cause
class BatchDeleted(Fact, frozen=True, array_like=True):
    """Somebody deleted the batch before its end; `cascade`: from history too."""

    cascade: bool = False


@cause
class BatchHistoryDeleted(Fact, frozen=True, array_like=True):
    """Somebody deleted the batch from history: no query shows it there any more."""


@fact
class BatchJobCreated(Fact, frozen=True, array_like=True):
    """The first fact of a batch's job. `role` is seed, monitor or execution; only the latter has an item. `due` in epoch ms."""

    batch_id: str
    role: str
    item: str | None = None
    due: int | None = None
    tenant_id: str | None = None
