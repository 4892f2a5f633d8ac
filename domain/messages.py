"""What is said when a message fits nobody, or too many (REST contract §10.5)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.event_commands import CorrelateMessage
from domain.refusals import Mismatch
from domain.values import Value


def nobody_waits(command: CorrelateMessage) -> Mismatch:
    return Mismatch(f"Cannot correlate message '{command.name}': No process definition or execution matches the parameters")


def several_executions(command: CorrelateMessage, count: int) -> Mismatch:
    single = f"Cannot correlate a message with name '{command.name}' to a single execution."
    return Mismatch(f"ENGINE-13031 {single} {count} executions match the correlation keys: {_shown(command)}")


def several_definitions(command: CorrelateMessage, count: int) -> Mismatch:
    single = f"Cannot correlate a message with name '{command.name}' to a single process definition."
    return Mismatch(f"ENGINE-13030 {single} {count} process definitions match the correlations keys: {_shown(command)}")


def _shown(command: CorrelateMessage) -> str:
    fields = {
        "businessKey": command.business_key,
        "processInstanceId": command.instance_id,
        "processDefinitionId": None,
        "correlationKeys": _keys(command.correlation_keys),
        "localCorrelationKeys": _keys(command.local_correlation_keys),
        "tenantId": command.tenant_id,
        "isTenantIdSet": "true" if command.tenant_id is not None or command.without_tenant else "false",
        "isExecutionsOnly": "false",
    }
    return f"CorrelationSet [{', '.join(f'{name}={_text(value)}' for name, value in fields.items())}]"


def _text(value: str | None) -> str:
    return "null" if value is None else value


def _keys(keys: Mapping[str, Value]) -> str | None:
    if not keys:
        return None
    return "{" + ", ".join(f"{name} => {value.content!s}" for name, value in keys.items()) + "}"
