"""Variables on the wire: `{"value", "type", "valueInfo"}` in both directions (REST contract §3). Plain functions: all tasks pass here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from api.rest.dates import format_date
from api.rest.errors import RestError, engine_error, invalid_request
from api.rest.java_text import java_double, java_text
from api.rest.nesting import is_too_deep
from api.rest.typed_values import CONVERTERS, Inconvertible, lenient_base64
from domain.values import NULL, Scalar, Value, Variables

JSON_FORMAT = "application/json"
_INT = 2**31
_LONG = 2**63
_TEXT_TYPES = frozenset(("Json", "Xml", "Object"))
_FILE_KEYS = ("filename", "mimeType", "encoding")
_OBJECT_KEYS = ("objectTypeName", "serializationDataFormat")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def read_variables(json_map: Any, prefix: str = "", engine_prefix: str | None = None) -> dict[str, Value]:
    """Read a map of variables. `prefix` comes before the messages of bad values, `engine_prefix` (the same) before an engine's."""
    if json_map is None:
        return {}
    if type(json_map) is not dict:
        raise invalid_request("variables: an object is due")
    return {name: read_variable(name, entry, prefix, engine_prefix) for name, entry in json_map.items()}


def read_variable(name: str, entry: Any, prefix: str = "", engine_prefix: str | None = None) -> Value:
    """Read one variable."""
    if type(entry) is not dict:
        raise invalid_request(f"variable '{name}': an object is due")
    try:
        return _read(name, entry)
    except RestError as error:
        is_engines = error.code is not None and engine_prefix is not None
        raise error.prefixed(engine_prefix or "" if is_engines else prefix) from None


def _read(name: str, entry: dict[str, Any]) -> Value:
    info = entry.get("valueInfo")
    if info is not None and type(info) is not dict:
        raise invalid_request(f"variable '{name}', valueInfo: an object is due")
    value, kind = entry.get("value"), entry.get("type")
    if kind is None:
        return _read_untyped(value, _transient(info, value, "null"))
    kind = _type_name(kind)
    transient = _transient(info, value, kind)
    if kind in CONVERTERS:
        return Value(kind, None if value is None else _convert(kind, value), None, transient)
    if kind in _TEXT_TYPES:
        return _read_text(name, kind, value, info or {}, transient)
    if kind == "File":
        return _read_file(value, info, transient)
    if kind == "Number":
        raise engine_error("Cannot serialize value of abstract type number")
    raise RestError(400, "RestException", f"Unsupported value type '{java_text(entry['type'])}'")


def _type_name(kind: Any) -> str:
    text = kind if type(kind) is str else java_text(kind)
    return text[:1].upper() + text[1:]


def _transient(info: dict[str, Any] | None, value: Any, kind: str) -> bool:
    if not info:
        return False
    transient = info.get("transient", False)
    if transient is not None and type(transient) is not bool:
        raise _inconvertible(value, kind)
    return bool(transient)


def _inconvertible(value: Any, kind: str) -> RestError:
    java_class = CONVERTERS[kind][1] if kind in CONVERTERS else "java.lang.Object"
    return invalid_request(f"Cannot convert value '{java_text(value)}' of type '{kind}' to java type {java_class}")


def _convert(kind: str, value: Any) -> Scalar:
    try:
        return CONVERTERS[kind][0](value)
    except Inconvertible:
        raise _inconvertible(value, kind) from None


def _read_untyped(value: Any, transient: bool) -> Value:
    if value is None:
        return NULL if not transient else Value("Null", None, None, True)
    kind = type(value)
    if kind is str:
        return Value("String", value, None, transient)
    if kind is bool:
        return Value("Boolean", value, None, transient)
    if kind is int:
        return _read_integer(value, transient)
    if kind is float:
        return Value("Double", value, None, transient)
    return _structure(value, "java.util.LinkedHashMap" if kind is dict else "java.util.ArrayList", transient)


def read_untyped(value: Any) -> Value:
    """Return a bare JSON value as the variable it would be (§3.2)."""
    return _read_untyped(value, False)


def _read_integer(value: int, transient: bool) -> Value:
    if -_INT <= value < _INT:
        return Value("Integer", value, None, transient)
    if -_LONG <= value < _LONG:
        return Value("Long", value, None, transient)
    return Value("Object", str(value), {"objectTypeName": "java.math.BigInteger", "serializationDataFormat": JSON_FORMAT}, transient)


def _structure(value: Any, java_class: str, transient: bool) -> Value:
    info = {"objectTypeName": java_class, "serializationDataFormat": JSON_FORMAT}
    return Value("Object", _encode(value).decode(), info, transient)


def _read_text(name: str, kind: str, value: Any, info: dict[str, Any], transient: bool) -> Value:
    if value is not None and type(value) is not str:
        raise invalid_request(f"Must provide 'null' or String value for value of SerializableValue type '{kind}'.")
    if kind != "Object":
        return Value(kind, value, None, transient)
    kept = _kept(info, _OBJECT_KEYS)
    if value is not None:
        _refuse_incomplete_object(name, value, kept, transient)
    return Value(kind, value, kept or None, transient)


def _kept(info: dict[str, Any], keys: tuple[str, ...]) -> dict[str, str]:
    return {key: info[key] if type(info[key]) is str else java_text(info[key]) for key in keys if info.get(key) is not None}


def _refuse_incomplete_object(name: str, value: str, info: Mapping[str, str], transient: bool) -> None:
    class_name, data_format = info.get("objectTypeName"), info.get("serializationDataFormat")
    if data_format is None:
        raise engine_error(
            "Cannot find serializer for value 'ObjectValue [value=null, isDeserialized=false, serializationDataFormat=null, "
            f"objectTypeName={java_text(class_name)}, serializedValue={len(value)} chars, isTransient={java_text(transient)}]'."
        )
    if class_name is None:
        raise engine_error(f"Cannot write serialized value for variable '{name}': no 'objectTypeName' provided for non-null value.")


def _read_file(value: Any, info: dict[str, Any] | None, transient: bool) -> Value:
    if info is None:
        raise RestError(500, "IllegalArgumentException", "Cannot create file without valueInfo.")
    if info.get("filename") is None:
        message = "Cannot create file without filename! Please set a name into ValueInfo with key filename"
        raise RestError(500, "IllegalArgumentException", message)
    if type(value) is not str:
        raise RestError(500, "IllegalArgumentException", "Provided value is not of File, InputStream or byte[] type.")
    return Value("File", lenient_base64(value), _kept(info, _FILE_KEYS), transient)


def write_variables(variables: Variables, deserialize: bool) -> dict[str, Any]:
    """Write a map of variables."""
    return {name: write_variable(value, deserialize) for name, value in variables.items()}


def write_variable(value: Value, deserialize: bool) -> dict[str, Any]:
    """Write one variable; `deserialize` shows an Object kept as JSON as a structure."""
    content: Any = value.content
    writer = _WRITERS.get(value.type)
    if writer is not None and content is not None:
        content = writer(value, deserialize)
    info: dict[str, Any] = dict(value.info) if value.info else {}
    if value.transient:
        info["transient"] = True
    return {"type": value.type, "value": content, "valueInfo": info}


def _write_double(value: Value, deserialize: bool) -> float | str:
    number = value.content
    assert isinstance(number, int | float)
    return float(number) if number - number == 0 else java_double(number)


def _write_date(value: Value, deserialize: bool) -> str:
    assert isinstance(value.content, int)
    return format_date(value.content)


def _write_bytes(value: Value, deserialize: bool) -> str:
    assert isinstance(value.content, bytes)
    return b64encode(value.content).decode()


def _write_file(value: Value, deserialize: bool) -> None:
    return None


def _write_object(value: Value, deserialize: bool) -> Any:
    if not deserialize or (value.info or {}).get("serializationDataFormat") != JSON_FORMAT:
        return value.content
    try:
        found = _decode(str(value.content))
    except (msgspec.DecodeError, RecursionError):
        # A text that is no JSON after all can only be shown as what it is.
        return value.content
    return value.content if is_too_deep(found) else found


_WRITERS: Mapping[str, Callable[[Value, bool], Any]] = {
    "Double": _write_double,
    "Date": _write_date,
    "Bytes": _write_bytes,
    "File": _write_file,
    "Object": _write_object,
}
