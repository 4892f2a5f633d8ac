"""The filters of /task lists (REST contract §10.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.rest.query_params import ANY_OF, DATE, FLAG, ID, ID_LIST, INTEGER, LIKE, LIST, TEXT, Kind, read_filters, read_json_filters
from api.rest.variable_filters import spread_case_flags, variables_kind

FILTERS: Mapping[str, Kind] = {
    "taskId": ID,
    "taskIdIn": ID_LIST,
    "processInstanceId": ID,
    "processInstanceIdIn": ID_LIST,
    "executionId": ID,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "processDefinitionKeyIn": ANY_OF,
    "processDefinitionName": TEXT,
    "deploymentId": ID,
    "processInstanceBusinessKey": TEXT,
    "processInstanceBusinessKeyIn": ANY_OF,
    "processInstanceBusinessKeyLike": LIKE,
    "taskDefinitionKey": TEXT,
    "taskDefinitionKeyIn": ANY_OF,
    "taskDefinitionKeyLike": LIKE,
    "activityInstanceIdIn": LIST,
    "name": TEXT,
    "nameNotEqual": TEXT,
    "nameLike": LIKE,
    "description": TEXT,
    "descriptionLike": LIKE,
    "assignee": TEXT,
    "assigneeIn": LIST,
    "assigneeLike": LIKE,
    "assigned": FLAG,
    "unassigned": FLAG,
    "owner": TEXT,
    "candidateUser": TEXT,
    "candidateGroup": TEXT,
    "candidateGroups": LIST,
    "withCandidateGroups": FLAG,
    "withoutCandidateGroups": FLAG,
    "includeAssignedTasks": FLAG,
    "priority": INTEGER,
    "minPriority": INTEGER,
    "maxPriority": INTEGER,
    "dueDate": DATE,
    "dueBefore": DATE,
    "dueAfter": DATE,
    "withoutDueDate": FLAG,
    "followUpBefore": DATE,
    "followUpAfter": DATE,
    "createdOn": DATE,
    "createdBefore": DATE,
    "createdAfter": DATE,
    "active": FLAG,
    "suspended": FLAG,
    "processVariables": variables_kind("processVariables", "process variable"),
    "taskVariables": variables_kind("taskVariables", "task variable"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
    "tenantIdIn": LIST,
    "withoutTenantId": FLAG,
}
_BY_CANDIDATE = ("candidateUser", "candidateGroup", "candidateGroups", "withCandidateGroups", "withoutCandidateGroups")
_VARIABLES = ("processVariables", "taskVariables")


def filters_of_params(params: Mapping[str, str]) -> dict[str, Any]:
    """The filters of a query string."""
    return _finished(read_filters(params, FILTERS))


def filters_of_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of a body."""
    return _finished(read_json_filters(body, FILTERS))


def _finished(filters: dict[str, Any]) -> dict[str, Any]:
    """Candidates are asked for among tasks that nobody has, unless it is said otherwise."""
    filters = spread_case_flags(filters, _VARIABLES)
    if not filters.pop("includeAssignedTasks", False) and any(name in filters for name in _BY_CANDIDATE):
        filters["onlyUnassigned"] = True
    return filters
