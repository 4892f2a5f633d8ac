"""The one statement of fetchAndLock: what it is asked for, and the facts that it appends."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from domain.external_task import ExternalTaskState
from domain.facts import ExternalTaskLocked, ExternalTaskLockExpired, Recorded
from domain.fetching import Comparison, FetchExternalTasks, TopicSubscription, VariableCondition
from domain.ids import part_id
from domain.values import Value
from projections.external_task.fetch import fetch_statement, locked_task, subscriptions_of
from projections.external_task.filters import filters_of
from projections.external_task.row import ExternalTaskRow
from projections.fact_mapper import FactMapper
from tests.unit.projections.golden_facts import ENVELOPE
from tests.unit.projections.golden_facts import STREAM as INSTANCE

TASK = part_id(INSTANCE, 10)


def request(*subscriptions: TopicSubscription, **more: Any) -> FetchExternalTasks:
    return FetchExternalTasks(worker_id="w", max_tasks=7, subscriptions=subscriptions, **more)


def topic(name: str = "t", duration: int = 1000, **more: Any) -> TopicSubscription:
    return TopicSubscription(topic=name, lock_duration=duration, **more)


FILTERS: dict[str, Any] = {
    "business_key": "order 1",
    "definition_id": "p:1:d",
    "definition_id_in": ("p:1:d",),
    "definition_key": "p",
    "definition_key_in": ("p", None),
    "version_tag": "v%",
    "tenant_id_in": ("tenant",),
    "without_tenant": True,
    "variable_conditions": (
        VariableCondition("n", (Comparison("gt", "Number", 5),)),
        VariableCondition("s", (Comparison("eq", "String", "a"), Comparison("eq", "Null"))),
    ),
    "process_variables": {"n": Value("Integer", 5), "m": Value("Null")},
}


@pytest.mark.parametrize(
    "asked",
    [request(topic()), request(topic("t"), topic("u")), *(request(topic("t"), topic("u", **{name: FILTERS[name]})) for name in FILTERS)],
)
def test_every_placeholder_has_a_value(asked: FetchExternalTasks) -> None:
    sql, parameters = fetch_statement(asked, ENVELOPE)

    assert set(re.findall(r"%\((\w+)\)", sql)) <= set(parameters)
    assert "{" not in re.sub(r"'\{.*?\}'", "", sql)


def test_it_appends_facts_that_are_read_like_any_other() -> None:
    _, parameters = fetch_statement(request(topic("t", 1000), topic("u", 5000)), ENVELOPE)
    mapper = FactMapper()

    locked = [mapper.record(TASK, 2, str(parameters["locked_topic"]), state) for state in as_list(parameters["states"])]
    expired = mapper.record(TASK, 2, str(parameters["expired_topic"]), as_bytes(parameters["expired_state"]))

    assert locked == [
        Recorded(TASK, 2, ENVELOPE, ExternalTaskLocked("w", 1000, ENVELOPE.at + 1000)),
        Recorded(TASK, 2, ENVELOPE, ExternalTaskLocked("w", 5000, ENVELOPE.at + 5000)),
    ]
    assert expired == Recorded(TASK, 2, ENVELOPE, ExternalTaskLockExpired())


def as_list(value: object) -> list[bytes]:
    assert isinstance(value, list)
    return value


def as_bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


def test_of_several_subscriptions_to_a_topic_the_last_one_counts() -> None:
    first, other, last = topic("t", 1), topic("u", 2), topic("t", 3)

    assert subscriptions_of(request(first, other, last)) == [last, other]


@pytest.mark.parametrize(
    ("subscription", "depth"),
    [
        (topic(), 1000),
        (topic(variables=("n",)), 1000),
        (topic(variables=()), 0),
        (topic(local_variables=True), 1),
        (topic(variables=(), local_variables=True), 0),
    ],
)
def test_it_reads_no_more_scopes_than_were_asked_for(subscription: TopicSubscription, depth: int) -> None:
    _, parameters = fetch_statement(request(subscription), ENVELOPE)

    assert parameters["depths"] == [depth]


@pytest.mark.parametrize(
    ("more", "order"),
    [
        ({}, "priority DESC, create_time, id"),
        ({"use_priority": True}, "priority DESC, create_time, id"),
        ({"create_time_order": "desc"}, "create_time DESC, id"),
        ({"create_time_order": "asc", "use_priority": True}, "priority DESC, create_time ASC, id"),
    ],
)
def test_the_order_is_the_one_asked_for(more: dict[str, Any], order: str) -> None:
    sql, _ = fetch_statement(request(topic(), **more), ENVELOPE)

    assert sql.rstrip().endswith(f"ORDER BY {order}")


def test_the_limit_stands_in_the_statement_itself() -> None:
    sql, parameters = fetch_statement(request(topic()), ENVELOPE)

    assert "LIMIT 7" in sql
    assert 7 not in parameters.values()


def test_nothing_of_a_request_gets_into_the_text_of_the_statement() -> None:
    hostile = "'; DROP TABLE external_task; --"
    subscription = topic(hostile, business_key=hostile, version_tag=hostile, process_variables={hostile: Value("String", hostile)})

    sql, _ = fetch_statement(FetchExternalTasks(worker_id=hostile, max_tasks=1, subscriptions=(subscription,)), ENVELOPE)

    assert "DROP" not in sql


@pytest.mark.parametrize(
    "empty", [{}, {"definition_id_in": ()}, {"definition_key_in": ()}, {"tenant_id_in": ()}, {"process_variables": {}}]
)
def test_an_empty_list_is_no_filter(empty: dict[str, Any]) -> None:
    filter_ = filters_of(topic(**empty), 1)

    assert (filter_.sql, filter_.parameters) == ("", {})


@pytest.mark.parametrize(
    ("value", "compared"),
    [
        (Value("Boolean", True), 1),
        (Value("Integer", 5), 5),
        (Value("Double", 5.0), 5.0),
        (Value("String", "x"), "x"),
    ],
)
def test_variables_are_compared_with_their_type(value: Value, compared: object) -> None:
    filter_ = filters_of(topic(process_variables={"n": value}), 2)

    assert filter_.parameters == {"variable_2_0": "n", "type_2_0": value.type, "value_2_0": compared}
    assert type(filter_.parameters["value_2_0"]) is type(compared)


ROW = ExternalTaskRow(
    TASK, 4, "t", 5, 100, 1100, "w", 3, True, "boom", "trace", INSTANCE, part_id(INSTANCE, 9), "a", "a:x", "p:1:d", "p", "order 1", "tenant"
)


def result(names: list[str] | None, values: list[Value] | None) -> tuple[object, ...]:
    """A row of the statement's result, of its first subscription."""
    return (*msgspec.structs.astuple(ROW), 1, names, None if values is None else [msgspec.msgpack.encode(value) for value in values])


def test_a_row_is_a_task_as_the_domain_sees_it() -> None:
    assert ROW.state() == ExternalTaskState(
        TASK, 8, "a", "p:1:d", "t", 5, 100, "order 1", "tenant", "w", 1100, False, 3, "boom", "trace", 4, True
    )


@pytest.mark.parametrize(
    ("wanted", "names"), [(None, ["m", "n"]), (("n",), ["n"]), (("n", "ghost"), ["n"]), ((), [])], ids=["all", "one", "unknown", "none"]
)
def test_a_worker_gets_the_variables_it_asked_for(wanted: tuple[str, ...] | None, names: list[str]) -> None:
    row = result(["m", "n"], [Value("Integer", 1), Value("Integer", 2)])

    locked = locked_task(row, [topic(variables=wanted)])

    assert (locked.task, list(locked.variables)) == (ROW, names)


def test_the_nearest_of_several_variables_of_a_name_comes_last_and_counts() -> None:
    row = result(["n", "n"], [Value("Integer", 1), Value("Integer", 2)])

    assert locked_task(row, [topic()]).variables == {"n": Value("Integer", 2)}


def test_a_task_without_variables_has_none() -> None:
    row = result(None, None)

    assert locked_task(row, [topic()]).variables == {}
