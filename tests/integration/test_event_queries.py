"""Every filter and sort key of the lists of subscriptions, jobs, job definitions and executions is SQL that PostgreSQL takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import psycopg
import pytest

from projections.event_subscription import query as subscriptions
from projections.execution import query as executions
from projections.job import query as jobs
from projections.job.query import DateFilter
from projections.job_definition import query as job_definitions
from projections.querying import Page
from projections.variable.conditions import VariableFilter

NOW = 1_700_000_000_000
INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
DEPLOYMENT = "0193e000-0000-7abc-8abc-def000000000"


def part(ordinal: int) -> str:
    return f"{INSTANCE[:29]}{ordinal:07x}"


ROWS = f"""
INSERT INTO process_instance (id, definition_id, definition_key, business_key, start_time)
    VALUES ('{INSTANCE}', 'p:1:x', 'p', 'k', {NOW}), ('0193f000-0000-7abc-8abc-def100000000', 'q:1:x', 'q', NULL, {NOW});
INSERT INTO element_instance (id, activity_id, scope_id, own_execution)
    VALUES ('{part(8)}', 'r', '{INSTANCE}', true), ('{part(12)}', 'join', '{INSTANCE}', false);
INSERT INTO event_subscription (id, event_type, event_name, execution_id, process_instance_id, activity_id, created, definition_id,
    tenant_id)
    VALUES ('{part(16)}', 'message', 'm', '{part(9)}', '{INSTANCE}', 'r', {NOW}, 'p:1:x', 't'),
    ('{DEPLOYMENT}', 'signal', 's', NULL, NULL, 'start', {NOW + 5}, 'q:1:x', NULL);
INSERT INTO job (id, kind, job_definition_id, process_instance_id, execution_id, holder_id, scope_id, activity_id, definition_id,
    definition_key, create_time, due, retries, priority, suspended, exception_message)
    VALUES ('{part(17)}', 'timer', '{part(1)}', '{INSTANCE}', '{part(9)}', '{part(8)}', '{INSTANCE}', 'late', 'p:1:x', 'p', {NOW},
    {NOW + 100}, 3, 5, false, NULL),
    ('{part(24)}', 'async-before', '{part(2)}', '{INSTANCE}', '{part(23)}', '{part(20)}', '{INSTANCE}', 'a', 'p:1:x', 'p', {NOW},
    NULL, 0, 0, true, 'boom');
INSERT INTO job_definition (id, definition_id, definition_key, activity_id, job_type, configuration, deployment_id)
    VALUES ('{part(1)}', 'p:1:x', 'p', 'late', 'timer-transition', 'DURATION: PT1H', '{DEPLOYMENT}'),
    ('{part(2)}', 'p:1:x', 'p', 'a', 'async-continuation', 'async-before', '{DEPLOYMENT}');
INSERT INTO variable (scope_id, name, id, type, long_value, payload) VALUES
    ('{INSTANCE}', 'n', gen_random_uuid(), 'Integer', 5, ''), ('{part(9)}', 'own', gen_random_uuid(), 'Integer', 6, '');
INSERT INTO incident (id, incident_type, timestamp, process_instance_id, execution_id, activity_id, definition_id, definition_key,
    configuration, message) VALUES ('{part(25)}', 'failedJob', {NOW}, '{INSTANCE}', '{part(23)}', 'a', 'p:1:x', 'p', '{part(24)}', 'boom');
"""
LISTS: Mapping[ModuleType, int] = {subscriptions: 2, jobs: 2, job_definitions: 2, executions: 6}
"""The lists, and how many rows there are in each."""
IDS = ("eventSubscriptionId", "executionId", "processInstanceId", "jobId", "jobDefinitionId", "incidentId")


@pytest.fixture
def rows(database: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(ROWS.encode())
        yield connection


def found(rows: psycopg.Connection[tuple[Any, ...]], model: ModuleType, filters: Mapping[str, Any]) -> list[str]:
    """The ids that the list finds; the count finds as many."""
    sql, parameters = model.list_statement(filters, [], Page())
    listed = rows.execute(sql.encode(), parameters).fetchall()
    sql, parameters = model.count_statement(filters)
    assert rows.execute(sql.encode(), parameters).fetchone() == (len(listed),)
    return [row[0] for row in listed]


def a_value(name: str) -> Any:
    """Some value of the filter's type."""
    if name in IDS:
        return INSTANCE
    if name in ("jobIds", "processInstanceIds"):
        return [INSTANCE]
    if name in ("dueDates", "createTimes"):
        return [DateFilter("gt", NOW), DateFilter("lt", NOW)]
    if name.lower().endswith("variables"):
        return [VariableFilter("n", "eq", "Number", 5)]
    if name.startswith("priority") or name == "executable":
        return 5
    return ["a", "b"] if name.endswith("In") else "x"


def filters_of(model: ModuleType) -> list[str]:
    return [*model.OF_INSTANCES, *model.OF_EXECUTIONS] if model is executions else list(model.CONDITIONS)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: str(model.__name__))
def test_every_filter_and_sort_key_runs(rows: psycopg.Connection[tuple[Any, ...]], model: ModuleType) -> None:
    for name in filters_of(model):
        found(rows, model, {name: a_value(name)})
    for key in model.SORT_COLUMNS:
        for order in ("asc", "desc"):
            sql, parameters = model.list_statement({}, [(key, order)], Page(0, 100))
            assert len(rows.execute(sql.encode(), parameters).fetchall()) == LISTS[model]
    sql, parameters = model.list_statement({}, [], Page(1, 1))
    assert len(rows.execute(sql.encode(), parameters).fetchall()) == 1


SUBSCRIPTION, START, TIMER, WAITING = part(16), DEPLOYMENT, part(17), part(24)


@pytest.mark.parametrize(
    ("model", "filters", "ids"),
    [
        (subscriptions, {"eventType": "message"}, [SUBSCRIPTION]),
        (subscriptions, {"eventName": "s"}, [START]),
        (subscriptions, {"executionId": part(9)}, [SUBSCRIPTION]),
        (subscriptions, {"processInstanceId": INSTANCE}, [SUBSCRIPTION]),
        (subscriptions, {"tenantIdIn": ["t"]}, [SUBSCRIPTION]),
        (subscriptions, {"tenantIdIn": ["t"], "includeEventSubscriptionsWithoutTenantId": True}, [START, SUBSCRIPTION]),
        (subscriptions, {"withoutTenantId": True}, [START]),
        (jobs, {"timers": True}, [TIMER]),
        (jobs, {"messages": True}, [WAITING]),
        (jobs, {"executable": NOW + 100}, [TIMER]),
        (jobs, {"executable": NOW + 99}, []),
        (jobs, {"noRetriesLeft": True}, [WAITING]),
        (jobs, {"withException": True, "exceptionMessage": "boom"}, [WAITING]),
        (jobs, {"active": True}, [TIMER]),
        (jobs, {"suspended": True}, [WAITING]),
        (jobs, {"dueDates": [DateFilter("gt", NOW + 99), DateFilter("lt", NOW + 101)]}, [TIMER]),
        (jobs, {"priorityHigherThanOrEquals": 5}, [TIMER]),
        (jobs, {"priorityLowerThanOrEquals": 4}, [WAITING]),
        (jobs, {"processInstanceId": INSTANCE, "activityId": "a"}, [WAITING]),
        (jobs, {"tenantIdIn": ["t"], "includeJobsWithoutTenantId": True}, [TIMER, WAITING]),
        (job_definitions, {"jobType": "timer-transition"}, [part(1)]),
        (job_definitions, {"activityIdIn": ["a", "other"]}, [part(2)]),
        (job_definitions, {"suspended": True}, []),
        (executions, {"messageEventSubscriptionName": "m"}, [part(9)]),
        (executions, {"processInstanceId": INSTANCE}, [INSTANCE, part(9), part(11), part(15), part(23)]),
        (executions, {"activityId": "r"}, [part(9)]),
        (executions, {"activityId": "join"}, [part(15)]),
        (executions, {"businessKey": "other"}, []),
        (executions, {"variables": [VariableFilter("own", "eq", "Number", 6)]}, [part(9)]),
        (executions, {"processVariables": [VariableFilter("n", "gt", "Number", 4)], "activityId": "r"}, [part(9)]),
        (executions, {"incidentType": "failedJob"}, [part(23)]),
    ],
)
def test_what_is_looked_for_is_found(
    rows: psycopg.Connection[tuple[Any, ...]], model: ModuleType, filters: dict[str, Any], ids: list[str]
) -> None:
    assert sorted(found(rows, model, filters)) == sorted(ids)
