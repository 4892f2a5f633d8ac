"""Lists and maps of input and output parameters, byte by byte as Camunda recorded them."""

from __future__ import annotations

import base64

import pytest

from domain.elements import ListValue, MapValue, ParameterValue
from domain.expressions import Expression
from domain.expressions.parameters import evaluate_parameter
from domain.refusals import ExecutionFailed
from domain.values import NULL, Value
from tests.unit.expressions.scopes import JAVA_FORMAT, NOW, Scope, recorded, result


def expression(text: str) -> Expression:
    return Expression.parse(text)


def java(class_name: str, content: str) -> Value:
    return Value("Object", content, {"objectTypeName": class_name, "serializationDataFormat": JAVA_FORMAT})


LIST = ListValue((expression("a"), expression("${n}")))
MAP = MapValue(((expression("z"), expression("1")), (expression("a"), expression("${n}"))))


@pytest.mark.parametrize(
    ("value", "class_name", "content"),
    [
        (ListValue(()), "ArrayList", "rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAAAdwQAAAAAeA=="),
        (
            MapValue(()),
            "TreeMap",
            "rO0ABXNyABFqYXZhLnV0aWwuVHJlZU1hcAzB9j4tJWrmAwABTAAKY29tcGFyYXRvcnQAFkxqYXZhL3V0aWwvQ29tcGFyYXRvcjt4cHB3BAAAAAB4",
        ),
        (
            LIST,
            "ArrayList",
            "rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAACdwQAAAACdAABYXNyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAF"
            "dmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAAFeA==",
        ),
        (
            MAP,
            "TreeMap",
            "rO0ABXNyABFqYXZhLnV0aWwuVHJlZU1hcAzB9j4tJWrmAwABTAAKY29tcGFyYXRvcnQAFkxqYXZhL3V0aWwvQ29tcGFyYXRvcjt4cHB3BAAAAAJ0AAFhc3IAEWphdmEu"
            "bGFuZy5JbnRlZ2VyEuKgpPeBhzgCAAFJAAV2YWx1ZXhyABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAV0AAF6dAABMXg=",
        ),
        (
            ListValue((MAP,)),
            "ArrayList",
            "rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAABdwQAAAABc3IAEWphdmEudXRpbC5UcmVlTWFwDMH2Pi0lauYDAAFMAApjb21w"
            "YXJhdG9ydAAWTGphdmEvdXRpbC9Db21wYXJhdG9yO3hwcHcEAAAAAnQAAWFzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEubGFu"
            "Zy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAABXQAAXp0AAExeHg=",
        ),
    ],
)
def test_lists_and_maps_are_java_collections(value: ParameterValue, class_name: str, content: str) -> None:
    scope = Scope({"n": Value("Integer", 5)})

    assert evaluate_parameter(value, scope) == java(f"java.util.{class_name}", content)


def test_keys_of_maps_are_expressions() -> None:
    made = evaluate_parameter(MapValue(((expression("${k}"), expression("v")),)), Scope({"k": Value("String", "key")}))

    assert made == java(
        "java.util.TreeMap",
        "rO0ABXNyABFqYXZhLnV0aWwuVHJlZU1hcAzB9j4tJWrmAwABTAAKY29tcGFyYXRvcnQAFkxqYXZhL3V0aWwvQ29tcGFyYXRvcjt4cHB3BAAAAAF0AANrZXl0AAF2eA==",
    )


def test_every_plain_type_is_written_as_java_writes_it() -> None:
    scope = recorded(sh=Value("Short", 3), dt=Value("Date", NOW))
    texts = ("${l}", "${l}", "${sh}", "${d}", "${t}", "${dt}", "${n}", "${true}", "${1.5}", "${now() == null}")

    assert evaluate_parameter(ListValue(tuple(map(expression, texts))), scope) == java(
        "java.util.ArrayList",
        "rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAAKdwQAAAAKc3IADmphdmEubGFuZy5Mb25nO4vkkMyPI98CAAFKAAV2YWx1ZXhy"
        "ABBqYXZhLmxhbmcuTnVtYmVyhqyVHQuU4IsCAAB4cAAAAAAAAAAFcQB+AARzcgAPamF2YS5sYW5nLlNob3J0aE03EzRg2lICAAFTAAV2YWx1ZXhxAH4AAwADc3IAEGph"
        "dmEubGFuZy5Eb3VibGWAs8JKKWv7BAIAAUQABXZhbHVleHEAfgADQAQAAAAAAABzcgARamF2YS5sYW5nLkJvb2xlYW7NIHKA1Zz67gIAAVoABXZhbHVleHABc3IADmph"
        "dmEudXRpbC5EYXRlaGqBAUtZdBkDAAB4cHcIAAABjW0kOGV4cHEAfgAKc3EAfgAHP/gAAAAAAABzcQB+AAkAeA==",
    )


def test_what_is_written_is_read_again() -> None:
    texts = ("${l}", "${a}", "${d}", "${t}", "${n}", "${now()}", "é\0", "${list}", "${map}", "${s.charAt(0)}", "${'a,b'.split(',')[1]}")
    made = evaluate_parameter(ListValue(tuple(map(expression, texts))), recorded())
    scope = Scope({"made": made})

    assert [result(f"${{made[{index}]}}", scope) for index in range(6)] == [
        Value("Long", 5),
        Value("Integer", 7),
        Value("Double", 2.5),
        Value("Boolean", True),
        NULL,
        Value("Date", NOW),
    ]
    assert result("${made[6]}${made[7].get(1)}${made[8].k}${made[9]}${made[10]}", scope) == Value("String", "é\0yvab")


def test_an_empty_text_gives_null() -> None:
    assert evaluate_parameter(None, Scope()) == NULL


def test_types_of_inputs() -> None:
    scope = Scope({"n": Value("Integer", 5)})
    texts = {
        "plain": Value("String", "plain"),
        "42": Value("String", "42"),
        "${44}": Value("Long", 44),
        "${1.5}": Value("Double", 1.5),
        "${1 == 1}": Value("Boolean", True),
        "${'s'}": Value("String", "s"),
        "${null}": NULL,
        "n=${n}!": Value("String", "n=5!"),
        "${7 / 2}": Value("Double", 3.5),
        "${7 % 2}": Value("Long", 1),
        "${n}": Value("Integer", 5),
        "${n * 2}": Value("Long", 10),
    }

    assert {text: result(text, scope) for text in texts} == texts


def test_a_typed_result_keeps_its_type() -> None:
    document = Value("File", b"hi", {"filename": "hi.txt", "mimeType": "text/plain"})
    scope = Scope({"doc": document, "js": Value("Json", '{"a":1}')})

    assert result("${execution.getVariableTyped('doc')}", scope) == document
    assert result("${execution.getVariableTyped('js')}", scope) == Value("Json", '{"a":1}')
    assert result("${doc}", scope) == Value("Bytes", b"hi")


def test_characters_and_arrays_are_objects() -> None:
    assert result("${'a,b'.split(',')}") == java(
        "[Ljava.lang.String;", "rO0ABXVyABNbTGphdmEubGFuZy5TdHJpbmc7rdJW5+kde0cCAAB4cAAAAAJ0AAFhdAABYg=="
    )
    assert result("${s.charAt(0)}").info == {"objectTypeName": "java.lang.Character", "serializationDataFormat": JAVA_FORMAT}


@pytest.mark.parametrize(
    ("value", "message", "kind"),
    [
        (
            ListValue((expression("${js}"),)),
            "Cannot serialize object: org.camunda.spin.impl.json.jackson.JacksonJsonNode",
            "ProcessEngineException",
        ),
        (
            MapValue(((expression("${n}"), None),)),
            'Cannot invoke "java.lang.Comparable.compareTo(Object)" because "k1" is null',
            "NullPointerException",
        ),
        (
            MapValue(((expression("${a}"), None), (expression("a"), None))),
            "class java.lang.Integer cannot be cast to class java.lang.String",
            "ClassCastException",
        ),
    ],
)
def test_what_java_cannot_store_is_refused(value: ParameterValue, message: str, kind: str) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        evaluate_parameter(value, recorded())

    assert (failed.value.message, failed.value.kind) == (message, kind)


def test_a_damaged_stream_stays_closed() -> None:
    whole = base64.b64decode(str(recorded().variables["list"].content))
    info = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": JAVA_FORMAT}

    for length in range(len(whole)):
        cut = Value("Object", base64.b64encode(whole[:length]).decode(), info)
        assert result("${ob}", Scope({"ob": cut})) == cut
        with pytest.raises(ExecutionFailed):
            result("${ob[0].length()}", Scope({"ob": cut}))
