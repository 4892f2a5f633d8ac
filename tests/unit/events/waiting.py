"""Facts about what an instance waits for, as tests write them."""

from __future__ import annotations

from domain.facts import JobCreated, SubscriptionOpened
from tests.unit.domain.given import DEFINITION, NOW

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000


def awaits(key: int, name: str, element: str, holder: int = 8, kind: str = "message") -> SubscriptionOpened:
    """The element instance `holder` waits for a message or signal, the event `element` says for which."""
    return SubscriptionOpened(key, kind, name, element, holder, DEFINITION)


def timer(key: int, element: str, holder: int = 8, after: int = MINUTE, repeat: str | None = None, scope: int = 0) -> JobCreated:
    """A timer of the event `element` is due that many ms after the beginning."""
    return JobCreated(key, "timer", element, DEFINITION, holder, holder + 1, NOW + after, repeat, scope=scope)


def before(key: int, element: str, holder: int, execution: int = 0, scope: int = 0, priority: int = 0) -> JobCreated:
    """The token `holder` waits before an element."""
    return JobCreated(key, "async-before", element, DEFINITION, holder, execution, priority=priority, scope=scope)


def behind(key: int, element: str, holder: int, execution: int = 0, scope: int = 0) -> JobCreated:
    """The token `holder` waits behind an element."""
    return JobCreated(key, "async-after", element, DEFINITION, holder, execution, scope=scope)
