"""Queries of variables, also of scopes that have ended (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.values import Value
from projections.history.listing import OF_INSTANCE, Listing, all_of
from projections.history.parts import element_of_activity, element_of_task, part_in, scope_of_execution
from projections.history.variable_instance.values import stored
from projections.large_values import PAYLOAD
from projections.querying import Condition, Where

SORT_KEYS: Mapping[str, str] = {
    "instanceId": "v.instance_id",
    "variableName": 'v.name COLLATE "C"',
    "tenantId": 'i.tenant_id COLLATE "C" NULLS LEAST',
}


def _has_value(where: Where, wanted: Value) -> None:
    """The very type and value: numbers of other types are others."""
    value = stored(wanted)
    where.add("v.type = {}", value.type)
    for column in ("text_value", "long_value", "double_value"):
        if getattr(value, column) is not None:
            where.add(f"v.{column} = {{}}", getattr(value, column))


CONDITIONS: Mapping[str, Condition] = {
    **OF_INSTANCE,
    "variableId": "v.id = {}::uuid",
    "processInstanceId": "v.instance_id = {}::uuid",
    "processInstanceIdIn": "v.instance_id = ANY({}::uuid[])",
    "variableName": "v.name = {}",
    "variableNameIgnoringCase": "lower(v.name) = lower({}::text)",
    "variableNameLike": "v.name LIKE {}",
    "variableNameLikeIgnoringCase": "lower(v.name) LIKE lower({}::text)",
    "variableNameIn": "v.name = ANY({}::text[])",
    "variableValue": _has_value,
    "variableTextIgnoringCase": "v.type = 'String' AND lower(v.text_value) = lower({}::text)",
    "variableTypeIn": "lower(v.type) = ANY({}::text[])",
    "executionIdIn": part_in("v.scope", scope_of_execution),
    "taskIdIn": part_in("v.scope", element_of_task),
    "activityInstanceIdIn": part_in("v.activity", element_of_activity),
    "withoutDeleted": "v.state = 0",
    # There are no cases.
    "caseInstanceId": "false",
    "caseExecutionIdIn": "false",
    "caseActivityIdIn": "false",
}

# Purpose: variables with their values in columns, and where they live.
VARIABLE_INSTANCES = Listing(
    f"""v.type, v.text_value, v.long_value, v.double_value, {PAYLOAD}, v.large, v.id::text, v.name, i.definition_key, i.definition_id,
    v.instance_id::text, CASE WHEN v.scope = 0 THEN v.instance_id::text ELSE part_id(v.instance_id, v.scope + 1) END,
    CASE WHEN v.activity = 0 THEN v.instance_id::text ELSE a.activity_id || ':' || part_id(v.instance_id, v.activity) END, i.tenant_id,
    CASE v.state WHEN 0 THEN 'CREATED' ELSE 'DELETED' END, v.create_time, i.removal_time""",
    """history_variable_instance v JOIN history_process_instance i ON i.id = v.instance_id
    LEFT JOIN history_activity_instance a ON a.instance_id = v.instance_id AND a.key = v.activity""",
    SORT_KEYS,
    "v.instance_id, v.scope, v.name",
    all_of(CONDITIONS),
)
