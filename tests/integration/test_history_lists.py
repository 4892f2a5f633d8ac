"""Every filter and sort key of the lists of history is SQL that PostgreSQL takes, and finds what it should among a few rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from domain.ids import part_id
from domain.values import Value
from projections.history.activity_instance import query as activities
from projections.history.activity_instance.query import ACTIVITY_INSTANCES
from projections.history.external_task_log import query as log
from projections.history.external_task_log.entries import position_of
from projections.history.external_task_log.query import ERROR_DETAILS, EXTERNAL_TASK_LOG
from projections.history.incident import query as incidents
from projections.history.incident.query import INCIDENTS
from projections.history.listing import Listing
from projections.history.process_instance import query as instances
from projections.history.process_instance.query import PROCESS_INSTANCES
from projections.history.variable_instance import query as variables
from projections.history.variable_instance.query import VARIABLE_INSTANCES
from projections.querying import Condition, Page
from projections.variable.conditions import VariableFilter
from tests.databases import fresh_database

NOW = 1_700_000_000_000
INSTANCE, OTHER = "0193f000-0000-7abc-8abc-def000000000", "0193f000-0000-7abc-8abc-def100000000"
VARIABLE = "9d19f126-e904-81f1-8343-02fc00000001"
ROWS = f"""
INSERT INTO process_definition (id, key, version, name, startable_in_tasklist, deployment_id, resource)
    VALUES ('p:1:x', 'p', 1, 'P', true, '{INSTANCE}', 'p.bpmn');
INSERT INTO history_process_instance (id, definition_id, definition_key, business_key, state, start_time, end_time) VALUES
    ('{INSTANCE}', 'p:1:x', 'p', 'k', 'ACTIVE', {NOW}, NULL), ('{OTHER}', 'q:1:x', 'q', NULL, 'COMPLETED', {NOW + 1}, {NOW + 9});
INSERT INTO history_activity_instance VALUES
    ('{INSTANCE}', 4, 0, 5, 'sub', 'subProcess', 'Sub', NULL, {NOW}, NULL, false, false),
    ('{INSTANCE}', 8, 4, 9, 'work', 'serviceTask', 'Work', NULL, {NOW + 1}, {NOW + 5}, true, false),
    ('{INSTANCE}', 12, 0, 0, 'look', 'userTask', NULL, 'ann', {NOW + 2}, {NOW + 3}, false, true);
INSERT INTO history_external_task_log VALUES
    (7, '{INSTANCE}', 8, 0, {NOW}, 'work', 't', 5, NULL, NULL, NULL, NULL),
    (8, '{INSTANCE}', 8, 1, {NOW + 1}, 'work', 't', 5, NULL, 'w', 'boom', 'details'),
    (9, '{INSTANCE}', 8, 1, {NOW + 2}, 'work', 't', 5, 3, 'w', 'bang', NULL),
    (10, '{INSTANCE}', 8, 2, {NOW + 2}, 'work', 't', 5, 2, 'w', NULL, NULL);
INSERT INTO history_variable_instance VALUES
    ('{INSTANCE}', 0, 'n', gen_random_uuid(), 0, 'Integer', NULL, 5, NULL, NULL, {NOW}, 0),
    ('{INSTANCE}', 0, 'gone', gen_random_uuid(), 0, 'Boolean', NULL, 1, NULL, NULL, {NOW}, 1),
    ('{INSTANCE}', 8, 'inner', '{VARIABLE}', 8, 'String', 'Red', NULL, NULL, NULL, {NOW}, 0),
    ('{OTHER}', 0, 'd', gen_random_uuid(), 0, 'Double', NULL, NULL, 1.5, NULL, {NOW}, 0);
INSERT INTO history_incident VALUES
    ('{INSTANCE}', 16, 9, 'failedExternalTask', 'work', {NOW}, NULL, 0, '{part_id(INSTANCE, 10)}', 8, 'boom', NULL),
    ('{INSTANCE}', 20, 9, 'failedExternalTask', 'work', {NOW + 1}, {NOW + 2}, 1, '{part_id(INSTANCE, 10)}', 9, 'bang', NULL);
"""
LISTS: Mapping[str, tuple[Listing, Mapping[str, Condition], int]] = {
    "instances": (PROCESS_INSTANCES, instances.CONDITIONS, 2),
    "activities": (ACTIVITY_INSTANCES, activities.CONDITIONS, 3),
    "log": (EXTERNAL_TASK_LOG, log.CONDITIONS, 4),
    "variables": (VARIABLE_INSTANCES, variables.CONDITIONS, 4),
    "incidents": (INCIDENTS, incidents.CONDITIONS, 2),
}
"""The lists, their filters, and how many rows there are."""


@pytest.fixture(scope="module")
def rows(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The rows that all these tests read."""
    with fresh_database(postgres) as database, psycopg.connect(database, autocommit=True) as connection:
        connection.execute(ROWS.encode())
        yield connection


def found(rows: psycopg.Connection[tuple[Any, ...]], listing: Listing, filters: Mapping[str, Any]) -> int:
    """How many rows the list and the count find alike."""
    listed = rows.execute(*listing.select(filters, [], Page())).fetchall()
    counted = rows.execute(*listing.count(filters)).fetchone()
    assert counted == (len(listed),)
    return len(listed)


def a_value(name: str) -> Any:
    """Some value of the filter's type."""
    given = {"variables": [VariableFilter("n", "eq", "Number", 5)], "orQueries": [{"finished": True}], "variableValue": Value("Long", 1)}
    if name in given:
        return given[name]
    if name.endswith(("Before", "After", "OrEquals", "kind", "state", "Status")):
        return 1
    if name.endswith(("Id", "IdIn", "IdNotIn", "Ids")) and not name.startswith(("processDefinition", "activityId")):
        return [INSTANCE] if name.endswith(("In", "Ids")) else INSTANCE
    return ["a"] if name.endswith("In") else "x"


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_and_sort_key_runs(rows: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    listing, conditions, count = LISTS[name]

    for filter in conditions:
        found(rows, listing, {filter: a_value(filter)})
    for key in listing.sort_keys:
        for order in ("asc", "desc"):
            assert len(rows.execute(*listing.select({}, [(key, order)], Page(0, 100))).fetchall()) == count
    assert len(rows.execute(*listing.select({}, [], Page(1, 1))).fetchall()) == 1


@pytest.mark.parametrize(
    ("name", "filters", "hits"),
    [
        ("instances", {"processInstanceId": INSTANCE}, 1),
        ("instances", {"processInstanceIdNotIn": [INSTANCE]}, 1),
        ("instances", {"finished": True}, 1),
        ("instances", {"unfinished": True, "finished": True}, 0),
        ("instances", {"stateIn": ["ACTIVE", "COMPLETED"]}, 2),
        ("instances", {"startedBefore": NOW}, 1),
        ("instances", {"finishedAfter": NOW + 9}, 1),
        ("instances", {"processDefinitionName": "P"}, 1),
        ("instances", {"variables": [VariableFilter("inner", "like", "String", "R%")]}, 1),
        ("instances", {"executedActivityIdIn": ["work", "look"]}, 1),
        ("instances", {"executedActivityIdIn": ["sub"]}, 0),
        ("instances", {"activeActivityIdIn": ["sub"]}, 1),
        ("instances", {"executedActivityIdIn": ["work"], "activeActivityIdIn": ["sub"]}, 0),
        ("instances", {"executedActivityIdIn": ["work"], "executedActivityAfter": NOW + 2}, 0),
        ("instances", {"incidentMessage": "boom", "incidentStatus": 0}, 1),
        ("instances", {"incidentMessage": "boom", "incidentStatus": 1}, 0),
        ("instances", {"incidentIdIn": [part_id(INSTANCE, 16), OTHER]}, 1),
        ("instances", {"tenantIdIn": ["x"], "withoutTenantId": True}, 2),
        ("instances", {"orQueries": [{"processInstanceBusinessKey": "k", "stateIn": ["COMPLETED"]}]}, 2),
        ("instances", {"orQueries": [{"finished": True}, {"unfinished": True}]}, 0),
        ("activities", {"activityInstanceId": f"work:{part_id(INSTANCE, 8)}"}, 1),
        ("activities", {"activityInstanceId": f"look:{part_id(INSTANCE, 8)}"}, 0),
        ("activities", {"executionId": INSTANCE}, 1),
        ("activities", {"executionId": part_id(INSTANCE, 9)}, 1),
        ("activities", {"startedAfter": NOW + 2}, 1),
        ("activities", {"finishedBefore": NOW + 5}, 2),
        ("log", {"logId": "00000000-0000-8000-8000-000000000008"}, 1),
        ("log", {"externalTaskId": part_id(INSTANCE, 10)}, 4),
        ("log", {"executionIdIn": [part_id(INSTANCE, 9)]}, 4),
        ("log", {"activityInstanceIdIn": [f"work:{part_id(INSTANCE, 8)}", "ghost"]}, 4),
        ("log", {"kind": 1, "workerId": "w"}, 2),
        ("variables", {"withoutDeleted": True, "processInstanceId": INSTANCE}, 2),
        ("variables", {"executionIdIn": [INSTANCE, part_id(INSTANCE, 9)]}, 3),
        ("variables", {"activityInstanceIdIn": [INSTANCE]}, 2),
        ("variables", {"activityInstanceIdIn": [f"work:{part_id(INSTANCE, 8)}"]}, 1),
        ("variables", {"taskIdIn": [part_id(INSTANCE, 10)]}, 1),
        ("variables", {"variableName": "n", "variableValue": Value("Integer", 5)}, 1),
        ("variables", {"variableName": "n", "variableValue": Value("Long", 5)}, 0),
        ("variables", {"variableTypeIn": ["integer", "double"]}, 2),
        ("variables", {"variableNameIgnoringCase": "INNER", "variableTextIgnoringCase": "red"}, 1),
        ("incidents", {"incidentId": part_id(INSTANCE, 16)}, 1),
        ("incidents", {"executionId": part_id(INSTANCE, 9)}, 2),
        ("incidents", {"historyConfiguration": "00000000-0000-8000-8000-000000000009"}, 1),
        ("incidents", {"createTimeBefore": NOW}, 0),
        ("incidents", {"endTimeAfter": NOW + 1}, 1),
    ],
)
def test_filters_find(rows: psycopg.Connection[tuple[Any, ...]], name: str, filters: Mapping[str, Any], hits: int) -> None:
    assert found(rows, LISTS[name][0], filters) == hits


def test_nulls_come_before_everything_else_and_ties_in_the_order_of_the_log(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    def listed(key: str, order: str) -> list[int | None]:
        return [position_of(row[0]) for row in rows.execute(*EXTERNAL_TASK_LOG.select({}, [(key, order)], Page()))]

    assert listed("retries", "asc") == [7, 8, 10, 9]
    assert listed("retries", "desc") == [9, 10, 7, 8]
    assert listed("timestamp", "desc") == [10, 9, 8, 7]


def test_a_row_says_where_it_happened(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    [activity] = rows.execute(*ACTIVITY_INSTANCES.select({"activityId": "work"}, [], Page()))
    [entry] = rows.execute(*EXTERNAL_TASK_LOG.select({"kind": 2}, [], Page()))
    [variable] = rows.execute(*VARIABLE_INSTANCES.select({"variableId": VARIABLE}, [], Page()))

    assert activity[:2] == (f"work:{part_id(INSTANCE, 8)}", f"sub:{part_id(INSTANCE, 4)}")
    assert (entry[3], entry[10], entry[11]) == (part_id(INSTANCE, 10), f"work:{part_id(INSTANCE, 8)}", part_id(INSTANCE, 9))
    assert variable[10:13] == (INSTANCE, part_id(INSTANCE, 9), f"work:{part_id(INSTANCE, 8)}")


@pytest.mark.parametrize(("position", "details"), [(7, None), (8, "details"), (9, "details"), (10, None)])
def test_a_failure_without_details_has_those_before(rows: psycopg.Connection[tuple[Any, ...]], position: int, details: str | None) -> None:
    assert rows.execute(ERROR_DETAILS.encode(), [position]).fetchall() == [(details,)]


def test_what_belongs_to_an_instance_that_left_is_not_found(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    with rows.transaction(force_rollback=True):
        rows.execute("DELETE FROM history_process_instance")

        assert [found(rows, listing, {}) for listing, _, _ in LISTS.values()] == [0, 0, 0, 0, 0]
