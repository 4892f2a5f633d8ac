"""Queries of process instances, running and past (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from projections.history.listing import OF_INSTANCE, Listing, applying
from projections.history.parts import part_in
from projections.querying import Condition, Where, apply_filters
from projections.variable.conditions import VariableFilter, variable_matches

_ACTIVITY = "EXISTS (SELECT FROM history_activity_instance a WHERE a.instance_id = i.id AND {})"
_INCIDENT = "EXISTS (SELECT FROM history_incident n WHERE n.instance_id = i.id AND {})"
_RUNS = "i.end_time IS NULL"
_DEFINITION = "i.definition_id IN (SELECT id FROM process_definition WHERE name {} {{}})"

SORT_KEYS: Mapping[str, str] = {
    "instanceId": "i.id",
    "definitionId": 'i.definition_id COLLATE "C"',
    "definitionKey": 'i.definition_key COLLATE "C"',
    "definitionName": 'd.name COLLATE "C" NULLS LEAST',
    "definitionVersion": "d.version NULLS LEAST",
    "businessKey": 'i.business_key COLLATE "C" NULLS LEAST',
    "startTime": "i.start_time THEN i.id",
    "endTime": "i.end_time NULLS LEAST THEN i.id",
    "duration": "i.end_time - i.start_time NULLS LEAST",
    "tenantId": 'i.tenant_id COLLATE "C" NULLS LEAST',
}

_OF_ACTIVITIES: Mapping[str, Condition] = {
    "executedActivityIdIn": "a.activity_id = ANY({}::text[]) AND a.end_time IS NOT NULL",
    "activeActivityIdIn": "a.activity_id = ANY({}::text[]) AND a.end_time IS NULL",
    "executedActivityBefore": "a.start_time <= {}",
    "executedActivityAfter": "a.start_time >= {}",
}
_OF_INCIDENTS: Mapping[str, Condition] = {
    "withIncidents": "true",
    "withRootIncidents": "true",
    "incidentType": "n.incident_type = {}",
    "incidentIdIn": part_in("n.key"),
    "incidentStatus": "n.state = {}",
    "incidentMessage": "n.message = {}",
    "incidentMessageLike": "n.message LIKE {}",
}


def _exists_one(where: Where, filters: Mapping[str, Any], conditions: Mapping[str, Condition], sql: str) -> None:
    """Demand one row that fits all filters."""
    inner = Where(where.parameters)
    apply_filters(inner, filters, conditions)
    where.conditions.append(sql.format(" AND ".join(inner.conditions)))


def _exists(where: Where, value: Any, *, conditions: Mapping[str, Condition], sql: str) -> None:
    _exists_one(where, dict.fromkeys(conditions, value), conditions, sql)


def _variables(where: Where, filters: Sequence[VariableFilter]) -> None:
    for wanted in filters:
        matches = variable_matches(where, wanted)
        where.conditions.append(f"EXISTS (SELECT FROM history_variable_instance v WHERE v.instance_id = i.id AND {matches})")


def _any_query(where: Where, queries: Sequence[Mapping[str, Any]]) -> None:
    for filters in queries:
        where.any_of(partial(apply_filters, filters=filters, conditions=CONDITIONS))


CONDITIONS: Mapping[str, Condition] = {
    "processInstanceId": "i.id = {}::uuid",
    "processInstanceIds": "i.id = ANY({}::uuid[])",
    "processInstanceIdNotIn": "i.id <> ALL({}::uuid[])",
    "rootProcessInstanceId": "i.id = {}::uuid",
    **OF_INSTANCE,
    "processDefinitionKeyNotIn": "i.definition_key <> ALL({}::text[])",
    "processDefinitionName": _DEFINITION.format("="),
    "processDefinitionNameLike": _DEFINITION.format("LIKE"),
    "processInstanceBusinessKey": "i.business_key = {}",
    "processInstanceBusinessKeyIn": "i.business_key = ANY({}::text[])",
    "processInstanceBusinessKeyLike": "i.business_key LIKE {}",
    "finished": "i.end_time IS NOT NULL",
    "unfinished": "i.end_time IS NULL",
    "startedBefore": "i.start_time <= {}",
    "startedAfter": "i.start_time >= {}",
    "finishedBefore": "i.end_time <= {}",
    "finishedAfter": "i.end_time >= {}",
    "startedBy": "i.start_user = {}",
    "stateIn": "i.state = ANY({}::text[])",
    "activityIdIn": f"({_RUNS} AND {_ACTIVITY.format('a.activity_id = ANY({}::text[]) AND a.end_time IS NULL')})",
    "variables": _variables,
    "orQueries": _any_query,
    **{name: partial(_exists, conditions={name: condition}, sql=_ACTIVITY) for name, condition in _OF_ACTIVITIES.items()},
    **{name: partial(_exists, conditions={name: condition}, sql=_INCIDENT) for name, condition in _OF_INCIDENTS.items()},
    # There are no call activities, cases and jobs: every instance is a root.
    "rootProcessInstances": "true",
    "superProcessInstanceId": "false",
    "subProcessInstanceId": "false",
    "superCaseInstanceId": "false",
    "subCaseInstanceId": "false",
    "caseInstanceId": "false",
    "withJobsRetrying": "false",
    "executedJobBefore": "false",
    "executedJobAfter": "false",
}


def _where(filters: Mapping[str, Any]) -> Where:
    """All conditions have to hold; those on activities for one and the same activity, and those on incidents likewise."""
    where, apart = Where(), applying(filters)
    if "activeActivityIdIn" in apart:
        where.add(_RUNS)
    for conditions, sql in ((_OF_ACTIVITIES, _ACTIVITY), (_OF_INCIDENTS, _INCIDENT)):
        together = {name: apart.pop(name) for name in conditions if name in apart}
        if together:
            _exists_one(where, together, conditions, sql)
    apply_filters(where, apart, CONDITIONS)
    return where


# Purpose: instances, in the order of HistoricProcessInstanceDto's fields.
PROCESS_INSTANCES = Listing(
    """i.id::text, i.business_key, i.definition_id, i.definition_key, d.name, d.version, i.start_time, i.end_time, i.removal_time,
    i.end_time - i.start_time, i.start_user, i.start_activity, i.delete_reason, i.id::text, NULL, NULL, NULL, i.tenant_id, i.state, NULL""",
    "history_process_instance i LEFT JOIN process_definition d ON d.id = i.definition_id",
    SORT_KEYS,
    "i.id",
    _where,
)


def ids(filters: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The statement for the ids of instances that a larger command concerns."""
    where = _where(filters)
    return f"SELECT i.id::text FROM history_process_instance i{where.sql} ORDER BY i.id", where.parameters
