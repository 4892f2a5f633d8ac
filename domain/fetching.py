"""fetchAndLock as a value (REST contract §5.1). The claim itself is one statement in the database: no aggregate is loaded for it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from domain.values import Scalar, Value


class Comparison(NamedTuple):
    """With a value of a kind, as queries of variables tell kinds apart: numbers compare across their types."""

    operator: Literal["eq", "neq", "gt", "gteq", "lt", "lteq", "like", "notLike"]
    kind: Literal["Number", "String", "Boolean", "Date", "Null"]
    value: Scalar = None


class VariableCondition(msgspec.Struct, frozen=True):
    """What a variable of the instance's own scope has to be: at least one of the alternatives holds."""

    name: str
    alternatives: tuple[Comparison, ...]


class TopicSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker wants of one topic. Filters that are None do not apply; `()` means what §5.1 says of an empty list."""

    topic: str
    lock_duration: int
    """ms."""
    variables: tuple[str, ...] | None = None
    """Names to return; None returns all, () none."""
    local_variables: bool = False
    deserialize_values: bool = False
    include_extension_properties: bool = False
    business_key: str | None = None
    definition_id: str | None = None
    definition_id_in: tuple[str | None, ...] | None = None
    definition_key: str | None = None
    definition_key_in: tuple[str | None, ...] | None = None
    version_tag: str | None = None
    """A LIKE pattern."""
    process_variables: dict[str, Value] | None = None
    """Alternatives, compared type-strictly with variables of the instance's own scope."""
    variable_conditions: tuple[VariableCondition, ...] = ()
    """All of them have to hold."""
    without_tenant: bool = False
    tenant_id_in: tuple[str | None, ...] | None = None


class FetchExternalTasks(msgspec.Struct, frozen=True, kw_only=True):
    worker_id: str
    max_tasks: int
    subscriptions: tuple[TopicSubscription, ...] = ()
    use_priority: bool = False
    create_time_order: Literal["asc", "desc"] | None = None
    wait: int | None = None
    """ms to wait for a first task; None answers at once."""
