"""Facts about messages and signals: what an instance waits for, and what reached it."""

from __future__ import annotations

from domain.facts.fact import Fact, cause, fact
from domain.values import Value


@fact
class SubscriptionOpened(Fact, frozen=True, array_like=True):
    """The element instance `holder` waits for a message or signal of that name, which the event `element_id` declares.

    `kind` is Camunda's: message or signal. `key` is the subscription's own ordinal.
    """

    key: int
    kind: str
    name: str
    element_id: str
    holder: int
    definition_id: str
    tenant_id: str | None = None


@fact
class SubscriptionClosed(Fact, frozen=True, array_like=True):
    key: int


@cause
class MessageCorrelated(Fact, frozen=True, array_like=True):
    """A message reached the subscription `key`. Local variables become the waiting element's own, triggered ones the event's."""

    key: int
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}
    triggered_variables: dict[str, Value] = {}


@cause
class SignalReceived(Fact, frozen=True, array_like=True):
    """A signal reached the instance: every subscription of that name, or those of the element instance `holder` alone."""

    name: str
    variables: dict[str, Value] = {}
    holder: int | None = None


@fact
class SignalThrown(Fact, frozen=True, array_like=True):
    """The event `key` threw a signal. The instance's own subscriptions have it at once, other instances in the same transaction."""

    key: int
    name: str
    variables: dict[str, Value] = {}
    business_key: str | None = None
    """Of the instances that the signal starts."""


@cause
class ExecutionSignalled(Fact, frozen=True, array_like=True):
    """Somebody moved on the activity that an execution, given by its ordinal, was in."""

    execution: int
    variables: dict[str, Value] = {}


@cause
class MessageSent(Fact, frozen=True, array_like=True):
    """Somebody sent a message. It is the only fact of a stream of its own; what it did stands in the streams of whom it reached.

    `reached` are the ids of the executions that had it and of the instances that it started.
    """

    name: str
    business_key: str | None = None
    instance_id: str | None = None
    correlation_keys: dict[str, Value] = {}
    local_correlation_keys: dict[str, Value] = {}
    tenant_id: str | None = None
    reached: tuple[str, ...] = ()


@cause
class SignalSent(Fact, frozen=True, array_like=True):
    """Somebody sent a signal; as `MessageSent`."""

    name: str
    execution_id: str | None = None
    tenant_id: str | None = None
    reached: tuple[str, ...] = ()
