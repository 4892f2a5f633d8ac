"""Rows of `event_subscription` from facts."""

from __future__ import annotations

from collections.abc import Iterable

from domain.facts import Recorded, StartSubscriptionClosed, StartSubscriptionOpened, SubscriptionClosed, SubscriptionOpened
from domain.ids import named_id, part_id
from domain.state import SCOPE_EXECUTION
from projections.rows import ReadModel, Statement, columns

# Purpose: subscriptions that were opened.
INSERT = """
INSERT INTO event_subscription (id, event_type, event_name, execution_id, process_instance_id, activity_id, created, definition_id,
    tenant_id)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::bigint[], %b::text[], %b::text[])
"""
# Purpose: subscriptions that were closed.
DELETE = "DELETE FROM event_subscription WHERE id = ANY(%b::uuid[])"


class EventSubscriptions(ReadModel):
    def __init__(self) -> None:
        self._opened: dict[str, tuple[object, ...]] = {}
        self._closed: list[str] = []

    def opened(self, record: Recorded, fact: SubscriptionOpened) -> None:
        instance_id = record.originator_id
        self._opened[part_id(instance_id, fact.key)] = (
            fact.kind,
            fact.name,
            part_id(instance_id, fact.holder + SCOPE_EXECUTION),
            instance_id,
            fact.element_id,
            record.envelope.at,
            fact.definition_id,
            fact.tenant_id,
        )

    def opened_start(self, record: Recorded, fact: StartSubscriptionOpened) -> None:
        self._opened[_start_id(record, fact)] = (
            fact.kind,
            fact.name,
            None,
            None,
            fact.element_id,
            record.envelope.at,
            fact.definition_id,
            fact.tenant_id,
        )

    def closed(self, record: Recorded, fact: SubscriptionClosed) -> None:
        self._close(part_id(record.originator_id, fact.key))

    def closed_start(self, record: Recorded, fact: StartSubscriptionClosed) -> None:
        self._close(_start_id(record, fact))

    def _close(self, id: str) -> None:
        if self._opened.pop(id, None) is None:
            self._closed.append(id)

    def inserts(self) -> Iterable[Statement]:
        if self._opened:
            yield INSERT, columns((id, *row) for id, row in self._opened.items())

    def deletions(self) -> Iterable[Statement]:
        if self._closed:
            yield DELETE, [self._closed]

    projectors = {
        SubscriptionOpened: opened,
        SubscriptionClosed: closed,
        StartSubscriptionOpened: opened_start,
        StartSubscriptionClosed: closed_start,
    }


def _start_id(record: Recorded, fact: StartSubscriptionOpened | StartSubscriptionClosed) -> str:
    return named_id(record.originator_id, fact.element_id)
