"""Commands about messages and signals, and executions that somebody moves on by hand."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain.values import Value


class ReceiveMessage(msgspec.Struct, frozen=True):
    """Let a message of that name reach an execution that waits for it."""

    execution_id: str
    name: str
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}
    """Of the waiting element itself."""
    triggered_variables: dict[str, Value] = {}
    """Of the scope that the event opens or stands in."""


class ReceiveSignal(msgspec.Struct, frozen=True):
    """Let a signal reach an instance; with `execution_id`, that execution alone."""

    instance_id: str
    name: str
    variables: dict[str, Value] = {}
    execution_id: str | None = None


class SignalExecution(msgspec.Struct, frozen=True):
    """End the wait of whatever an execution is in."""

    execution_id: str
    variables: dict[str, Value] = {}


class CorrelateMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Find who waits for a message, or what it starts (REST contract §10.5)."""

    name: str
    business_key: str | None = None
    """Of waiting instances; an instance that is started gets it."""
    instance_id: str | None = None
    correlation_keys: dict[str, Value] = {}
    """Variables of waiting instances, type for type."""
    local_correlation_keys: dict[str, Value] = {}
    """Variables of waiting executions themselves."""
    variables: dict[str, Value] = {}
    local_variables: dict[str, Value] = {}
    triggered_variables: dict[str, Value] = {}
    tenant_id: str | None = None
    without_tenant: bool = False
    all: bool = False
    """Everybody has it; else exactly one has to wait, or one definition has to start with it."""
    executions_only: bool = False
    """It starts nothing."""


class BroadcastSignal(msgspec.Struct, frozen=True):
    """Let a signal reach everybody who waits for it, and start what it starts; with `execution_id`, that execution alone."""

    name: str
    variables: dict[str, Value] = {}
    execution_id: str | None = None
    tenant_id: str | None = None
    without_tenant: bool = False


EventCommand: TypeAlias = ReceiveMessage | ReceiveSignal | SignalExecution
Broadcast: TypeAlias = CorrelateMessage | BroadcastSignal
"""Commands whose receivers have to be found first."""
