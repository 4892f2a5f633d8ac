"""Queries of incidents, open and past (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from projections.history.external_task_log.entries import entry_is
from projections.history.listing import OF_INSTANCE, Listing, all_of
from projections.history.parts import part_is
from projections.querying import Condition

SORT_KEYS: Mapping[str, str] = {
    "incidentId": "part_id(n.instance_id, n.key)",
    "incidentMessage": 'n.message COLLATE "C" NULLS LEAST',
    "createTime": "n.create_time THEN n.key",
    "endTime": "n.end_time NULLS LEAST",
    "incidentType": 'n.incident_type COLLATE "C"',
    "executionId": "part_id(n.instance_id, n.execution)",
    "activityId": 'n.activity_id COLLATE "C"',
    "processInstanceId": "n.instance_id",
    "processDefinitionId": 'i.definition_id COLLATE "C"',
    "processDefinitionKey": 'i.definition_key COLLATE "C"',
    "causeIncidentId": "part_id(n.instance_id, n.key)",
    "rootCauseIncidentId": "part_id(n.instance_id, n.key)",
    "configuration": 'n.configuration COLLATE "C" NULLS LEAST',
    "historyConfiguration": "n.history_configuration NULLS LEAST",
    "tenantId": 'i.tenant_id COLLATE "C" NULLS LEAST',
    "incidentState": "n.state",
}
CONDITIONS: Mapping[str, Condition] = {
    **OF_INSTANCE,
    "incidentId": part_is("n.key"),
    "incidentType": "n.incident_type = {}",
    "incidentMessage": "n.message = {}",
    "incidentMessageLike": "n.message LIKE {}",
    "processInstanceId": "n.instance_id = {}::uuid",
    "executionId": part_is("n.execution"),
    "createTimeBefore": "n.create_time < {}",
    "createTimeAfter": "n.create_time > {}",
    "endTimeBefore": "n.end_time < {}",
    "endTimeAfter": "n.end_time > {}",
    "activityId": "n.activity_id = {}",
    "configuration": "n.configuration = {}",
    "historyConfiguration": partial(entry_is, "n.history_configuration"),
    "state": "n.state = {}",
    # Every incident is its own cause.
    "causeIncidentId": part_is("n.key"),
    "rootCauseIncidentId": part_is("n.key"),
    "failedActivityId": "n.failed_activity_id = {}",
    "jobDefinitionIdIn": "n.job_definition_id::text = ANY({}::text[])",
}

# Purpose: incidents, in the order of HistoricIncidentDto's fields.
INCIDENTS = Listing(
    """part_id(n.instance_id, n.key), i.definition_key, i.definition_id, n.instance_id::text, part_id(n.instance_id, n.execution),
    n.instance_id::text, n.create_time, n.end_time, i.removal_time, n.incident_type, n.activity_id, n.failed_activity_id,
    part_id(n.instance_id, n.key), part_id(n.instance_id, n.key), n.configuration, log_entry_id(n.history_configuration), n.message,
    i.tenant_id, n.job_definition_id::text, n.state = 0, n.state = 2, n.state = 1, n.annotation""",
    "history_incident n JOIN history_process_instance i ON i.id = n.instance_id",
    SORT_KEYS,
    "n.instance_id, n.key",
    all_of(CONDITIONS),
)
