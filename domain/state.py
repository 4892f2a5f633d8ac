"""The state of one process instance, as far as decisions and live reads need it. Only `domain.evolve` makes new ones.

Collections are persistent maps: a step costs the same in an instance of three tokens and of thirty thousand, and a refused command
leaves nothing behind. They have no order; whoever needs one sorts by key, which is the order of creation.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from immutables import Map

from domain.ids import part_id
from domain.values import Value

Keys: TypeAlias = Map[int, None]

SCOPE_EXECUTION, TASK, CONCURRENT_EXECUTION, IDS_PER_ELEMENT = 1, 2, 3, 4
"""What an element instance's key is followed by: its own execution, its external or user task, the execution of its token beside others."""


class ElementInstance(msgspec.Struct, frozen=True):
    """A flow node that a token is in, or the flow that a token is on towards it (`flow_id`)."""

    key: int
    element_id: str
    scope: int
    flow_id: str | None = None


class Incident(msgspec.Struct, frozen=True):
    key: int
    incident_type: str
    element_key: int
    element_id: str
    configuration: str | None
    message: str | None
    raised_at: int
    annotation: str | None = None


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
    variables: Map[int, Map[str, Value]] = Map()
    """By the key of the owning scope."""
    incidents: Map[int, Incident] = Map()
    incident_of: Map[int, int] = Map()
    """Element key to the open incident of its external task."""
    suspended: bool = False
    ended: str | None = None
    """Camunda's name of the end: COMPLETED or EXTERNALLY_TERMINATED."""

    def part(self, ordinal: int) -> str:
        """Return the public id of the instance's part."""
        return part_id(self.id, ordinal)

    @property
    def elements(self) -> list[ElementInstance]:
        """The active element instances, oldest first; tokens still on a sequence flow are not among them."""
        return [self.tokens[key] for key in sorted(self.tokens) if self.tokens[key].flow_id is None]

    def tokens_in(self, scope: int) -> list[int]:
        return sorted(self.children.get(scope, _NO_KEYS))

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

    def scope_of_execution(self, ordinal: int) -> int | None:
        """The scope that an execution stands for; None when the instance has no such execution now."""
        if ordinal == 0:
            return 0
        if self.is_waiting(ordinal - SCOPE_EXECUTION):
            return ordinal - SCOPE_EXECUTION
        if self.is_waiting(ordinal - CONCURRENT_EXECUTION):
            return self.tokens[ordinal - CONCURRENT_EXECUTION].scope
        return None


_NO_KEYS: Keys = Map()
