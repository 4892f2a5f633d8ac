"""Queries of activity instances, running and past (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping

from projections.history.listing import OF_INSTANCE, Listing, all_of
from projections.history.parts import element_of_activity, part_is
from projections.querying import Condition, Where

_ID = "a.activity_id || ':' || part_id(a.instance_id, a.key)"

SORT_KEYS: Mapping[str, str] = {
    "activityInstanceId": f'({_ID}) COLLATE "C"',
    "instanceId": "a.instance_id",
    "executionId": "part_id(a.instance_id, a.execution)",
    "activityId": 'a.activity_id COLLATE "C"',
    "activityName": 'a.activity_name COLLATE "C" NULLS LEAST',
    "activityType": 'a.activity_type COLLATE "C"',
    "startTime": "a.start_time THEN a.key",
    "endTime": "a.end_time NULLS LEAST THEN a.key",
    "duration": "a.end_time - a.start_time NULLS LEAST",
    "definitionId": 'i.definition_id COLLATE "C"',
    "occurrence": "a.key",
    "tenantId": 'i.tenant_id COLLATE "C" NULLS LEAST',
}


def _is(where: Where, id: str) -> None:
    part_is("a.key", element_of_activity)(where, id)
    where.add("a.activity_id = {}", id.rpartition(":")[0])


CONDITIONS: Mapping[str, Condition] = {
    **OF_INSTANCE,
    "activityInstanceId": _is,
    "processInstanceId": "a.instance_id = {}::uuid",
    "executionId": part_is("a.execution"),
    "activityId": "a.activity_id = {}",
    "activityName": "a.activity_name = {}",
    "activityNameLike": "a.activity_name LIKE {}",
    "activityType": "a.activity_type = {}",
    "taskAssignee": "a.assignee = {}",
    "finished": "a.end_time IS NOT NULL",
    # What is not finished is in a running instance: these are found by their index.
    "unfinished": "(a.end_time IS NULL AND i.end_time IS NULL)",
    "completeScope": "a.complete_scope",
    "canceled": "a.canceled",
    "startedBefore": "a.start_time <= {}",
    "startedAfter": "a.start_time >= {}",
    "finishedBefore": "a.end_time <= {}",
    "finishedAfter": "a.end_time >= {}",
}

# Purpose: activity instances, in the order of HistoricActivityInstanceDto's fields.
ACTIVITY_INSTANCES = Listing(
    f"""{_ID}, CASE WHEN a.scope = 0 THEN a.instance_id::text ELSE p.activity_id || ':' || part_id(p.instance_id, p.key) END,
    a.activity_id, a.activity_name, a.activity_type, i.definition_key, i.definition_id, a.instance_id::text,
    part_id(a.instance_id, a.execution), CASE WHEN a.activity_type = 'userTask' THEN part_id(a.instance_id, a.key + 2) END,
    NULL, NULL, a.assignee, a.start_time, a.end_time,
    a.end_time - a.start_time, a.canceled, a.complete_scope, i.tenant_id, i.removal_time, a.instance_id::text""",
    """history_activity_instance a JOIN history_process_instance i ON i.id = a.instance_id
    LEFT JOIN history_activity_instance p ON p.instance_id = a.instance_id AND p.key = a.scope""",
    SORT_KEYS,
    "a.instance_id, a.key",
    all_of(CONDITIONS),
)
