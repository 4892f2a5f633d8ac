"""The filters of /process-instance lists (REST contract §10.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.rest import coercions
from api.rest.json_body import field
from api.rest.query_params import ANY_OF, FLAG, ID, ID_LIST, LIKE, LIST, TEXT, Kind, read_filters, read_json_filters
from api.rest.variable_filters import spread_case_flags, variables_kind

FILTERS: Mapping[str, Kind] = {
    "processInstanceIds": ID_LIST,
    "rootProcessInstanceId": ID,
    "deploymentId": ID,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "processDefinitionKeyIn": ANY_OF,
    "processDefinitionKeyNotIn": ANY_OF,
    "processDefinitionWithoutTenantId": FLAG,
    "businessKey": TEXT,
    "businessKeyLike": LIKE,
    "caseInstanceId": TEXT,
    "superProcessInstance": TEXT,
    "subProcessInstance": TEXT,
    "superCaseInstance": TEXT,
    "subCaseInstance": TEXT,
    "active": FLAG,
    "suspended": FLAG,
    "variables": variables_kind("variables"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
    "withIncident": FLAG,
    "incidentId": ID,
    "incidentType": TEXT,
    "incidentMessage": TEXT,
    "incidentMessageLike": LIKE,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
    "activityIdIn": LIST,
    "rootProcessInstances": FLAG,
    "leafProcessInstances": FLAG,
}


def filters_of_params(params: Mapping[str, str]) -> dict[str, Any]:
    """The filters of a query string."""
    return spread_case_flags(read_filters(params, FILTERS), ["variables"])


def filters_of_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of a body; of each or-query at least one has to hold."""
    filters = spread_case_flags(read_json_filters(body, FILTERS), ["variables"])
    alternatives = field(body, "orQueries", coercions.to_objects)
    if alternatives:
        filters["orQueries"] = [spread_case_flags(read_json_filters(query, FILTERS), ["variables"]) for query in alternatives]
    return filters
