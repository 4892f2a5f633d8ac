"""How evaluations fail: Camunda's own words."""

from __future__ import annotations

import pytest

from domain.expressions import Expression, holds
from domain.refusals import ExecutionFailed
from domain.values import NULL, Value
from tests.unit.expressions.scopes import Scope, recorded, result

FAILURES = [
    ("${ghost}", "Unknown property used in expression: ${ghost}. Cause: Cannot resolve identifier 'ghost'"),
    ("${s.ghost()}", "Unknown method used in expression: ${s.ghost()}. Cause: Method not found: class java.lang.String.ghost()"),
    (
        "${s.ghost}",
        "Unknown property used in expression: ${s.ghost}. Cause: The class 'java.lang.String' does not have the property 'ghost'.",
    ),
    (
        "${n.length()}",
        "Unknown property used in expression: ${n.length()}. Cause: Target unreachable, base expression 'n' resolved to null",
    ),
    ("${s + 1}", "Error while evaluating expression: ${s + 1}. Cause: Cannot coerce 'abc' to class java.lang.Long"),
    ("${s < 1}", "Error while evaluating expression: ${s < 1}. Cause: Cannot coerce 'abc' to class java.lang.Long"),
    ("${a % 0}", "Error while evaluating expression: ${a % 0}. Cause: / by zero"),
    ("${s.substring(9)}", "java.lang.StringIndexOutOfBoundsException: begin 9, end 3, length 3"),
    ("${list['x']}", "Error while evaluating expression: ${list['x']}. Cause: For input string: \"x\""),
    (
        "${java.lang.System.exit(1)}",
        "Unknown property used in expression: ${java.lang.System.exit(1)}. Cause: Cannot resolve identifier 'java'",
    ),
    (
        "${s.length(1)}",
        "Unknown method used in expression: ${s.length(1)}. Cause: Method not found: class java.lang.String.length(java.lang.Long)",
    ),
    ("${js.prop('ghost').value()}", "org.camunda.spin.json.SpinJsonPropertyException: SPIN/JACKSON-JSON-01004 Unable to find 'ghost'"),
    (
        "${js.prop('s').numberValue()}",
        "org.camunda.spin.json.SpinJsonDataFormatException: SPIN/JACKSON-JSON-01002 Expected 'Number', got 'STRING'",
    ),
]

ASKED_OF_CAMUNDA = [
    ("${-true}", "Error while evaluating expression: ${-true}. Cause: Cannot negate 'class java.lang.Boolean'"),
    ("${!a}", "Error while evaluating expression: ${!a}. Cause: Cannot coerce from class java.lang.Integer to class java.lang.Boolean"),
    (
        "${list < map}",
        "Error while evaluating expression: ${list < map}. Cause: Cannot compare 'class java.util.ArrayList' and 'class java.util.TreeMap'",
    ),
    ("${list[true]}", "Error while evaluating expression: ${list[true]}. Cause: null"),
    ("${list.get(9)}", "java.lang.IndexOutOfBoundsException: Index 9 out of bounds for length 2"),
    (
        "${s.ghost(1, 'a', null)}",
        "Unknown method used in expression: ${s.ghost(1, 'a', null)}. "
        "Cause: Method not found: class java.lang.String.ghost(java.lang.Long, java.lang.String, null)",
    ),
    (
        "${map.ghost.size()}",
        "Unknown property used in expression: ${map.ghost.size()}. Cause: Target unreachable, base expression '. ghost' resolved to null",
    ),
    (
        "${(n).length()}",
        "Unknown property used in expression: ${(n).length()}. Cause: Target unreachable, base expression '(...)' resolved to null",
    ),
    (
        "${currentUser().length()}",
        "Unknown property used in expression: ${currentUser().length()}. "
        "Cause: Target unreachable, base expression 'currentUser' resolved to null",
    ),
    (
        "${execution.ghost}",
        "Unknown property used in expression: ${execution.ghost}. Cause: "
        "The class 'org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity' does not have the property 'ghost'.",
    ),
    (
        "${execution.getVariable()}",
        "Unknown method used in expression: ${execution.getVariable()}. Cause: "
        "Method not found: class org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity.getVariable()",
    ),
    ("${S('x')}", "org.camunda.spin.spi.SpinDataFormatException: SPIN-01004 No matching data format detected"),
    (
        "${JSON('[1')}",
        "org.camunda.spin.json.SpinJsonDataFormatException: SPIN/JACKSON-JSON-01001 Unable to parse input into json node",
    ),
    (
        "${js.jsonPath('$.q').stringValue()}",
        "org.camunda.spin.json.SpinJsonPathException: SPIN/JACKSON-JSON-01013 Unable to evaluate JsonPath expression"
        " on element 'org.camunda.spin.impl.json.jackson.JacksonJsonNode'",
    ),
    (
        "${XML('<a/>').attr('q')}",
        "org.camunda.spin.xml.SpinXmlAttributeException: SPIN/DOM-XML-01006 Unable to find attribute with namespace 'null' and name 'q'",
    ),
]


@pytest.mark.parametrize(("text", "message"), FAILURES + ASKED_OF_CAMUNDA)
def test_a_failure_says_what_camunda_says(text: str, message: str) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        result(text)

    assert failed.value.message == message


def test_a_composite_names_its_whole_text() -> None:
    with pytest.raises(ExecutionFailed) as failed:
        Expression.parse("${which}-run").evaluate(Scope())

    assert failed.value.message == "Unknown property used in expression: ${which}-run. Cause: Cannot resolve identifier 'which'"


def test_a_condition_holds_or_not() -> None:
    assert holds(Expression.parse("${a > 5}"), recorded())
    assert not holds(Expression.parse("${a > 10}"), recorded())


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Value("Integer", 1), "condition expression returns non-Boolean: result has class java.lang.Integer and not java.lang.Boolean"),
        (Value("String", "yes"), "condition expression returns non-Boolean: result has class java.lang.String and not java.lang.Boolean"),
        (NULL, "condition expression returns null: result is null"),
    ],
)
def test_a_condition_must_be_a_truth_value(value: Value, message: str) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        holds(Expression.parse("${n}"), Scope({"n": value}))

    assert failed.value.message == message


def test_plain_text_is_no_condition() -> None:
    with pytest.raises(ExecutionFailed, match=r"result has class java\.lang\.String and not java\.lang\.Boolean"):
        holds(Expression.parse("true"), Scope())
