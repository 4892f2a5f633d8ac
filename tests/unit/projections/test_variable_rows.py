"""Rows of variables from facts: the whole value, and beside it what queries compare."""

from __future__ import annotations

import pytest

from domain.facts import (
    ElementCompleted,
    ProcessInstanceStarted,
    VariablesRemoved,
    VariablesSet,
)
from domain.ids import named_id, part_id
from domain.values import Value
from projections.large_values import decode_value
from projections.process_instance import project as process_instance
from projections.rows import Statement, columns
from projections.variable import project as variable
from tests.unit.projections.changing import statements
from tests.unit.projections.golden_facts import ENVELOPE
from tests.unit.projections.golden_facts import STREAM as INSTANCE

AT = ENVELOPE.at
TASK = part_id(INSTANCE, 10)
EXECUTION = part_id(INSTANCE, 9)


def test_an_instance_with_its_first_variables() -> None:
    kept, passing = Value("Integer", 1), Value("Integer", 2, None, True)
    fact = ProcessInstanceStarted("p:1:d", "order 1", {"n": kept, "t": passing}, "tenant")

    (instances, variables) = statements((INSTANCE, fact))

    assert instances == (process_instance.INSERT, columns([(INSTANCE, "p:1:d", "order 1", "tenant", AT)]))
    assert rows_of(variables) == {(INSTANCE, "n"): (named_id(INSTANCE, "n"), "Integer", None, 1, None, kept)}


def rows_of(statement: Statement) -> dict[tuple[object, object], tuple[object, ...]]:
    """The rows of an upsert of variables, their payloads read."""
    sql, parameters = statement
    assert sql == variable.UPSERT
    rows = zip(*(parameter for parameter in parameters if isinstance(parameter, list)), strict=True)
    return {(scope, name): (*rest, decode_value(payload)) for scope, name, *rest, payload, _ in rows}


@pytest.mark.parametrize(
    ("value", "text", "integer", "number"),
    [
        (Value("String", "x" * 5000), "x" * 4000, None, None),
        (Value("Json", "{}"), "{}", None, None),
        (Value("Xml", "<a/>"), "<a/>", None, None),
        (Value("Boolean", True), None, 1, None),
        (Value("Short", 1), None, 1, None),
        (Value("Long", 2**62), None, 2**62, None),
        (Value("Date", 5), None, 5, None),
        (Value("Double", 1.5), None, None, 1.5),
        (Value("Double", 7), None, None, 7.0),
        (Value("Integer"), None, None, None),
        (Value("Null"), None, None, None),
        (Value("Bytes", b"\x00"), None, None, None),
        (Value("Object", "{}", {"objectTypeName": "X"}), None, None, None),
    ],
)
def test_a_variable_is_kept_whole_and_beside_it_what_queries_compare(
    value: Value, text: str | None, integer: int | None, number: float | None
) -> None:
    (upsert,) = statements((INSTANCE, VariablesSet(8, {"v": value})))

    assert rows_of(upsert) == {(EXECUTION, "v"): (named_id(EXECUTION, "v"), value.type, text, integer, number, value)}


def test_of_several_changes_of_a_variable_the_last_one_counts() -> None:
    one, two = Value("Integer", 1), Value("Integer", 2)

    upsert, removal = statements(
        (INSTANCE, VariablesSet(0, {"a": one, "b": one, "c": one})),
        (INSTANCE, VariablesSet(0, {"a": two})),
        (INSTANCE, VariablesRemoved(0, ("b", "c"))),
        (INSTANCE, VariablesSet(0, {"c": two})),
    )

    assert {name: row[-1] for (_, name), row in rows_of(upsert).items()} == {"a": two, "c": two}
    assert removal == (variable.REMOVE, columns([(INSTANCE, "b")]))


def test_the_variables_of_a_scope_go_with_it() -> None:
    assert (variable.END_SCOPES, [[EXECUTION]]) in statements((INSTANCE, ElementCompleted(8)))
