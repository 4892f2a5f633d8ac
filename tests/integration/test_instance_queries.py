"""Every filter and sort key of the lists of instances, variables and user tasks is SQL that PostgreSQL takes, and finds what it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from projections.process_instance import query as instances
from projections.querying import Page
from projections.user_task import query as user_tasks
from projections.variable import query as variables
from projections.variable.conditions import VariableFilter
from tests.databases import fresh_database

NOW = 1_700_000_000_000
INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
SCOPE, TASK = INSTANCE[:29] + "0000005", INSTANCE[:29] + "0000006"
ROWS = f"""
INSERT INTO process_instance (id, definition_id, definition_key, business_key, start_time)
    VALUES ('{INSTANCE}', 'p:1:x', 'p', 'k', {NOW}), ('0193f000-0000-7abc-8abc-def100000000', 'q:1:x', 'q', NULL, {NOW});
INSERT INTO user_task (id, process_instance_id, execution_id, element_id, activity_instance_id, definition_id, definition_key, create_time,
    name, priority, candidate_users, candidate_groups)
    VALUES ('{TASK}', '{INSTANCE}', '{INSTANCE}', 'u', 'u:1', 'p:1:x', 'p', {NOW}, 'Look', 50, '{{}}', '{{g1}}');
INSERT INTO variable (scope_id, name, id, type, text_value, long_value, double_value, payload) VALUES
    ('{INSTANCE}', 'whole', gen_random_uuid(), 'Integer', NULL, 5, NULL, ''),
    ('{INSTANCE}', 'double', gen_random_uuid(), 'Double', NULL, NULL, 5.5, ''),
    ('{INSTANCE}', 'text', gen_random_uuid(), 'String', 'Red', NULL, NULL, ''),
    ('{INSTANCE}', 'flag', gen_random_uuid(), 'Boolean', NULL, 1, NULL, ''),
    ('{INSTANCE}', 'nothing', gen_random_uuid(), 'Null', NULL, NULL, NULL, ''),
    ('{SCOPE}', 'own', gen_random_uuid(), 'String', 'x', NULL, NULL, '');
"""
EQUAL = [VariableFilter("text", "eq", "String", "Red")]
LISTS: Mapping[ModuleType, int] = {instances: 2, user_tasks: 1, variables: 6}
"""The lists, and how many rows there are in each."""


@pytest.fixture(scope="module")
def rows(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to a database with some rows, for all tests here: they only read."""
    with fresh_database(postgres) as database, psycopg.connect(database, autocommit=True) as connection:
        connection.execute(ROWS.encode())
        yield connection


def found(rows: psycopg.Connection[tuple[Any, ...]], model: ModuleType, filters: Mapping[str, Any]) -> int:
    """How many rows the list and the count find alike."""
    listed = rows.execute(*model.select(filters, [], Page())).fetchall()
    counted = rows.execute(*model.count(filters)).fetchone()
    assert counted == (len(listed),)
    return len(listed)


def a_value(name: str) -> Any:
    """Some value of the filter's type."""
    if name.endswith("ariables") or name == "variableValues":
        return EQUAL
    if name == "orQueries":
        return [{"businessKey": "k", "active": True}]
    if name.endswith(("Before", "After", "riority", "createdOn", "dueDate")):
        return 5
    if name.endswith(("id", "Id", "IdIn", "Ids")) and not name.startswith("processDefinition"):
        return [INSTANCE] if name.endswith(("In", "Ids")) else INSTANCE
    return ["a"] if name.endswith(("In", "Groups", "NotIn")) else "x"


@pytest.mark.parametrize("model", LISTS, ids=lambda model: str(model.__name__))
def test_every_filter_and_sort_key_runs(rows: psycopg.Connection[tuple[Any, ...]], model: ModuleType) -> None:
    for name in model.CONDITIONS:
        found(rows, model, {name: a_value(name)})
    for key in model.SORT_KEYS:
        for order in ("asc", "desc"):
            assert len(rows.execute(*model.select({}, [(key, order)], Page(0, 100))).fetchall()) == LISTS[model]
    assert len(rows.execute(*model.select({}, [], Page(1, 1))).fetchall()) == (LISTS[model] > 1)


@pytest.mark.parametrize(
    ("wanted", "hits"),
    [
        (VariableFilter("whole", "eq", "Number", 5), 1),
        (VariableFilter("whole", "eq", "Number", 5.0), 1),
        (VariableFilter("whole", "gt", "Number", 4), 1),
        (VariableFilter("whole", "lt", "Number", 5.4), 0),
        (VariableFilter("whole", "eq", "String", "5"), 0),
        (VariableFilter("whole", "notLike", "String", "5"), 1),
        (VariableFilter("double", "lteq", "Number", 6), 1),
        (VariableFilter("double", "gteq", "Number", 5.5), 1),
        (VariableFilter("text", "neq", "String", "red"), 1),
        (VariableFilter("text", "eq", "String", "red", ignore_value_case=True), 1),
        (VariableFilter("TEXT", "eq", "String", "Red", ignore_name_case=True), 1),
        (VariableFilter("text", "like", "String", "R%"), 1),
        (VariableFilter("text", "like", "String", "R\\"), 0),
        (VariableFilter("text", "notLike", "String", "R%"), 0),
        (VariableFilter("flag", "eq", "Boolean", True), 1),
        (VariableFilter("flag", "neq", "Boolean", True), 0),
        (VariableFilter("nothing", "eq", "Null"), 1),
        (VariableFilter("text", "neq", "Null"), 1),
        (VariableFilter("own", "eq", "String", "x"), 0),
        (VariableFilter("ghost", "neq", "String", "x"), 0),
    ],
)
def test_comparisons_with_variables(rows: psycopg.Connection[tuple[Any, ...]], wanted: VariableFilter, hits: int) -> None:
    assert found(rows, instances, {"variables": [wanted]}) == hits
    assert found(rows, user_tasks, {"processVariables": [wanted]}) == hits


def test_scopes(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    assert found(rows, variables, {"processInstanceIdIn": [INSTANCE]}) == LISTS[variables]
    assert found(rows, variables, {"executionIdIn": [SCOPE]}) == 1
    assert found(rows, user_tasks, {"taskVariables": [VariableFilter("own", "eq", "String", "x")]}) == 1


def test_of_an_or_query_one_filter_is_enough(rows: psycopg.Connection[tuple[Any, ...]]) -> None:
    assert found(rows, instances, {"orQueries": [{"businessKey": "k", "processDefinitionKey": "q"}]}) == LISTS[instances]
    assert found(rows, instances, {"orQueries": [{"businessKey": "k"}, {"processDefinitionKey": "q"}]}) == 0
