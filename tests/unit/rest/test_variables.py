"""Variables on the wire, in and out, with Camunda's messages."""

import math
from typing import Any

import pytest

from api.rest.errors import RestError
from api.rest.variables import read_variable, read_variables, write_variable, write_variables
from domain.values import NULL, Value

JSON_MAP = {"objectTypeName": "java.util.LinkedHashMap", "serializationDataFormat": "application/json"}
JSON_LIST = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ({}, NULL),
        ({"value": None}, NULL),
        ({"value": 2147483647}, Value("Integer", 2147483647)),
        ({"value": 2147483648}, Value("Long", 2147483648)),
        ({"value": -2147483649}, Value("Long", -2147483649)),
        ({"value": 1.0}, Value("Double", 1.0)),
        ({"value": True}, Value("Boolean", True)),
        ({"value": "2001-01-31T23:59:59.999+0200"}, Value("String", "2001-01-31T23:59:59.999+0200")),
        ({"value": 2**63}, Value("Object", str(2**63), {**JSON_LIST, "objectTypeName": "java.math.BigInteger"})),
        ({"value": {"b": [1, 2.0, None]}}, Value("Object", '{"b":[1,2.0,null]}', JSON_MAP)),
        ({"value": [2**70]}, Value("Object", f"[{2**70}]", JSON_LIST)),
        ({"value": 7, "type": "Double"}, Value("Double", 7.0)),
        ({"value": "+5", "type": "integer"}, Value("Integer", 5)),
        ({"value": "1 ", "type": "Short"}, Value("Short", 1)),
        ({"value": "", "type": "Long"}, Value("Long")),
        ({"value": "", "type": "Date"}, Value("Date")),
        ({"value": "", "type": "String"}, Value("String", "")),
        ({"value": None, "type": "Integer"}, Value("Integer")),
        ({"value": None, "type": "Null"}, NULL),
        ({"value": "TRUE", "type": "Boolean"}, Value("Boolean", True)),
        ({"value": 1.5, "type": "String"}, Value("String", "1.5")),
        ({"value": {"a": 1, "b": [True, None]}, "type": "String"}, Value("String", "{a=1, b=[true, null]}")),
        ({"value": "1970-01-01T00:00:00.000-0001", "type": "Date"}, Value("Date", 60_000)),
        ({"value": "aGVsbG8=", "type": "Bytes"}, Value("Bytes", b"hello")),
        ({"value": "{not json", "type": "json"}, Value("Json", "{not json")),
        ({"value": None, "type": "Xml"}, Value("Xml")),
        ({"value": '{"b": 1}', "type": "Object", "valueInfo": JSON_MAP}, Value("Object", '{"b": 1}', JSON_MAP)),
        ({"value": None, "type": "Object"}, Value("Object")),
        ({"value": "***", "type": "File", "valueInfo": {"filename": "x", "mimetype": "q"}}, Value("File", b"", {"filename": "x"})),
        ({"value": "aGk", "type": "File", "valueInfo": {"filename": ""}}, Value("File", b"hi", {"filename": ""})),
        ({"value": 1, "valueInfo": {"transient": True}}, Value("Integer", 1, None, True)),
        ({"value": 1, "type": "Integer", "valueInfo": {"colour": "red", "transient": False}}, Value("Integer", 1)),
    ],
)
def test_reads(entry: Any, wanted: Value) -> None:
    assert read_variable("v", entry) == wanted


def test_reads_not_a_number() -> None:
    content = read_variable("v", {"value": "NaN", "type": "Double"}).content
    assert isinstance(content, float)
    assert math.isnan(content)


@pytest.mark.parametrize(
    ("value", "kind", "java_class", "shown"),
    [
        (2147483648, "Integer", "java.lang.Integer", "2147483648"),
        (32768, "Short", "java.lang.Short", "32768"),
        (9223372036854775808, "Long", "java.lang.Long", "9223372036854775808"),
        ("1abc", "Integer", "java.lang.Integer", "1abc"),
        (1.0, "Integer", "java.lang.Integer", "1.0"),
        (1e20, "Integer", "java.lang.Integer", "1.0E20"),
        (True, "Integer", "java.lang.Integer", "true"),
        ("1.5", "Long", "java.lang.Long", "1.5"),
        ("x", "Double", "java.lang.Double", "x"),
        (True, "Double", "java.lang.Double", "true"),
        ("yes", "Boolean", "java.lang.Boolean", "yes"),
        (1, "Boolean", "java.lang.Boolean", "1"),
        ("2001-01-31", "Date", "java.util.Date", "2001-01-31"),
        (1767225600000, "Date", "java.util.Date", "1767225600000"),
        ("***", "Bytes", "[B", "***"),
        ("aGVsbG8", "Bytes", "[B", "aGVsbG8"),
        ([1], "Bytes", "[B", "[1]"),
        ("x", "Null", "javax.lang.model.type.NullType", "x"),
    ],
)
def test_refuses_what_does_not_fit(value: Any, kind: str, java_class: str, shown: str) -> None:
    message = f"Cannot convert value '{shown}' of type '{kind}' to java type {java_class}"
    assert refused({"value": value, "type": kind}) == (400, "InvalidRequestException", message, None)
    assert refused({"value": value, "type": kind}, "Cannot put: ") == (400, "InvalidRequestException", f"Cannot put: {message}", None)


def refused(entry: Any, prefix: str = "", engine_prefix: str | None = None) -> tuple[int, str, str, int | None]:
    with pytest.raises(RestError) as error:
        read_variable("v", entry, prefix, engine_prefix)
    return error.value.status, error.value.type, error.value.message, error.value.code


def test_refuses_unknown_types() -> None:
    for kind in ("INTEGER", "Ghost", "int", "PrimitiveValue", "SerializableValue", "FileValue", "Float"):
        assert refused({"value": 1, "type": kind}) == (400, "RestException", f"Unsupported value type '{kind}'", None)
    assert refused({"type": 7}, "P: ") == (400, "InvalidRequestException", "P: Unsupported value type '7'", None)


def test_refuses_structures_for_texts() -> None:
    for kind in ("Json", "Xml", "Object"):
        message = f"Must provide 'null' or String value for value of SerializableValue type '{kind}'."
        assert refused({"value": {"a": 1}, "type": kind}) == (400, "InvalidRequestException", message, None)


def test_engine_errors_are_wrapped_where_there_is_a_prefix() -> None:
    number = {"value": 1, "type": "Number"}
    message = "Cannot serialize value of abstract type number"
    assert refused(number) == (500, "ProcessEngineException", message, 0)
    assert refused(number, "P: ") == (500, "RestException", f"P: {message}", 0)
    assert refused(number, "P: ", "P 5: ") == (500, "RestException", f"P 5: {message}", 0)
    no_class = {"value": "[]", "type": "Object", "valueInfo": {"serializationDataFormat": "application/json"}}
    assert refused(no_class)[2] == "Cannot write serialized value for variable 'v': no 'objectTypeName' provided for non-null value."
    assert refused({"value": "[]", "type": "Object"}, "P: ")[2] == (
        "P: Cannot find serializer for value 'ObjectValue [value=null, isDeserialized=false, serializationDataFormat=null, "
        "objectTypeName=null, serializedValue=2 chars, isTransient=false]'."
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"value": "x"}, "Cannot create file without valueInfo."),
        ({"value": "x", "valueInfo": {}}, "Cannot create file without filename! Please set a name into ValueInfo with key filename"),
        ({"value": None, "valueInfo": {"filename": "x"}}, "Provided value is not of File, InputStream or byte[] type."),
    ],
)
def test_files_without_what_they_need_have_no_prefix(entry: Any, message: str) -> None:
    assert refused({**entry, "type": "File"}, "P: ") == (500, "IllegalArgumentException", message, None)


@pytest.mark.parametrize("json_map", [[], "x", 5, {"v": 5}, {"v": []}, {"v": None}, {"v": {"value": 1, "valueInfo": "x"}}])
def test_malformed_maps_are_400(json_map: Any) -> None:
    with pytest.raises(RestError) as error:
        read_variables(json_map, "P: ")
    assert error.value.status == 400


def test_no_variables() -> None:
    assert read_variables(None) == read_variables({}) == {}


@pytest.mark.parametrize(
    ("value", "content", "info"),
    [
        (NULL, None, {}),
        (Value("Integer", 5), 5, {}),
        (Value("Double", 7.0), 7.0, {}),
        (Value("Double", math.nan), "NaN", {}),
        (Value("Double", -math.inf), "-Infinity", {}),
        (Value("Date"), None, {}),
        (Value("Bytes", b"hello"), "aGVsbG8=", {}),
        (Value("File", b"hello", {"filename": "x"}), None, {"filename": "x"}),
        (Value("Json", "{not json"), "{not json", {}),
        (Value("Object", '{"a": [1.0]}', JSON_MAP), {"a": [1.0]}, JSON_MAP),
        (Value("Object", "{broken", JSON_MAP), "{broken", JSON_MAP),
        (Value("Object", "<a/>", {**JSON_MAP, "serializationDataFormat": "application/xml"}), "<a/>", None),
        (Value("String", "x", None, True), "x", {"transient": True}),
    ],
)
def test_writes(value: Value, content: Any, info: dict[str, Any] | None) -> None:
    written = write_variable(value, True)
    assert (written["type"], written["value"]) == (value.type, content)
    assert written["valueInfo"] == (value.info if info is None else info)


def test_writes_objects_as_they_are_kept() -> None:
    kept = Value("Object", '{"b": 1}', JSON_MAP)
    assert write_variables({"o": kept}, False) == {"o": {"type": "Object", "value": '{"b": 1}', "valueInfo": JSON_MAP}}
