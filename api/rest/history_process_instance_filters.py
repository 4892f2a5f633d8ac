"""The filters of /history/process-instance (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from api.rest import coercions, history_kinds
from api.rest.errors import engine_error, null_value
from api.rest.history_kinds import bad_user_request, not_valid
from api.rest.json_body import field
from api.rest.query_params import (
    ANY_ID_OF,
    ANY_OF,
    DATE,
    FLAG,
    ID,
    ID_LIST,
    LIKE,
    LIST,
    TEXT,
    Kind,
    read_json_filters,
    refusing,
)
from api.rest.variable_filters import spread_case_flags

_ACTIVITIES = history_kinds.texts("activity ids", bad_user_request)
_KEYS = history_kinds.texts("processDefinitionKeys")

STATES = {
    "active": "ACTIVE",
    "suspended": "SUSPENDED",
    "completed": "COMPLETED",
    "externallyTerminated": "EXTERNALLY_TERMINATED",
    "internallyTerminated": "INTERNALLY_TERMINATED",
}
_INCIDENT_STATES = {"open": 0, "resolved": 1}
_NO_STATE = -1

FILTERS: Mapping[str, Kind] = {
    "processInstanceId": ID,
    "processInstanceIds": ANY_ID_OF,
    "processInstanceIdNotIn": ID_LIST,
    "rootProcessInstanceId": ID,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "processDefinitionKeyIn": _KEYS,
    "processDefinitionKeyNotIn": refusing(_KEYS, "", partial(not_valid, "processDefinitionKeys contains empty string")),
    "processDefinitionName": TEXT,
    "processDefinitionNameLike": LIKE,
    "processInstanceBusinessKey": TEXT,
    "processInstanceBusinessKeyIn": ANY_OF._replace(from_query=LIST.from_query),
    "processInstanceBusinessKeyLike": LIKE,
    "rootProcessInstances": FLAG,
    "finished": FLAG,
    "unfinished": FLAG,
    "withIncidents": FLAG,
    "withRootIncidents": FLAG,
    "withJobsRetrying": FLAG,
    "incidentType": TEXT,
    "incidentIdIn": refusing(ID_LIST, None, partial(null_value, "incidentIds contains null value")),
    "incidentStatus": TEXT,
    "incidentMessage": TEXT,
    "incidentMessageLike": LIKE,
    "startedBefore": DATE,
    "startedAfter": DATE,
    "finishedBefore": DATE,
    "finishedAfter": DATE,
    "startedBy": TEXT,
    "superProcessInstanceId": TEXT,
    "subProcessInstanceId": TEXT,
    "superCaseInstanceId": TEXT,
    "subCaseInstanceId": TEXT,
    "caseInstanceId": TEXT,
    "variables": history_kinds.variables("variables"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
    "executedActivityIdIn": _ACTIVITIES,
    "activeActivityIdIn": _ACTIVITIES,
    "activityIdIn": _ACTIVITIES,
    "executedActivityBefore": DATE,
    "executedActivityAfter": DATE,
    "executedJobBefore": DATE,
    "executedJobAfter": DATE,
    **dict.fromkeys(STATES, FLAG),
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
}


def filters_of_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of a body; of each or-query at least one has to hold."""
    if field(body, "processInstanceIds", coercions.to_texts) == []:
        raise engine_error("Set of process instance ids is empty")
    filters = with_one_state(read_json_filters(body, FILTERS))
    alternatives = field(body, "orQueries", coercions.to_objects)
    if alternatives:
        filters["orQueries"] = [_with_any_state(read_json_filters(query, FILTERS)) for query in alternatives]
    return filters


def _meant(filters: dict[str, Any]) -> dict[str, Any]:
    """What the values of filters stand for."""
    spread_case_flags(filters, ["variables"])
    if "rootProcessInstances" in filters and "superProcessInstanceId" in filters:
        raise bad_user_request("Invalid query usage: cannot set both rootProcessInstances and superProcessInstanceId")
    if "incidentStatus" in filters:
        filters["incidentStatus"] = _INCIDENT_STATES.get(filters["incidentStatus"], _NO_STATE)
    return filters


def _states(filters: dict[str, Any]) -> Sequence[str]:
    return [state for flag, state in STATES.items() if filters.pop(flag, False)]


def with_one_state(filters: dict[str, Any]) -> dict[str, Any]:
    """What filters mean that all have to hold: an instance has one state."""
    states = _states(_meant(filters))
    if len(states) > 1:
        raise bad_user_request(f"Already querying for historic process instance with another state: {states[0]} is not empty")
    return filters | {"stateIn": states} if states else filters


def _with_any_state(filters: dict[str, Any]) -> dict[str, Any]:
    states = _states(_meant(filters))
    return filters | {"stateIn": states} if states else filters
