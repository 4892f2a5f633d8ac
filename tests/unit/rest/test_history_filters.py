"""Filters of history's lists: from the wire to what they mean, and how they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from api.rest.errors import RestError
from api.rest.history_activity_instances import ACTIVITIES
from api.rest.history_external_task_log import LOG
from api.rest.history_incidents import INCIDENTS
from api.rest.history_lists import HistoryList
from api.rest.history_process_instances import INSTANCES
from api.rest.history_variable_instances import VARIABLES
from domain.values import Value
from projections.history.activity_instance import query as activities
from projections.history.external_task_log import query as log
from projections.history.incident import query as incidents
from projections.history.process_instance import query as instances
from projections.history.variable_instance import query as variables
from projections.querying import Condition
from projections.variable.conditions import VariableFilter

LISTS: Mapping[str, tuple[HistoryList, Mapping[str, Condition]]] = {
    "process-instance": (INSTANCES, instances.CONDITIONS),
    "activity-instance": (ACTIVITIES, activities.CONDITIONS),
    "external-task-log": (LOG, log.CONDITIONS),
    "variable-instance": (VARIABLES, variables.CONDITIONS),
    "incident": (INCIDENTS, incidents.CONDITIONS),
}
IGNORING_CASE = {"variableNamesIgnoreCase", "variableValuesIgnoreCase"}
ANSWERED_BY_OTHERS = {
    "process-instance": {"active", "suspended", "completed", "externallyTerminated", "internallyTerminated"},
    "external-task-log": {"creationLog", "failureLog", "successLog", "deletionLog"},
    "variable-instance": {"includeDeleted"},
    "incident": {"open", "resolved", "deleted"},
}
"""Filters that become another one."""
NO_ID = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_of_the_wire_has_a_condition(name: str) -> None:
    resource, conditions = LISTS[name]

    assert resource.kinds.keys() - IGNORING_CASE - ANSWERED_BY_OTHERS.get(name, set()) - conditions.keys() == set()


@pytest.mark.parametrize(
    ("resource", "params", "filters"),
    [
        (INSTANCES, {"active": "true", "finished": "false"}, {"stateIn": ["ACTIVE"]}),
        (INSTANCES, {"incidentStatus": "resolved"}, {"incidentStatus": 1}),
        (INSTANCES, {"incidentStatus": "ghost"}, {"incidentStatus": -1}),
        (
            INSTANCES,
            {"variables": "a_eq_x", "variableValuesIgnoreCase": "true"},
            {"variables": [VariableFilter("a", "eq", "String", "x", ignore_value_case=True)]},
        ),
        (LOG, {"creationLog": "true", "failureLog": "true", "successLog": "false"}, {"kind": 1}),
        (INCIDENTS, {"resolved": "true"}, {"state": 1}),
        (VARIABLES, {"variableTypeIn": "Integer,String"}, {"variableTypeIn": ["integer", "string"], "withoutDeleted": True}),
        (VARIABLES, {"includeDeleted": "true"}, {}),
        (
            VARIABLES,
            {"variableName": "a", "variableValue": "1", "includeDeleted": "true"},
            {"variableName": "a", "variableValue": Value("String", "1")},
        ),
        (
            VARIABLES,
            {"variableName": "a", "variableValue": "X", **dict.fromkeys([*IGNORING_CASE, "includeDeleted"], "true")},
            {"variableNameIgnoringCase": "a", "variableTextIgnoringCase": "X"},
        ),
    ],
)
def test_what_filters_of_a_query_string_mean(resource: HistoryList, params: dict[str, str], filters: dict[str, Any]) -> None:
    assert resource.asked(params) == filters


def test_of_an_or_query_several_states_may_hold() -> None:
    body = {"orQueries": [{"active": True, "completed": True, "finished": True}, {}]}

    assert INSTANCES.posted(body) == {"orQueries": [{"stateIn": ["ACTIVE", "COMPLETED"], "finished": True}, {}]}


def test_a_value_of_a_body_has_its_own_type() -> None:
    wanted = [VARIABLES.posted({"variableName": "a", "variableValue": value})["variableValue"] for value in (1, 2**40, 1.5, True, "1")]

    assert wanted == [Value("Integer", 1), Value("Long", 2**40), Value("Double", 1.5), Value("Boolean", True), Value("String", "1")]


def comparison(operator: str, value: object, **more: object) -> dict[str, object]:
    """A body with one comparison of variables."""
    return {"variables": [{"operator": operator, "value": value, **more}]}


@pytest.mark.parametrize(
    ("resource", "body", "refusal"),
    [
        (
            INSTANCES,
            {"completed": True, "active": True},
            (400, "BadUserRequestException", "Already querying for historic process instance with another state: ACTIVE is not empty"),
        ),
        (INSTANCES, {"processInstanceIds": []}, (500, "ProcessEngineException", "Set of process instance ids is empty")),
        (
            INSTANCES,
            {"processInstanceIdNotIn": [None]},
            (500, "NullValueException", "processInstanceIdNotIn contains null value"),
        ),
        (INSTANCES, {"processDefinitionKeyIn": [None]}, (500, "NullValueException", "processDefinitionKeys contains null value")),
        (INSTANCES, {"processDefinitionKeyNotIn": [""]}, (400, "NotValidException", "processDefinitionKeys contains empty string")),
        (INSTANCES, {"executedActivityIdIn": [None]}, (400, "BadUserRequestException", "activity ids contains null value")),
        (INSTANCES, {"incidentIdIn": [None]}, (500, "NullValueException", "incidentIds contains null value")),
        (INSTANCES, {"tenantIdIn": [None]}, (500, "NullValueException", "tenantIds contains null value")),
        (
            INSTANCES,
            {"rootProcessInstances": True, "superProcessInstanceId": "x"},
            (
                400,
                "BadUserRequestException",
                "Invalid query usage: cannot set both rootProcessInstances and superProcessInstanceId",
            ),
        ),
        (INSTANCES, comparison("eq", 1), (400, "NotValidException", "name is null")),
        (
            INSTANCES,
            comparison("notLike", "x", name="a"),
            (400, "InvalidRequestException", "Invalid variable comparator specified: notLike"),
        ),
        (
            INSTANCES,
            comparison("gt", True, name="a"),
            (400, "NotValidException", "Booleans and null cannot be used in 'greater than' condition"),
        ),
        (
            ACTIVITIES,
            {"canceled": True, "completeScope": True},
            (500, "ProcessEngineException", "Already querying for activity instance state <scopeComplete>"),
        ),
        (LOG, {"activityInstanceIdIn": [None]}, (400, "NotValidException", "activityIds contains null value")),
        (LOG, {"executionIdIn": [""]}, (400, "NotValidException", "executionIds contains empty string")),
        (VARIABLES, {"processInstanceIdIn": [None]}, (500, "NullValueException", "Process Instance Ids contains null value")),
        (VARIABLES, {"variableNameIn": [None]}, (500, "NullValueException", "Variable names contains null value")),
        (
            VARIABLES,
            {"variableName": "a", "variableValue": [1]},
            (500, "ProcessEngineException", "Object values cannot be used to query"),
        ),
        (
            VARIABLES,
            {"variableValue": 1},
            (
                400,
                "InvalidRequestException",
                "Only a single variable value parameter specified: variable name and value are required to be able to query after a "
                "specific variable value.",
            ),
        ),
        (
            INCIDENTS,
            {"deleted": True, "resolved": True},
            (500, "ProcessEngineException", "Already querying for incident state <resolved>"),
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_as_camunda_does(
    resource: HistoryList, body: dict[str, Any], refusal: tuple[int, str, str]
) -> None:
    with pytest.raises(RestError) as refused:
        resource.posted(body)

    assert (refused.value.status, refused.value.type, refused.value.message) == refusal


@pytest.mark.parametrize(
    ("resource", "params", "filters"),
    [
        (INSTANCES, {"processDefinitionKeyIn": "", "tenantIdIn": "", "executedActivityIdIn": ""}, {}),
        (INSTANCES, {"processInstanceIds": ""}, {"processInstanceIds": [NO_ID]}),
        (INSTANCES, {"incidentIdIn": "ghost"}, {"incidentIdIn": [NO_ID]}),
        (LOG, {"tenantIdIn": ""}, {"tenantIdIn": [""]}),
        (INCIDENTS, {"processDefinitionKeyIn": "", "jobDefinitionIdIn": ""}, {"processDefinitionKeyIn": [""]}),
        (VARIABLES, {"variableNameIn": "", "includeDeleted": "true"}, {"variableNameIn": [""]}),
    ],
)
def test_empty_lists_of_a_query_string_are_no_filter_or_find_nothing(
    resource: HistoryList, params: dict[str, str], filters: dict[str, Any]
) -> None:
    assert resource.asked(params) == filters


def test_an_empty_id_of_the_log_is_refused_in_a_query_string_too() -> None:
    with pytest.raises(RestError, match="activityInstanceIds contains empty string"):
        LOG.asked({"activityInstanceIdIn": ""})
