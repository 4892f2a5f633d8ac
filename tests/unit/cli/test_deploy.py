"""`gesta deploy`: what is told about models."""

from __future__ import annotations

from api.cli.deploy import complaints, definitions_table, warnings
from api.cli.screen import UNBROKEN
from tests.unit.cli.screens import cells, lines

DEFINITION = {"key": "order", "version": 3, "id": "order:3:0193f000-0000-7abc-8abc-def000000002", "resource": "order.bpmn"}


def test_each_error_has_its_line_column_and_element() -> None:
    errors = [
        {"message": "topic\n is missing", "line": 4, "column": 48, "mainElementId": "t"},
        {"message": "no default", "line": 0, "column": 0, "mainElementId": "x"},
        {"message": "cvc-complex-type", "line": 9, "column": 1, "mainElementId": None},
    ]

    told = list(complaints({"a.bpmn": {"errors": errors, "warnings": []}}))

    assert told == [
        "a.bpmn, line 4, column 48 (t): topic is missing",
        "a.bpmn (x): no default",
        "a.bpmn, line 9, column 1: cvc-complex-type",
    ]


def test_a_file_that_brings_nothing_to_start_is_told() -> None:
    told = list(warnings(["order.bpmn", "draft.bpmn", "form.html"], [DEFINITION]))

    assert told == [
        'draft.bpmn has no process with isExecutable="true"; it is stored, and nothing of it can be started',
        "form.html is no model: its name does not end in .bpmn; it is stored, and nothing of it can be started",
    ]


def test_a_definition_is_one_line_where_there_is_room() -> None:
    assert cells(definitions_table([DEFINITION], UNBROKEN), UNBROKEN) == [["order", "3", DEFINITION["id"], "order.bpmn"]]


def test_a_definition_has_two_lines_on_a_small_screen() -> None:
    table = definitions_table([DEFINITION | {"resource": "the-order-process-of-our-shop.bpmn"}], 80)

    assert max(map(len, lines(table, 80))) <= 80
    assert cells(table, 80) == [["order", DEFINITION["id"]], ["the-order-process-of-our-shop", "3"], [".bpmn", ""]]
