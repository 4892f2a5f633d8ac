"""Who a message is for (REST contract §10.5): one indexed look by name, and then what narrows the few that wait for it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.event_commands import CorrelateMessage
from domain.values import Value
from projections.querying import Where
from projections.variable.conditions import variable_equals

# Purpose: executions of active instances that wait for a message.
_EXECUTIONS = """
SELECT s.execution_id::text, s.process_instance_id::text FROM event_subscription s
    JOIN process_instance i ON i.id = s.process_instance_id"""
# Purpose: start events that a message sets off; the definition must not be suspended.
_STARTS = """
SELECT s.definition_id, s.activity_id FROM event_subscription s JOIN process_definition d ON d.id = s.definition_id"""


def executions_statement(command: CorrelateMessage) -> tuple[str, dict[str, object]]:
    """The executions that a message fits, the oldest subscription first."""
    where = _where(command)
    where.add("NOT i.suspended")
    if command.business_key is not None:
        where.add("i.business_key = {}", command.business_key)
    if command.instance_id is not None:
        where.add("i.id = {}::uuid", command.instance_id)
    _have(where, "i.id", command.correlation_keys)
    _have(where, "s.execution_id", command.local_correlation_keys)
    return f"{_EXECUTIONS}{where.sql} ORDER BY s.created, s.id", where.parameters


def starts_statement(command: CorrelateMessage) -> tuple[str, dict[str, object]]:
    """The start events that a message fits: by its name and tenant alone."""
    where = _where(command)
    where.add("s.execution_id IS NULL AND NOT d.suspended")
    return f"{_STARTS}{where.sql} ORDER BY s.created, s.id", where.parameters


def _where(command: CorrelateMessage) -> Where:
    where = Where()
    where.add("s.event_name = {} AND s.event_type = 'message'", command.name)
    if command.tenant_id is not None:
        where.add("s.tenant_id = {}", command.tenant_id)
    elif command.without_tenant:
        where.add("s.tenant_id IS NULL")
    return where


def _have(where: Where, scope: str, keys: Mapping[str, Value]) -> None:
    for name, value in keys.items():
        where.conditions.append(f"EXISTS (SELECT FROM variable v WHERE v.scope_id = {scope} AND {variable_equals(where, name, value)})")
