"""Filters, sorting and paging of external-task queries: from the wire to SQL."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.rest.errors import RestError
from api.rest.external_task_filters import KINDS, query_of_body, query_of_params
from projections.external_task.query import (
    CONDITIONS,
    SORT_COLUMNS,
    ExternalTaskQuery,
    count_statement,
    ids_statement,
    list_statement,
    topic_names_statement,
)
from projections.querying import Page

NOW = 1_700_000_000_000
INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
TASK = "0193f000-0000-7abc-8abc-def00000000a"
MODIFIERS = {"processVariables", "variableNamesIgnoreCase", "variableValuesIgnoreCase"}


def where_of(filters: dict[str, Any]) -> tuple[str, list[object]]:
    """The conditions of a count and the values in them, in order."""
    sql, parameters = count_statement(ExternalTaskQuery(filters=filters), NOW)
    names = re.findall(r"%\((\w+)\)s", sql)
    return sql.partition(" WHERE ")[2], [parameters[name] for name in names]


def test_every_filter_of_the_wire_has_a_condition() -> None:
    assert KINDS.keys() - MODIFIERS == CONDITIONS.keys()


def test_every_placeholder_has_a_value() -> None:
    for name, value in (("topicName", "t"), ("externalTaskIdIn", [TASK]), ("executionId", TASK), ("processInstanceIdIn", [INSTANCE])):
        sql, parameters = list_statement(ExternalTaskQuery(filters={name: value}), NOW)
        assert set(re.findall(r"%\((\w+)\)s", sql)) <= parameters.keys(), name


def test_no_filter_is_no_condition() -> None:
    assert count_statement(ExternalTaskQuery(), NOW)[0] == "SELECT count(*) FROM external_task t"


def test_all_conditions_hold_together() -> None:
    assert where_of({"topicName": "t", "noRetriesLeft": True})[0].count(" AND ") == 1


def test_locks_are_compared_with_now() -> None:
    assert where_of({"locked": True}) == ("coalesce(t.lock_until, 0) > %(now)s", [NOW])
    assert where_of({"notLocked": True})[1] == [NOW]


@pytest.mark.parametrize(("loser", "winner"), [("active", "suspended"), ("withRetriesLeft", "noRetriesLeft")])
def test_some_filters_win_over_others(loser: str, winner: str) -> None:
    assert where_of({loser: True, winner: True}) == where_of({winner: True})


def test_tasks_of_an_instance_are_a_range_of_ids() -> None:
    sql, values = where_of({"processInstanceId": INSTANCE})
    assert sql.startswith("t.id BETWEEN")
    assert values == [INSTANCE, INSTANCE[:29] + "fffffff"]


def test_an_id_that_is_no_instances_finds_nothing() -> None:
    assert where_of({"processInstanceId": TASK}) == ("false", [])
    assert where_of({"processInstanceIdIn": [TASK]})[1] == [[], []]


def test_an_instance_named_twice_is_looked_up_once() -> None:
    assert where_of({"processInstanceIdIn": [INSTANCE, INSTANCE]})[1][0] == [INSTANCE]


def test_an_execution_is_looked_up_in_its_instance() -> None:
    assert where_of({"executionId": TASK})[1] == [INSTANCE, INSTANCE[:29] + "fffffff", TASK]


def test_unsorted_lists_come_by_id() -> None:
    assert list_statement(ExternalTaskQuery(), NOW)[0].endswith("ORDER BY t.id")


def test_sorting_by_priority_needs_no_more_than_its_index() -> None:
    query = ExternalTaskQuery(filters={"topicName": "t"}, sorting=[("taskPriority", "desc")], page=Page(0, 50))
    assert list_statement(query, NOW)[0].endswith("ORDER BY t.priority DESC, t.priority LIMIT 50")


def test_other_sorting_ends_with_the_id() -> None:
    query = ExternalTaskQuery(sorting=[("createTime", "desc"), ("taskPriority", "asc")], page=Page(10, 5))
    sql = list_statement(query, NOW)[0]
    assert "ORDER BY t.create_time DESC, t.priority ASC, t.id LIMIT 5 OFFSET 10" in sql
    assert sql.endswith("ORDER BY t.create_time DESC, t.priority ASC, t.id")


def test_every_sort_key_of_the_contract() -> None:
    keys = "id lockExpirationTime processInstanceId processDefinitionId processDefinitionKey tenantId taskPriority createTime"
    assert set(SORT_COLUMNS) == set(keys.split())


def test_ids_are_selected_by_the_same_conditions() -> None:
    sql, parameters = ids_statement(ExternalTaskQuery(filters={"topicName": "t"}), NOW)
    assert "t.topic = %(p1)s" in sql
    assert parameters == {"now": NOW, "p1": "t"}


def test_topic_names_take_their_own_filters() -> None:
    sql, parameters = topic_names_statement({"withLockedTasks": True, "withRetriesLeft": True}, NOW)
    assert "coalesce(t.lock_until, 0) > %(now)s AND (t.retries IS NULL OR t.retries > 0)" in sql
    assert parameters == {"now": NOW}


def test_filters_of_a_query_string() -> None:
    query = query_of_params({"topicName": "t", "locked": "false", "activityIdIn": "a,b", "sortBy": "id", "sortOrder": "desc"})
    assert query.filters == {"topicName": "t", "activityIdIn": ["a", "b"]}
    assert query.sorting == [("id", "desc")]


def test_filters_of_a_body() -> None:
    body = {"topicName": "t", "activityIdIn": [], "priorityLowerThanOrEquals": "5", "sorting": [{"sortBy": "id", "sortOrder": "asc"}]}
    query = query_of_body(body, Page(1, 2))
    assert query.filters == {"topicName": "t", "priorityLowerThanOrEquals": 5}
    assert (query.sorting, query.page) == ([("id", "asc")], Page(1, 2))


def test_empty_lists_of_a_query_string() -> None:
    assert "activityIdIn" not in query_of_params({"activityIdIn": ""}).filters
    assert query_of_params({"processDefinitionKeyIn": ""}).filters == {"processDefinitionKeyIn": [""]}


def test_a_null_in_a_list_is_refused_where_camunda_refuses_it() -> None:
    with pytest.raises(RestError, match="tenantIds contains null value"):
        query_of_body({"tenantIdIn": [None]})


def test_variables_are_looked_for_in_every_scope() -> None:
    query = query_of_params({"processVariables": "a_eq_x,b_gt_y", "variableNamesIgnoreCase": "true"})
    assert [wanted.name for wanted in query.variables] == ["a", "b"]
    assert all(wanted.ignore_name_case for wanted in query.variables)
    assert list_statement(query, NOW)[0].count("EXISTS (SELECT FROM variable v") == 2


def test_a_bad_comparator_is_refused() -> None:
    with pytest.raises(RestError, match="Invalid process variable comparator specified: is"):
        query_of_params({"processVariables": "a_is_x"})
