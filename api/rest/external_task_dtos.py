"""What external-task requests and answers look like (REST contract §4)."""

from __future__ import annotations

from api.rest.coercions import Int, Long, Object, PlainDuration, Text, Texts
from api.rest.json_body import JsonAnswer, JsonObject
from api.rest.rows import row_writer


class ExternalTaskDto(JsonAnswer):
    """An open external task (§4.2)."""

    activity_id: str
    activity_instance_id: str
    error_message: str | None
    execution_id: str
    id: str
    lock_expiration_time: str | None
    create_time: str
    process_definition_id: str
    process_definition_key: str
    process_definition_version_tag: str | None
    process_instance_id: str
    tenant_id: str | None
    retries: int | None
    suspended: bool
    worker_id: str | None
    topic_name: str | None
    priority: int
    business_key: str | None


write_external_task = row_writer(ExternalTaskDto, "lockExpirationTime", "createTime")


class CountDto(JsonAnswer):
    count: int


class LockExternalTaskDto(JsonObject):
    worker_id: Text = None
    lock_duration: PlainDuration = 0
    """In ms."""


class ExtendLockDto(JsonObject):
    worker_id: Text = None
    new_duration: PlainDuration = 0
    """In ms, from now."""


class BpmnErrorDto(JsonObject):
    worker_id: Text = None
    error_code: Text = None
    error_message: Text = None
    variables: Object = None


class RetriesDto(JsonObject):
    retries: Int = None


class PriorityDto(JsonObject):
    priority: Long = None


class SetRetriesDto(JsonObject):
    """Retries of the union of all that is named; a query `{}` names everything."""

    retries: Int = None
    external_task_ids: Texts = None
    process_instance_ids: Texts = None
    external_task_query: Object = None
    process_instance_query: Object = None
    historic_process_instance_query: Object = None
