"""/history/incident: incidents, open and past (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from api.rest.errors import engine_error
from api.rest.history_lists import HistoryList, add_reads
from api.rest.json_body import JsonAnswer
from api.rest.query_params import ANY_OF, DATE, FLAG, ID, LIKE, LIST, TEXT, Kind
from api.rest.rows import row_writer
from projections.history.incident import query

router = APIRouter(prefix="/history/incident", tags=["Historic incident"])

_STATES = ("open", "resolved", "deleted")
FILTERS: Mapping[str, Kind] = {
    "incidentId": ID,
    "incidentType": TEXT,
    "incidentMessage": TEXT,
    "incidentMessageLike": LIKE,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "processDefinitionKeyIn": ANY_OF,
    "processInstanceId": ID,
    "executionId": ID,
    "createTimeBefore": DATE,
    "createTimeAfter": DATE,
    "endTimeBefore": DATE,
    "endTimeAfter": DATE,
    "activityId": TEXT,
    "failedActivityId": TEXT,
    "causeIncidentId": ID,
    "rootCauseIncidentId": ID,
    "configuration": TEXT,
    "historyConfiguration": TEXT,
    **dict.fromkeys(_STATES, FLAG),
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "jobDefinitionIdIn": LIST,
}


class HistoricIncidentDto(JsonAnswer):
    """An incident. `history_configuration` is the log entry of the failure that it is about."""

    id: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    root_process_instance_id: str
    create_time: str
    end_time: str | None
    removal_time: str | None
    incident_type: str
    activity_id: str
    failed_activity_id: str | None
    cause_incident_id: str
    root_cause_incident_id: str
    configuration: str | None
    history_configuration: str | None
    incident_message: str | None
    tenant_id: str | None
    job_definition_id: str | None
    open: bool
    deleted: bool
    resolved: bool
    annotation: str | None


def _meant(filters: dict[str, Any]) -> dict[str, Any]:
    states = [(state, flag) for state, flag in enumerate(_STATES) if filters.pop(flag, False)]
    if len(states) > 1:
        raise engine_error(f"Already querying for incident state <{states[0][1]}>")
    return filters | {"state": states[0][0]} if states else filters


_write = row_writer(HistoricIncidentDto, "createTime", "endTime", "removalTime")
INCIDENTS = HistoryList(HistoricIncidentDto, query.INCIDENTS, FILTERS, lambda _: _write, _meant)

add_reads(router, INCIDENTS)
