"""Filters of external-task queries, from a query string or a POST body (REST contract §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.rest.query_params import (
    ANY_ID_OF,
    ANY_OF,
    DATE,
    FLAG,
    ID,
    ID_LIST,
    LIKE,
    LIST,
    LONG,
    TEXT,
    Kind,
    read_filters,
    read_json_filters,
    read_json_sorting,
    read_page,
    read_sorting,
)
from api.rest.variable_filters import spread_case_flags, variables_kind
from projections.external_task.query import SORT_COLUMNS, ExternalTaskQuery
from projections.querying import Page

KINDS: Mapping[str, Kind] = {
    "externalTaskId": ID,
    "externalTaskIdIn": ANY_ID_OF,
    "topicName": TEXT,
    "workerId": TEXT,
    "locked": FLAG,
    "notLocked": FLAG,
    "withRetriesLeft": FLAG,
    "noRetriesLeft": FLAG,
    "lockExpirationBefore": DATE,
    "lockExpirationAfter": DATE,
    "activityId": TEXT,
    "activityIdIn": LIST,
    "executionId": ID,
    "processInstanceId": ID,
    "processInstanceIdIn": ID_LIST,
    "processDefinitionId": TEXT,
    "processDefinitionKey": TEXT,
    "processDefinitionKeyIn": ANY_OF,
    "processDefinitionName": TEXT,
    "processDefinitionNameLike": LIKE,
    "tenantIdIn": LIST,
    "active": FLAG,
    "suspended": FLAG,
    "priorityHigherThanOrEquals": LONG,
    "priorityLowerThanOrEquals": LONG,
    "processVariables": variables_kind("processVariables", "process variable"),
    "variableNamesIgnoreCase": FLAG,
    "variableValuesIgnoreCase": FLAG,
}


def query_of_params(params: Mapping[str, str]) -> ExternalTaskQuery:
    """The query that a query string asks for."""
    filters, sorting = read_filters(params, KINDS), read_sorting(params, SORT_COLUMNS)
    return _query(filters, sorting=sorting, page=read_page(params))


def query_of_body(body: Mapping[str, Any], page: Page | None = None) -> ExternalTaskQuery:
    """The query that a JSON object asks for; paging is never in it."""
    filters, sorting = read_json_filters(body, KINDS), read_json_sorting(body, SORT_COLUMNS)
    return _query(filters, sorting=sorting, page=page or Page())


def _query(filters: dict[str, Any], **more: Any) -> ExternalTaskQuery:
    spread = spread_case_flags(filters, ["processVariables"])
    return ExternalTaskQuery(variables=tuple(spread.pop("processVariables", ())), filters=spread, **more)
