"""Public ids in filters of history."""

from __future__ import annotations

import pytest

from domain.ids import part_id
from projections.history.parts import NO_PART, element_of_activity, element_of_execution, element_of_task, part, part_is, scope_of_execution
from projections.querying import Where

INSTANCE = "0193f000-0000-7abc-8abc-def000000000"


@pytest.mark.parametrize("text", ["", "false", "no id", "0193f000", INSTANCE.upper()])
def test_what_is_no_id_names_nothing(text: str) -> None:
    places = [name(text) for name in (scope_of_execution, element_of_execution, element_of_task, element_of_activity)]

    assert part(text) == NO_PART
    assert {instance for instance, _ in places} == {NO_PART[0]}
    assert all(number < 0 for _, number in places)


def test_an_id_names_an_instance_and_a_number_in_it() -> None:
    assert part(part_id(INSTANCE, 7)) == (INSTANCE, 7)
    assert element_of_activity(f"work:{part_id(INSTANCE, 7)}") == (INSTANCE, 7)


def test_a_filter_by_no_id_is_a_condition_that_nothing_meets() -> None:
    where = Where()

    part_is("l.key", element_of_task)(where, "false")

    assert list(where.parameters.values()) == [[NO_PART[0]], [NO_PART[1] - 2]]
