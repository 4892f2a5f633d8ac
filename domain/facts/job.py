"""Facts about jobs: timers and asynchronous continuations, of a process instance or of the start of one.

`key` is a job's ordinal in its aggregate. A job that starts instances is an aggregate of its own: its key is 0 and nobody holds it.
"""

from __future__ import annotations

from domain.facts.fact import Fact, cause, fact

FIRST_RETRIES = 3


@fact
class TokenHeld(Fact, frozen=True, array_like=True):
    """A token stands at the border of an element without having come, or going on, along a flow: only a job moves it."""

    key: int
    element_id: str
    scope: int


@fact
class JobCreated(Fact, frozen=True, array_like=True):
    """`kind` is timer, async-before or async-after; `holder` the token that waits, or whose boundary event does; `due` in epoch ms.

    `execution` is the ordinal of the execution that waits. `repeat` says when a timer fires again.
    """

    key: int
    kind: str
    element_id: str
    definition_id: str
    holder: int | None = None
    execution: int | None = None
    due: int | None = None
    repeat: str | None = None
    priority: int = 0
    tenant_id: str | None = None
    offset: int = 0
    """ms by which somebody moved all dates of a repeating timer."""
    scope: int = 0
    """Key of the scope that the waiting token is in."""


@fact
class JobRemoved(Fact, frozen=True, array_like=True):
    """What the job was for is no longer waited for."""

    key: int


@cause
class JobExecuted(Fact, frozen=True, array_like=True):
    """The timer fired, or the process went on. A token that was held behind an element without flows ends with it."""

    key: int


@cause
class JobFailed(Fact, frozen=True, array_like=True):
    """The process could not go on. Nothing of the attempt is left but its failure and what follows for the job.

    `reported`: it failed outside of any decision, so deciding again would not fail.
    """

    key: int
    message: str
    failed_element_id: str | None = None
    retries: int = 0
    due: int | None = None
    reported: bool = False


@cause
class JobRetriesSet(Fact, frozen=True, array_like=True):
    """`due` None leaves the due date."""

    key: int
    retries: int
    due: int | None = None


@cause
class JobDueDateSet(Fact, frozen=True, array_like=True):
    """`cascade` moves the later dates of a repeating timer as well."""

    key: int
    due: int | None = None
    cascade: bool = False


@cause
class JobDueDateRecalculated(Fact, frozen=True, array_like=True):
    """`due` was computed again, from now or from the job's creation."""

    key: int
    due: int
    creation_date_based: bool = False


@cause
class JobPrioritySet(Fact, frozen=True, array_like=True):
    key: int
    priority: int


@cause
class JobSuspensionSet(Fact, frozen=True, array_like=True):
    """The job executor leaves a suspended job alone."""

    key: int
    suspended: bool


@cause
class JobDeleted(Fact, frozen=True, array_like=True):
    """Somebody deleted the job; what it would have moved waits on."""

    key: int
