"""Facts of a process instance. `key` is an element instance's ordinal inside it (see `domain.ids`), 0 the instance's own scope."""

from __future__ import annotations

from domain.facts.fact import Fact, cause, fact
from domain.instructions import Instruction, StartInstruction
from domain.values import Value


@cause
class ProcessInstanceStarted(Fact, frozen=True, array_like=True):
    definition_id: str
    business_key: str | None = None
    variables: dict[str, Value] = {}
    tenant_id: str | None = None
    start: str | None = None
    """Id of the start event; None: the definition's own."""
    instructions: tuple[StartInstruction, ...] = ()
    """Where the instance begins instead."""
    skip_io_mappings: bool = False


@fact
class ElementActivated(Fact, frozen=True, array_like=True):
    """A token is in the element; `scope` is the key of the sub-process instance around it."""

    key: int
    element_id: str
    scope: int


@fact
class ElementCompleted(Fact, frozen=True, array_like=True):
    key: int


@fact
class ElementTerminated(Fact, frozen=True, array_like=True):
    """The element, or the sequence flow that its token was on, was cancelled from outside."""

    key: int


@fact
class SequenceFlowTaken(Fact, frozen=True, array_like=True):
    """A token is on the flow; `key` is the one that the element instance at its end will have.

    `branch` is the key of the first token of the branch that it goes on, beside others; 0: it is the first itself.
    """

    key: int
    flow_id: str
    scope: int
    branch: int = 0


@fact
class VariablesSet(Fact, frozen=True, array_like=True):
    """Variables of one scope have new values; `scope` is the key of the element instance that owns them."""

    scope: int
    variables: dict[str, Value]


@fact
class VariablesRemoved(Fact, frozen=True, array_like=True):
    scope: int
    names: tuple[str, ...]


@cause
class VariablesModified(Fact, frozen=True, array_like=True):
    """Somebody set and removed variables from outside, seen from the scope with the key `scope`; `local`: exactly there."""

    scope: int
    modifications: dict[str, Value]
    deletions: tuple[str, ...] = ()
    local: bool = False


@fact
class ErrorThrown(Fact, frozen=True, array_like=True):
    """A BPMN error left the element instance `key`. `caught_by` is the boundary event that handles it; None: the token just ends."""

    key: int
    error_code: str
    error_message: str | None
    caught_by: str | None


@fact
class UserTaskCreated(Fact, frozen=True, array_like=True):
    """A user task waits. `execution` is the ordinal of the execution that it runs on: not always one of its own. Dates in epoch ms."""

    key: int
    element_id: str
    definition_id: str
    execution: int
    name: str | None = None
    description: str | None = None
    assignee: str | None = None
    owner: str | None = None
    due: int | None = None
    follow_up: int | None = None
    priority: int = 50
    form_key: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    tenant_id: str | None = None
    scope: int = 0
    """Key of the scope around."""


@fact
class UserTaskCancelled(Fact, frozen=True, array_like=True):
    """The user task ended without being completed."""

    key: int


@cause
class UserTaskCompleted(Fact, frozen=True, array_like=True):
    key: int
    variables: dict[str, Value] = {}


@fact
class IncidentRaised(Fact, frozen=True, array_like=True):
    """`configuration` is the id of what failed: an external task's for the type failedExternalTask, a job's for failedJob.

    `of` is the job's key, or the incident's own key where somebody created it by hand; 0: the element's external task.
    `element_key` is 0 where a job that starts instances failed.
    `execution` is the ordinal of its execution, None the element's own.
    """

    key: int
    incident_type: str
    element_key: int
    element_id: str
    definition_id: str
    configuration: str | None = None
    message: str | None = None
    tenant_id: str | None = None
    of: int = 0
    execution: int | None = None
    failed_element_id: str | None = None
    job_definition_id: str | None = None


@fact
class IncidentResolved(Fact, frozen=True, array_like=True):
    key: int


@fact
class IncidentDeleted(Fact, frozen=True, array_like=True):
    """What had failed is gone, and its incident with it."""

    key: int


@cause
class IncidentReported(Fact, frozen=True, array_like=True):
    """Somebody created an incident at an execution, given by its ordinal."""

    execution: int
    incident_type: str
    configuration: str | None = None
    message: str | None = None


@cause
class IncidentDismissed(Fact, frozen=True, array_like=True):
    """Somebody resolved an incident that had been created by hand."""

    key: int


@cause
class IncidentAnnotated(Fact, frozen=True, array_like=True):
    key: int
    annotation: str | None


@cause
class ProcessInstanceSuspended(Fact, frozen=True, array_like=True):
    pass


@cause
class ProcessInstanceResumed(Fact, frozen=True, array_like=True):
    pass


@cause
class ProcessInstanceModified(Fact, frozen=True, array_like=True):
    """Somebody moved tokens of the instance by hand."""

    instructions: tuple[Instruction, ...]
    skip_io_mappings: bool = False
    annotation: str | None = None


@cause
class ProcessInstanceDeleted(Fact, frozen=True, array_like=True):
    """Somebody deleted the running instance."""

    reason: str | None = None
    skip_io_mappings: bool = False


@cause
class HistoryHidden(Fact, frozen=True, array_like=True):
    """Somebody deleted the ended instance from history: no query shows it any more. Its facts stay."""


@fact
class ProcessInstanceEnded(Fact, frozen=True, array_like=True):
    """`state` is Camunda's: COMPLETED or EXTERNALLY_TERMINATED."""

    state: str
