"""Every filter and sort key of the list queries is SQL that PostgreSQL takes, and finds what it should among a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from projections.deployment import query as deployments
from projections.external_task import query as tasks
from projections.incident import query as incidents
from projections.process_definition import query as definitions
from projections.process_definition.statistics import OF_ACTIVITIES, OF_DEFINITIONS
from projections.querying import Page
from tests.databases import fresh_database

NOW = 1_700_000_000_000
INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
TASK = INSTANCE[:29] + "0000006"
EXECUTION = INSTANCE[:29] + "0000005"
DEPLOYMENT = "0193e000-0000-7abc-8abc-def000000000"
LISTS = {
    **dict.fromkeys(("externalTaskIdIn", "processInstanceIdIn"), (INSTANCE,)),
    **dict.fromkeys(("activityIdIn", "processDefinitionKeyIn", "processDefinitionIdIn", "tenantIdIn", "keysIn"), ("a", "b")),
    "jobDefinitionIdIn": (INSTANCE,),
}
IDS = {"externalTaskId", "executionId", "processInstanceId", "id", "deploymentId", "incidentId", "causeIncidentId", "rootCauseIncidentId"}
NUMBERS = ("Before", "After", "before", "after", "deployedAt", "version", "OrEquals")
ROWS = f"""
INSERT INTO deployment VALUES ('{DEPLOYMENT}', 'n', NULL, {NOW}, NULL);
INSERT INTO process_definition (id, key, version, name, version_tag, startable_in_tasklist, deployment_id, resource)
    VALUES ('p:1:x', 'p', 1, 'P', 'v1', true, '{DEPLOYMENT}', 'p.bpmn'), ('p:2:x', 'p', 2, 'P', 'v2', true, '{DEPLOYMENT}', 'p.bpmn');
INSERT INTO process_instance (id, definition_id, definition_key, start_time) VALUES ('{INSTANCE}', 'p:1:x', 'p', {NOW});
INSERT INTO external_task (id, version, topic, priority, create_time, process_instance_id, execution_id, activity_id,
    activity_instance_id, definition_id, definition_key, scopes)
    VALUES ('{TASK}', 1, 't', 0, {NOW}, '{INSTANCE}', '{EXECUTION}', 'work', 'work:1', 'p:1:x', 'p', '{{{EXECUTION}}}');
INSERT INTO incident (id, incident_type, timestamp, process_instance_id, execution_id, activity_id, definition_id, definition_key,
    configuration, message) VALUES ('{INSTANCE[:29]}0000008', 'failedExternalTask', {NOW}, '{INSTANCE}', '{EXECUTION}', 'work', 'p:1:x',
    'p', '{TASK}', 'boom');
"""


@pytest.fixture(scope="module")
def rows(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to a database with some rows, for all tests here: they only read."""
    with fresh_database(postgres) as database, psycopg.connect(database, autocommit=True) as connection:
        connection.execute(ROWS.encode())
        yield connection


def a_value(name: str) -> Any:
    """Some value of the filter's type."""
    if name in LISTS:
        return list(LISTS[name])
    if name.endswith(NUMBERS):
        return 5
    return INSTANCE if name in IDS else "x"


def test_every_filter_runs(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    for name in tasks.CONDITIONS:
        rows.execute(*plain(tasks.list_statement(tasks.ExternalTaskQuery(filters={name: a_value(name)}), NOW)))
    for module in (deployments, definitions, incidents):
        for name in module.CONDITIONS:
            rows.execute(*plain(module.list_statement({name: a_value(name)}, (), Page())))


def test_every_sort_key_runs_in_both_directions(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    for direction in ("asc", "desc"):
        for key in tasks.SORT_COLUMNS:
            rows.execute(*plain(tasks.list_statement(tasks.ExternalTaskQuery(sorting=[(key, direction)]), NOW)))
        for module in (deployments, definitions, incidents):
            for key in module.SORT_COLUMNS:
                rows.execute(*plain(module.list_statement({}, [(key, direction)], Page(0, 1))))


@pytest.mark.parametrize(
    "filters",
    [
        {"topicName": "t", "notLocked": True, "withRetriesLeft": True, "active": True},
        {"executionId": EXECUTION},
        {"processInstanceIdIn": [INSTANCE]},
        {"processDefinitionNameLike": "P%"},
        {"externalTaskIdIn": [TASK]},
    ],
)
def test_a_task_is_found(rows: psycopg.Connection[tuple[Any, ...]], filters: dict[str, Any]) -> None:
    query = tasks.ExternalTaskQuery(filters=filters)
    (row,) = rows.execute(*plain(tasks.list_statement(query, NOW))).fetchall()
    assert (row[4], row[9]) == (TASK, "v1")
    assert rows.execute(*plain(tasks.count_statement(query, NOW))).fetchall() == [(1,)]
    assert rows.execute(*plain(tasks.ids_statement(query, NOW))).fetchall() == [(TASK,)]


@pytest.mark.parametrize("filters", [{"locked": True}, {"noRetriesLeft": True}, {"suspended": True}, {"processInstanceId": TASK}])
def test_a_task_is_not_found(rows: psycopg.Connection[tuple[Any, ...]], filters: dict[str, Any]) -> None:
    assert rows.execute(*plain(tasks.list_statement(tasks.ExternalTaskQuery(filters=filters), NOW))).fetchall() == []


def test_the_latest_version_and_those_with_incidents(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    latest = rows.execute(*plain(definitions.list_statement({"latestVersion": True}, (), Page()))).fetchall()
    assert [row[0] for row in latest] == ["p:2:x"]
    troubled = rows.execute(*plain(definitions.list_statement({"incidentMessage": "boom"}, (), Page()))).fetchall()
    assert [row[0] for row in troubled] == ["p:1:x"]


def test_deployments_of_a_tenant_or_of_none(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    of_red = {"tenantIdIn": ["red"]}
    for filters, found in (
        (of_red, 0),
        ({**of_red, "includeDeploymentsWithoutTenantId": True}, 1),
        ({**of_red, "withoutTenantId": True}, 1),
    ):
        assert rows.execute(*plain(deployments.count_statement(filters))).fetchall() == [(found,)]


def test_incidents_of_an_instance(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    filters = {"processInstanceId": INSTANCE, "configuration": TASK}
    (row,) = rows.execute(*plain(incidents.list_statement(filters, (), Page()))).fetchall()
    assert (row[0], row[8], row[11]) == (INSTANCE[:29] + "0000008", row[0], "boom")


def test_statistics_count_what_waits(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    activities = rows.execute(OF_ACTIVITIES.encode(), {"definition": "p:1:x"}).fetchall()
    assert activities == [("work", 1, 0, {"failedExternalTask": 1})]
    assert rows.execute(OF_DEFINITIONS.encode()).fetchall() == [("p:1:x", 1, 0, {"failedExternalTask": 1}), ("p:2:x", 0, 0, None)]


def plain(statement: tuple[str, dict[str, object]]) -> tuple[bytes, dict[str, object]]:
    """A statement as psycopg's types want it: text that was put together counts as unsafe, bytes do not."""
    return statement[0].encode(), statement[1]
