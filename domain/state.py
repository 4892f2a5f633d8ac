"""The state of one process instance, as far as decisions and live reads need it. Only `domain.evolve` makes new ones.

Collections are persistent maps: a step costs the same in an instance of three tokens and of thirty thousand, and a refused command
leaves nothing behind. They have no order; whoever needs one sorts by key, which is the order of creation.
"""

from __future__ import annotations

import msgspec
from immutables import Map

from domain.facts import FIRST_RETRIES
from domain.ids import part_id
from domain.keys import NO_KEYS, Keys
from domain.values import Value

SCOPE_EXECUTION, TASK, CONCURRENT_EXECUTION, IDS_PER_ELEMENT = 1, 2, 3, 4
"""What an element instance's key is followed by: its own execution, its external or user task, the execution of its token beside others."""


TIMER, ASYNC_BEFORE, ASYNC_AFTER = "timer", "async-before", "async-after"
"""Kinds of jobs."""
HELD = ""
"""Instead of a flow: the token stands at the border of its element, and a job moves it."""


class ElementInstance(msgspec.Struct, frozen=True):
    """A flow node that a token is in, or the flow that a token is on towards it (`flow_id`); see HELD."""

    key: int
    element_id: str
    scope: int
    flow_id: str | None = None
    branch: int = 0
    """Key of the first token of its branch, whose execution it goes on with; 0: its own."""


class Incident(msgspec.Struct, frozen=True):
    key: int
    incident_type: str
    element_key: int
    element_id: str
    configuration: str | None
    message: str | None
    raised_at: int
    annotation: str | None = None
    of: int = 0
    """Key of what failed: the element instance with the external task, or the job; its own key where somebody created it by hand."""


class Subscription(msgspec.Struct, frozen=True):
    """What an element instance, the `holder`, waits for; `element_id` is the event that declares it: itself, or one at its boundary."""

    key: int
    kind: str
    name: str
    element_id: str
    holder: int
    opened_at: int


class Job(msgspec.Struct, frozen=True):
    """A timer or a continuation that is still to come; see `JobCreated`. `holder` is None for a job that starts instances."""

    key: int
    kind: str
    element_id: str
    holder: int | None
    created_at: int
    due: int | None = None
    repeat: str | None = None
    offset: int = 0
    retries: int = FIRST_RETRIES
    message: str | None = None
    """Of its last failure."""
    failed_element_id: str | None = None
    """Where that was."""
    execution: int | None = None


class InstanceState(msgspec.Struct, frozen=True):
    id: str
    definition_id: str
    business_key: str | None = None
    tenant_id: str | None = None
    version: int = 0
    """Of the instance's own stream."""
    next_key: int = IDS_PER_ELEMENT
    tokens: Map[int, ElementInstance] = Map()
    children: Map[int, Keys] = Map()
    """The tokens of every scope that has any."""
    places: Map[tuple[int, str], Keys] = Map()
    """The active instances of each element, by scope and element id."""
    branches: Map[int, int] = Map()
    """The token of each branch that was begun by another one."""
    variables: Map[int, Map[str, Value]] = Map()
    """By the key of the owning scope."""
    incidents: Map[int, Incident] = Map()
    incident_of: Map[int, int] = Map()
    """The open incident of an external task, by its element's key, or of a job, by its own."""
    subscriptions: Map[int, Subscription] = Map()
    awaited: Map[tuple[str, str], Keys] = Map()
    """The subscriptions of each kind and name."""
    jobs: Map[int, Job] = Map()
    held: Map[int, Keys] = Map()
    """What ends with each token: its subscriptions and jobs, and incidents that were created by hand."""
    suspended: bool = False
    ended: str | None = None
    """Camunda's name of the end: COMPLETED or EXTERNALLY_TERMINATED."""
    hidden: bool = False
    """Its history was deleted: nobody finds it any more."""

    def part(self, ordinal: int) -> str:
        """Return the public id of the instance's part."""
        return part_id(self.id, ordinal)

    @property
    def elements(self) -> list[ElementInstance]:
        """The active element instances, oldest first; tokens still on a sequence flow are not among them."""
        return [self.tokens[key] for key in sorted(self.tokens) if self.tokens[key].flow_id is None]

    def tokens_in(self, scope: int) -> list[int]:
        return sorted(self.children.get(scope, NO_KEYS))

    def is_waiting(self, key: int) -> bool:
        """Tell whether the element instance is still active."""
        token = self.tokens.get(key)
        return token is not None and token.flow_id is None

    def scope_chain(self, key: int) -> list[int]:
        """The keys from an element instance up to the instance's own scope 0."""
        chain = [key]
        while key:
            key = self.tokens[key].scope
            chain.append(key)
        return chain

    def is_in_transition(self, key: int) -> bool:
        """Tell whether the token waits for a job between two elements."""
        token = self.tokens.get(key)
        return token is not None and token.flow_id is not None and key in self.held

    def job_of(self, key: int) -> Job | None:
        """The job that moves a token in transition."""
        return next((self.jobs[held] for held in self.held.get(key, NO_KEYS) if held in self.jobs), None)

    def is_beside_others(self, key: int) -> bool:
        """Tell whether other tokens are in the token's scope."""
        return len(self.children[self.tokens[key].scope]) > 1

    def token_beside(self, ordinal: int) -> int:
        """The key of the token that runs on an execution beside others."""
        branch = ordinal - CONCURRENT_EXECUTION
        return self.branches.get(branch, branch)

    def scope_of_execution(self, ordinal: int) -> int | None:
        """The scope that an execution stands for; None when the instance has no such execution now."""
        if ordinal == 0:
            return 0
        if self.is_waiting(ordinal - SCOPE_EXECUTION):
            return ordinal - SCOPE_EXECUTION
        beside = self.token_beside(ordinal)
        if self.is_waiting(beside) or self.is_in_transition(beside):
            return self.tokens[beside].scope
        return None
