"""Rows of variables: their last values, where they live, and whether they are there."""

from __future__ import annotations

import pytest

from domain.facts import ElementActivated, ElementCompleted, ProcessInstanceStarted, VariablesRemoved, VariablesSet
from domain.ids import named_id
from domain.values import NULL, Value
from projections.history.variable_instance.project import DELETED, REMOVE, UPDATE, VariableInstanceRow, VariableInstances
from projections.history.variable_instance.values import Stored, restored, stored
from tests.unit.history.stories import BEGUN, DEFINITION_ID, INSTANCE, STARTED, WORK, Story, execution, new, updates


def row(value: int, scope: int = 0, owner: str = INSTANCE, activity: int | None = None, created: int = 1000) -> VariableInstanceRow:
    """The row of an Integer `n`."""
    activity = scope if activity is None else activity
    return VariableInstanceRow(INSTANCE, scope, "n", named_id(owner, "n"), activity, "Integer", None, value, None, None, None, created)


def number(value: int) -> dict[str, Value]:
    return {"n": Value("Integer", value)}


def test_variables_of_the_start_are_the_instance_s() -> None:
    story = Story()
    transient = {"passing": Value("Integer", 1, transient=True)}

    changes = story.batch(story.command(1000, ProcessInstanceStarted(DEFINITION_ID, variables=number(1) | transient)))

    assert new(changes, VariableInstances) == [row(1)]


def test_a_variable_that_changes_in_the_batch_that_makes_it_is_one_row() -> None:
    story = Story()

    changes = story.batch(story.command(1000, *BEGUN, VariablesSet(0, number(1))), story.command(2000, VariablesSet(0, number(2))))

    assert new(changes, VariableInstances) == [row(2)]
    assert updates(changes, VariableInstances) == []


def test_a_later_value_is_an_update_that_leaves_the_time_of_creation() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN, VariablesSet(0, number(1))))

    changes = story.batch(story.command(2000, VariablesSet(0, number(2))))

    assert new(changes, VariableInstances) == []
    assert updates(changes, VariableInstances) == [(UPDATE, [(INSTANCE, 0, "n", "Integer", None, 2, None, None, None, 0, None)])]


def test_a_removed_variable_keeps_its_last_value() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN, VariablesSet(0, number(1))))

    changes = story.batch(story.command(2000, VariablesRemoved(0, ("n",))))

    assert updates(changes, VariableInstances) == [(REMOVE, [(INSTANCE, 0, "n")])]


def test_a_value_and_its_removal_in_one_batch_are_one_update() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN, VariablesSet(0, number(1))))

    changes = story.batch(story.command(2000, VariablesSet(0, number(2)), VariablesRemoved(0, ("n",))))

    assert updates(changes, VariableInstances) == [(UPDATE, [(INSTANCE, 0, "n", "Integer", None, 2, None, None, None, DELETED, None)])]


def test_a_variable_that_is_set_again_after_its_removal_is_new() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN, VariablesSet(0, number(1))), story.command(2000, VariablesRemoved(0, ("n",))))

    changes = story.batch(story.command(3000, VariablesSet(0, number(2))))

    assert updates(changes, VariableInstances) == [(UPDATE, [(INSTANCE, 0, "n", "Integer", None, 2, None, None, None, 0, 3000)])]


def test_a_local_variable_belongs_to_its_activity_and_stays_when_that_ends() -> None:
    story = Story()
    story.batch(story.command(1000, *BEGUN))

    changes = story.batch(story.command(2000, VariablesSet(WORK, number(1)), ElementCompleted(WORK)))

    assert new(changes, VariableInstances) == [row(1, WORK, execution(WORK + 1), created=2000)]
    assert updates(changes, VariableInstances) == []


def test_inputs_of_a_sub_process_are_shown_with_what_is_around_it() -> None:
    story = Story()

    changes = story.batch(story.command(1000, STARTED, ElementActivated(4, "sub", 0), VariablesSet(4, number(1))))

    assert new(changes, VariableInstances) == [row(1, 4, execution(5), activity=0)]


def test_what_is_set_in_a_sub_process_later_is_shown_with_it() -> None:
    story = Story()
    story.batch(story.command(1000, STARTED, ElementActivated(4, "sub", 0), ElementActivated(8, "inside", 4)))

    changes = story.batch(story.command(2000, VariablesSet(4, number(1))))

    assert new(changes, VariableInstances) == [row(1, 4, execution(5), activity=4, created=2000)]


@pytest.mark.parametrize(
    "value",
    [
        NULL,
        Value("String"),
        Value("String", ""),
        Value("String", "x" * 4000),
        Value("Boolean", True),
        Value("Boolean", False),
        Value("Integer", -1),
        Value("Date", 1_700_000_000_000),
        Value("Double", 1.5),
        Value("Bytes", b"\0\xff"),
        Value("File", b"x", {"filename": "a.txt"}),
        Value("Json", "{}"),
        Value("Object", "[]", {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}),
        Value("Object", None, {"objectTypeName": "x"}),
    ],
)
def test_every_value_comes_back_from_its_columns(value: Value) -> None:
    assert restored(stored(value)) == value


def test_a_long_text_is_kept_whole_beside_what_is_compared() -> None:
    value = Value("String", "x" * 4001)

    columns = stored(value)

    assert columns == Stored("String", "x" * 4000, payload=columns.payload)
    assert restored(columns) == value
