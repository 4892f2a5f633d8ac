"""fetchAndLock: one statement claims the tasks, updates their rows and appends their facts. No aggregate is loaded for it.

The limit is a literal and the predicates are word for word those of the partial indexes: with a parameter, or with other words, the
planner walks the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from domain.facts import Envelope, ExternalTaskLocked, ExternalTaskLockExpired
from domain.fetching import FetchExternalTasks, TopicSubscription
from domain.values import Value
from projections.external_task.filters import filters_of
from projections.external_task.row import ExternalTaskRow, LockedTask
from projections.fact_mapper import TOPICS, encode_envelope, encode_fact
from projections.large_values import PAYLOAD, decode_value
from projections.recorder import TAKE_ORDERING_LOCK

_USABLE = "NOT suspended AND (retries IS NULL OR retries > 0)"
_EXPIRED_AT_ONCE = 1000
"""Among so many expired locks of a topic, the oldest ones, the order of §5.2 is kept."""

# Purpose: free tasks of the subscribed topics, tasks whose locks ran out, and of both the first ones.
_CANDIDATES = """
free_{n} AS (
    SELECT t.*, s.number FROM ordering, {subscribed} CROSS JOIN LATERAL (
        SELECT id, priority, create_time, false AS expired FROM external_task t
        WHERE topic = s.topic AND lock_until IS NULL AND {usable}{filters}
        ORDER BY {order} LIMIT {limit} FOR NO KEY UPDATE SKIP LOCKED) t
), expired_{n} AS (
    SELECT t.*, s.number FROM ordering, {subscribed} CROSS JOIN LATERAL (
        SELECT id, priority, create_time, NOT released AS expired FROM external_task
        WHERE id = ANY(ARRAY(
            SELECT id FROM external_task t
            WHERE topic = s.topic AND lock_until IS NOT NULL AND lock_until <= %(now)s AND {usable}{filters}
            ORDER BY lock_until LIMIT {expired_limit})) AND (lock_until <= %(now)s) IS TRUE AND {usable}
        ORDER BY {order} LIMIT {limit} FOR NO KEY UPDATE SKIP LOCKED) t
)"""
# Purpose: lock the chosen tasks, append their facts, and read their variables, the nearest scope's last.
_LOCK = """,
chosen AS (SELECT * FROM ({candidates}) c ORDER BY {order} LIMIT {limit}),
locked AS (
    UPDATE external_task t SET version = t.version + 1 + c.expired::int, worker_id = %(worker)s, released = false,
        lock_until = %(now)s + (%(durations)s::bigint[])[c.number]
    FROM chosen c WHERE t.id = c.id
    RETURNING t.*, c.expired, c.number
), facts AS (
    INSERT INTO stored_events (originator_id, originator_version, topic, state)
    SELECT id, version, topic, state FROM (
        SELECT id, version - 1 AS version, %(expired_topic)s AS topic, %(expired_state)b::bytea AS state FROM locked WHERE expired
        UNION ALL SELECT id, version, %(locked_topic)s, (%(states)b::bytea[])[number] FROM locked) f
    ORDER BY id, version
)
SELECT id::text, version, topic, priority, create_time, lock_until, worker_id, retries, suspended, error_message, error_details,
    process_instance_id::text, execution_id::text, activity_id, activity_instance_id, definition_id, definition_key, business_key,
    tenant_id, number, v.names, v.payloads
FROM locked t LEFT JOIN LATERAL (
    SELECT array_agg(v.name ORDER BY s.depth DESC) AS names, array_agg({payload} ORDER BY s.depth DESC) AS payloads
    FROM unnest(t.scopes[1:(%(depths)s::int[])[t.number]]) WITH ORDINALITY s(id, depth) JOIN variable v ON v.scope_id = s.id
) v ON (%(depths)s::int[])[t.number] > 0
ORDER BY {order}
"""
_ALL_SCOPES = 1000


def fetch_statement(request: FetchExternalTasks, envelope: Envelope) -> tuple[str, dict[str, object]]:
    """The statement for one attempt. Of several subscriptions to one topic the last one counts."""
    subscriptions = subscriptions_of(request)
    filters = [filters_of(s, number) for number, s in enumerate(subscriptions, 1)]
    shapes = tuple((number, f.sql) for number, f in enumerate(filters, 1) if f.sql)
    sql = _sql(_order(request), request.max_tasks, shapes, bool(len(shapes) < len(subscriptions)))
    head = encode_envelope(envelope)
    parameters: dict[str, object] = {
        "now": envelope.at,
        "worker": request.worker_id,
        "topics": [s.topic for s, f in zip(subscriptions, filters, strict=True) if not f.sql],
        "numbers": [n for n, f in enumerate(filters, 1) if not f.sql],
        "durations": [s.lock_duration for s in subscriptions],
        "depths": [_depth(s) for s in subscriptions],
        "expired_topic": TOPICS[ExternalTaskLockExpired],
        "expired_state": encode_fact(head, ExternalTaskLockExpired()),
        "locked_topic": TOPICS[ExternalTaskLocked],
        "states": [
            encode_fact(head, ExternalTaskLocked(request.worker_id, s.lock_duration, envelope.at + s.lock_duration)) for s in subscriptions
        ],
    }
    for number, (subscription, filter_) in enumerate(zip(subscriptions, filters, strict=True), 1):
        if filter_.sql:
            parameters[f"topic_{number}"] = subscription.topic
            parameters.update(filter_.parameters)
    return sql, parameters


def subscriptions_of(request: FetchExternalTasks) -> list[TopicSubscription]:
    """One subscription per topic, in the order asked for."""
    return list({s.topic: s for s in request.subscriptions}.values())


def locked_task(row: Sequence[Any], subscriptions: Sequence[TopicSubscription]) -> LockedTask:
    """Read one row of the statement's result."""
    *task, number, names, payloads = row
    wanted = subscriptions[number - 1].variables
    variables: dict[str, Value] = {
        name: decode_value(payload) for name, payload in zip(names or (), payloads or (), strict=True) if wanted is None or name in wanted
    }
    return LockedTask(ExternalTaskRow(*task), variables)


@lru_cache(maxsize=512)
def _sql(order: str, limit: int, filtered: tuple[tuple[int, str], ...], plain: bool) -> str:
    sources, names = [], []
    values = {"usable": _USABLE, "order": order, "limit": limit, "expired_limit": _EXPIRED_AT_ONCE}
    if plain:
        subscribed = "unnest(%(topics)s::text[], %(numbers)s::int[]) s(topic, number)"
        sources.append(_CANDIDATES.format(n=0, subscribed=subscribed, filters="", **values))
        names.append(0)
    for number, sql in filtered:
        subscribed = f"(VALUES (%(topic_{number})s::text, {number})) s(topic, number)"
        sources.append(_CANDIDATES.format(n=number, subscribed=subscribed, filters=sql, **values))
        names.append(number)
    candidates = " UNION ALL ".join(f"SELECT * FROM {kind}_{n}" for n in names for kind in ("free", "expired"))
    return (
        f"WITH {TAKE_ORDERING_LOCK}, " + ",".join(sources) + _LOCK.format(candidates=candidates, order=order, limit=limit, payload=PAYLOAD)
    )


def _order(request: FetchExternalTasks) -> str:
    if request.create_time_order is None:
        return "priority DESC, create_time, id"
    return f"{'priority DESC, ' if request.use_priority else ''}create_time {request.create_time_order.upper()}, id"


def _depth(subscription: TopicSubscription) -> int:
    if subscription.variables == ():
        return 0
    return 1 if subscription.local_variables else _ALL_SCOPES
