"""What is read of input and output parameters: texts, lists and maps (BPMN page §4)."""

from __future__ import annotations

import pytest

from domain.elements import (
    ListValue,
    MapValue,
    Parameter,
    VariableMapping,
)
from domain.expressions import Expression
from tests.unit.domain.models import (
    Xml,
    definition,
    extensions,
    external,
    node,
)

text = Expression.parse


def parameters(*inside: Xml | str) -> VariableMapping | None:
    """What is read of an input parameter with that content."""
    parameter = node("camunda:inputParameter", None, *inside, name="i")
    task = external("x", extensions(node("camunda:inputOutput", None, parameter)))
    return definition("start > x", task).elements["x"].mapping


def entry(key: str, *inside: Xml | str) -> Xml:
    return node("camunda:entry", None, *inside, key=key)


def value(*inside: Xml | str) -> Xml:
    return node("camunda:value", None, *inside)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (["${n}"], text("${n}")),
        (["  42\n"], text("42")),
        ([" \n"], None),
        ([], None),
        ([node("camunda:list", None)], ListValue(())),
        (
            [node("camunda:list", None, value("a"), value(""), value("${n}"))],
            ListValue((text("a"), None, text("${n}"))),
        ),
        (
            [node("camunda:list", None, node("camunda:list", None, value("a")), node("camunda:map", None))],
            ListValue((ListValue((text("a"),)), MapValue(()))),
        ),
        (
            [node("camunda:map", None, entry("b", "1"), entry("${k}", "${n}"), entry("a"))],
            MapValue(
                (
                    (text("b"), text("1")),
                    (text("${k}"), text("${n}")),
                    (text("a"), None),
                ),
            ),
        ),
        ([node("camunda:map", None, entry("a", "1"), entry("a", "2"))], MapValue(((text("a"), text("2")),))),
        (
            [node("camunda:map", None, entry("a", node("camunda:list", None, value("x"))))],
            MapValue(((text("a"), ListValue((text("x"),))),)),
        ),
    ],
)
def test_a_parameter_is_a_text_a_list_or_a_map(inside: list[Xml | str], expected: object) -> None:
    found = parameters(*inside)

    assert found == VariableMapping((Parameter("i", expected),))  # type: ignore[arg-type]
