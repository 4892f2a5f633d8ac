"""Queries of the log of external tasks (REST contract §7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from projections.history.external_task_log.entries import entry_is
from projections.history.listing import OF_INSTANCE, Listing, all_of
from projections.history.parts import element_of_activity, element_of_execution, element_of_task, part_in, part_is
from projections.querying import Condition

SORT_KEYS: Mapping[str, str] = {
    "timestamp": "l.timestamp THEN l.position",
    "externalTaskId": "part_id(l.instance_id, l.key)",
    "retries": "l.retries NULLS LEAST",
    "priority": "l.priority",
    "topicName": 'l.topic COLLATE "C" NULLS LEAST',
    "workerId": 'l.worker_id COLLATE "C" NULLS LEAST',
    "activityId": 'l.activity_id COLLATE "C"',
    "activityInstanceId": "l.activity_id COLLATE \"C\" || ':' || part_id(l.instance_id, l.key)",
    "executionId": "part_id(l.instance_id, l.key)",
    "processInstanceId": "l.instance_id",
    "processDefinitionId": 'i.definition_id COLLATE "C"',
    "processDefinitionKey": 'i.definition_key COLLATE "C"',
    "tenantId": 'i.tenant_id COLLATE "C" NULLS LEAST',
}
CONDITIONS: Mapping[str, Condition] = {
    **OF_INSTANCE,
    "logId": partial(entry_is, "l.position"),
    "externalTaskId": part_is("l.key", element_of_task),
    "topicName": "l.topic = {}",
    "workerId": "l.worker_id = {}",
    "errorMessage": "l.error_message = {}",
    "activityIdIn": "l.activity_id = ANY({}::text[])",
    "activityInstanceIdIn": part_in("l.key", element_of_activity),
    "executionIdIn": part_in("l.key", element_of_execution),
    "processInstanceId": "l.instance_id = {}::uuid",
    "priorityHigherThanOrEquals": "l.priority >= {}",
    "priorityLowerThanOrEquals": "l.priority <= {}",
    "kind": "l.kind = {}",
}
_SOURCE = "history_external_task_log l JOIN history_process_instance i ON i.id = l.instance_id"

# Purpose: entries, in the order of HistoricExternalTaskLogDto's fields.
EXTERNAL_TASK_LOG = Listing(
    """log_entry_id(l.position), l.timestamp, i.removal_time, part_id(l.instance_id, l.key + 2), l.topic, l.worker_id, l.priority,
    l.retries, l.error_message, l.activity_id, l.activity_id || ':' || part_id(l.instance_id, l.key), part_id(l.instance_id, l.key + 1),
    l.instance_id::text, i.definition_id, i.definition_key, i.tenant_id, l.instance_id::text,
    l.kind = 0, l.kind = 1, l.kind = 2, l.kind = 3""",
    _SOURCE,
    SORT_KEYS,
    "l.position",
    all_of(CONDITIONS),
)
# Purpose: the details of a failure; one that brought none has those of the failure before.
ERROR_DETAILS = f"""
SELECT CASE WHEN l.kind = 1 THEN (
    SELECT f.error_details FROM history_external_task_log f
    WHERE f.instance_id = l.instance_id AND f.key = l.key AND f.position <= l.position AND f.error_details IS NOT NULL
    ORDER BY f.position DESC LIMIT 1) END
FROM {_SOURCE} WHERE l.position = %s
"""
