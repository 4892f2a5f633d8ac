"""An external task as the server hands it to a worker (LockedExternalTaskDto)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gesta_client.dates import date_value
from gesta_client.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTask:
    """A task that is locked for this worker; times are moments with a time zone, `retries` is None until a failure was reported."""

    id: str
    topic_name: str
    worker_id: str
    activity_id: str
    activity_instance_id: str
    execution_id: str
    process_instance_id: str
    process_definition_id: str
    process_definition_key: str
    process_definition_version_tag: str | None = None
    business_key: str | None = None
    tenant_id: str | None = None
    priority: int = 0
    retries: int | None = None
    suspended: bool = False
    create_time: datetime | None = None
    lock_expiration_time: datetime | None = None
    error_message: str | None = None
    error_details: str | None = None
    variables: Variables = field(default_factory=lambda: Variables({}))
    extension_properties: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def received(cls, wire: Mapping[str, Any]) -> ExternalTask:
        """Take over the server's JSON; unknown properties are ignored. Raise KeyError when one that every task has is missing."""
        texts: dict[str, Any] = {name: wire[word] for name, word in REQUIRED.items()}
        texts |= {name: wire.get(word) for name, word in OPTIONAL.items()}
        return cls(
            **texts,
            priority=wire.get("priority") or 0,
            suspended=bool(wire.get("suspended")),
            create_time=_moment(wire.get("createTime")),
            lock_expiration_time=_moment(wire.get("lockExpirationTime")),
            variables=Variables.received(wire.get("variables")),
            extension_properties=wire.get("extensionProperties") or {},
        )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else date_value(text)


REQUIRED = {
    "id": "id",
    "topic_name": "topicName",
    "worker_id": "workerId",
    "activity_id": "activityId",
    "activity_instance_id": "activityInstanceId",
    "execution_id": "executionId",
    "process_instance_id": "processInstanceId",
    "process_definition_id": "processDefinitionId",
    "process_definition_key": "processDefinitionKey",
}
OPTIONAL = {
    "process_definition_version_tag": "processDefinitionVersionTag",
    "business_key": "businessKey",
    "tenant_id": "tenantId",
    "retries": "retries",
    "error_message": "errorMessage",
    "error_details": "errorDetails",
}
