"""How EL turns one type into another, and how Java writes values as text."""

from __future__ import annotations

import re
from collections.abc import Callable

from domain.expressions.dates import java_date_text, joda_text
from domain.expressions.failures import Failure
from domain.expressions.java_numbers import double_text, saturated, wrap
from domain.expressions.objects import Character, Date, DateTime, Integer, LinkedMap, Short
from domain.expressions.spin_json import JsonNode
from domain.expressions.spin_xml import XmlElement
from domain.expressions.stored import StoredObject
from domain.values import Value

CLASSES: dict[type, str] = {
    bool: "java.lang.Boolean",
    int: "java.lang.Long",
    Integer: "java.lang.Integer",
    Short: "java.lang.Short",
    float: "java.lang.Double",
    str: "java.lang.String",
    bytes: "[B",
    list: "java.util.ArrayList",
    tuple: "[Ljava.lang.String;",
    dict: "java.util.TreeMap",
    LinkedMap: "java.util.LinkedHashMap",
}
LONG_TEXT = re.compile(r"[+-]?[0-9]+")
DOUBLE_TEXT = re.compile(r"\s*[+-]?(NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?\s*")
FRACTION = re.compile(r"[.eE]")


def java_class(value: object) -> str:
    """Return the name of the Java class that the object has in Camunda."""
    if isinstance(value, StoredObject):
        return (value.value.info or {}).get("objectTypeName") or "java.lang.Object"
    if isinstance(value, Value):
        return f"org.camunda.bpm.engine.variable.impl.value.PrimitiveTypeValueImpl${value.type}ValueImpl"
    return CLASSES.get(type(value)) or str(getattr(value, "java_class", "java.lang.Object"))


def _refused(value: object, wanted: str) -> Failure:
    if isinstance(value, str):
        return Failure(f"Cannot coerce '{value}' to class java.lang.{wanted}")
    return Failure(f"Cannot coerce from class {java_class(value)} to class java.lang.{wanted}")


def to_long(value: object) -> int:
    """Coerce to Long."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return saturated(value, 64) if isinstance(value, float) else int(value)
    if value is None or value == "":
        return 0
    if isinstance(value, str) and len(value) <= 20 and LONG_TEXT.fullmatch(value) and wrap(int(value)) == int(value):
        return int(value)
    if isinstance(value, Character):
        return ord(value.unit)
    raise _refused(value, "Long")


def to_double(value: object) -> float:
    """Coerce to Double."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if value is None or value == "":
        return 0.0
    if isinstance(value, str) and DOUBLE_TEXT.fullmatch(value):
        return float(value.strip().rstrip("fFdD") if value.strip()[-1] in "fFdD" else value)
    if isinstance(value, Character):
        return float(ord(value.unit))
    raise _refused(value, "Double")


def to_boolean(value: object) -> bool:
    """Coerce to Boolean."""
    if isinstance(value, bool):
        return value
    if value is None or isinstance(value, str):
        return value is not None and value.lower() == "true"
    raise _refused(value, "Boolean")


def is_fractional(value: object) -> bool:
    """Tell whether the operand makes arithmetic floating: a double, or a text that looks like one."""
    return isinstance(value, float) or (isinstance(value, str) and FRACTION.search(value) is not None)


def _list_text(value: list[object]) -> str:
    return f"[{', '.join(_inner_text(item) for item in value)}]"


def _map_text(value: dict[object, object]) -> str:
    return "{" + ", ".join(f"{_inner_text(key)}={_inner_text(item)}" for key, item in value.items()) + "}"


def _inner_text(value: object) -> str:
    return "null" if value is None else to_text(value)


def _array_text(value: object) -> str:
    raise Failure(f"Cannot coerce from class {java_class(value)} to class java.lang.String")


def _stored_text(value: StoredObject) -> str:
    content = value.content()
    return str(value.value.content or "") if content is value else to_text(content)


def _typed_text(value: Value) -> str:
    name = value.type[:1].lower() + value.type[1:]
    return f"Value '{value.content!s}' of type 'PrimitiveValueType[{name}]', isTransient={str(value.transient).lower()}"


def _integer_text(value: int) -> str:
    return str(int(value))


TEXTS: dict[type, Callable[..., str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: _integer_text,
    Integer: _integer_text,
    Short: _integer_text,
    float: double_text,
    list: _list_text,
    dict: _map_text,
    LinkedMap: _map_text,
    tuple: _array_text,
    bytes: _array_text,
    Date: lambda value: java_date_text(value.millis),
    DateTime: lambda value: joda_text(value.millis),
    Character: lambda value: "?" if "\ud800" <= value.unit <= "\udfff" else value.unit,
    JsonNode: JsonNode.text,
    XmlElement: XmlElement.text,
    StoredObject: _stored_text,
    Value: _typed_text,
}


def to_text(value: object) -> str:
    """Coerce to String: null gives nothing, everything else what Java's toString gives."""
    if value is None:
        return ""
    write = TEXTS.get(type(value))
    return write(value) if write else java_class(value)
